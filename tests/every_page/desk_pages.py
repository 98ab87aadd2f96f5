"""A provider's desk: logging in, the list and its notices, accounts, export and audit log, with and without errors."""

import re

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from renrakucho.lib.oidc.issuer_metadata import forget_issuers
from renrakucho.notice.models import Notice
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.provider.system_key import create_key
from renrakucho.provider.two_factor import enable_two_factor
from renrakucho.receipt.mover_actions import withdraw_notice
from tests.account.authenticator import Authenticator, with_passkey
from tests.account.sign_on_cast import SLUG, connected, invited, linked
from tests.bureau.cast import at_bureau
from tests.desk.cast import AKISHIMA, PASSWORD, YOKOSUKA, address, administrator, clerk, confidential, seated, sent
from tests.every_page.cast import LONG_HOME, LONG_NAME, Reader, ShownPage, with_query
from tests.forged_issuer import forged_issuer
from tests.receipt.cast import accept_notice, return_notice

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def desk_pages() -> list[ShownPage]:
    """The day of a clerk."""
    chief = administrator("chief", name="勅使河原 𠮷右衛門")
    reader = Reader("clerk", seated(chief))
    reader.look("/desk/")
    first, second, accepted, returned, withdrawn = (sent(answers=None, **LONG_NAME, **LONG_HOME) for _time in range(5))
    accept_notice(accepted, chief, "昭水-2026-0042")
    return_notice(returned, chief, "お客さま番号がちがいます。検針票の番号をお確かめください。")
    withdraw_notice(withdrawn)
    reader.look(
        "/desk/", "/desk/?tab=accepted", "/desk/?tab=returned", "/desk/?tab=withdrawn&since=2026-12-01", "/desk/?q=x"
    )
    for notice in (first, accepted, returned, withdrawn):
        reader.look(address("notice", notice.id))
    reader.send(address("accept", first.id), {"number": "長" * 200}, status=200)
    reader.send(address("return", first.id))
    both = with_query("/desk/several", ("id", str(first.id)), ("id", str(second.id)))
    reader.look(both)
    reader.send(both, {"do": "accept"}, status=200)
    endless = {"do": "accept", f"number-{first.id}": "長" * 40_000}  # too long to be kept for another page
    reader.send(both, endless, status=422)
    reader.look("/desk/take", with_query("/desk/take", ("id", str(first.id))))
    reader.client.post("/desk/take", {"what": "new", "as": "csv"})
    reader.look("/desk/take", "/desk/record", "/desk/record?day=x")
    hidden = confidential(**LONG_NAME)
    reader.look(address("notice", hidden.id))
    reader.send(address("unlock", hidden.id))
    reader.send(address("unlock", hidden.id), {"reason": "procedure"}, status=200)
    return reader.shown


def rise_pages() -> list[ShownPage]:
    """A quiet day, then many books that leave one home, held and looked at."""
    reader = Reader("clerk at a sudden rise", seated(clerk("rise-clerk", name="佐藤")))
    reader.look("/desk/rises")
    notices = [sent(answers=None, contact__email=f"a{at}@example.jp", **LONG_NAME) for at in range(3)]
    reader.look("/desk/", "/desk/rises")
    reader.client.post("/desk/rises/act", {"act": "hold", "rise": f"{AKISHIMA}|"})
    Notice.objects.filter(id__in=[each.id for each in notices]).update(status="entered", held_at=timezone.now())
    reader.look("/desk/", "/desk/rises")
    reader.send("/desk/rises/act", {"act": "refuse", "id": str(notices[0].id), "reason": ""})
    bureau = Reader("operator at a sudden rise", seated(at_bureau(login_id="rise-operator")))
    bureau.look("/bureau/", "/bureau/rises")
    return reader.shown + bureau.shown


def account_pages() -> list[ShownPage]:
    """Colleagues, invitations, a password and the second factor."""
    chief = administrator("chief-2", name="田中")
    reader = Reader("administrator", seated(chief))
    colleague = clerk("colleague", name="勅使河原 𠮷右衛門")
    create_key(AKISHIMA, "料金システム", may_read=True, may_answer=False)
    reader.look("/desk/staff", f"/desk/staff/{colleague.id}/", "/desk/me", "/desk/me/factor", "/desk/keys")
    reader.send("/desk/me/factor", {"code": "1"})
    reader.send("/desk/me/password", {"old_password": "x", "password": "1", "again": "2"})
    reader.client.post("/desk/staff/invite", {"role": StaffRole.CLERK, "note": "勅使河原さん"})
    reader.look("/desk/staff/link", "/desk/staff")
    reader.send("/desk/staff/invite", {"role": "king", "address": "x"}, status=200)
    reader.send("/desk/me/mail", {"address": "佐藤"})
    reader.send("/desk/me/mail", {"address": "sato@gmial.com", "mail_password": PASSWORD})
    reader.send("/desk/staff/invite", {"role": StaffRole.CLERK, "address": "sato@gmial.com"}, status=200)
    guarded = clerk("guarded", name="鈴木")
    enable_two_factor(guarded, SECRET, 0)
    careful = Reader("clerk with a second factor", seated(guarded))
    careful.look("/desk/me/factor")
    with_passkey(guarded, Authenticator(), "窓口2番のパソコン")
    own = f"/desk/me/passkeys/{guarded.passkeys.get().id}/"
    careful.look("/desk/me/passkeys", own)
    careful.send("/desk/me/passkeys", {"name": "", "old_password": "x"})
    careful.send(f"{own}remove", {"old_password": "x"})
    halfway = Reader("clerk after the password", Client())
    halfway.client.post("/desk/login", {"login_id": "guarded", "password": PASSWORD})
    halfway.look("/desk/code")
    halfway.send("/desk/code/passkey", {"answer": "x"})
    careful.send("/desk/me/recovery", {"old_password": "wrong"})
    careful.send("/desk/me/recovery", {"old_password": PASSWORD}, status=200)
    return reader.shown + careful.shown + halfway.shown + refused_pages() + halted_pages() + sign_on_pages()


def sign_on_pages() -> list[ShownPage]:
    """Single sign-on: the way to the issuer and back, joining by it, and what goes wrong."""
    outside, joining = Reader("clerk at the issuer"), Reader("new colleague at the issuer")
    with forged_issuer() as forged, connected(forged.address):
        chief = administrator("chief-3", name="田中")
        staff = linked(clerk("linked", name="勅使河原 𠮷右衛門"), forged.address)
        reader = Reader("administrator of single sign-on", seated(chief))
        reader.look("/desk/staff", f"/desk/staff/{staff.id}/")
        outside.look("/desk/login")
        outside.send(f"/desk/sso/{SLUG}", {}, status=200)
        outside.look(f"/desk/sso/{SLUG}/callback?state=x", status=422)
        joining.look(f"/desk/join/{invited()}")
        at_bureau = Reader("operator at the issuer")
        at_bureau.look("/bureau/login")
        at_bureau.send(f"/bureau/sso/{SLUG}", {}, status=200)
        at_bureau.look(f"/bureau/sso/{SLUG}/callback?state=x", status=422)
        reader.client.post("/desk/staff/require-sign-on", {"required": "yes"})
        reader.look("/desk/staff")
        Staff.objects.filter(id=staff.id).update(password=make_password(None))
        signed_on = Reader("clerk without a password", seated(Staff.objects.get(id=staff.id)))
        signed_on.look("/desk/me", "/desk/me/passkeys")
        forget_issuers()
        forged.status = 500
        outside.send(f"/desk/sso/{SLUG}", {}, status=503)
    return reader.shown + outside.shown + joining.shown + at_bureau.shown + signed_on.shown


def halted_pages() -> list[ShownPage]:
    """Whoever tried too often: the password, the code, the second factor, the login."""
    hasty = clerk("hasty", name="渡辺")
    reader = Reader("hasty clerk", seated(hasty))
    wrong = {"old_password": "x", "password": "1", "again": "2"}
    too_often(reader, "/desk/me/password", wrong, 5)
    too_often(reader, "/desk/me/factor", {"code": "1"}, 11)  # the first one only gets the page with its secret
    guarded = clerk("guarded-3", name="山本")
    enable_two_factor(guarded, SECRET, 0)
    outside = Reader("hasty clerk outside")
    outside.client.post("/desk/login", {"login_id": "guarded-3", "password": PASSWORD})
    too_often(outside, "/desk/code", {"code": "1"}, 5)
    too_often(outside, "/desk/login", {"login_id": "hasty", "password": "x"}, 10)
    return reader.shown + outside.shown


def too_often(reader: Reader, address: str, typed: dict[str, str], allowed: int) -> None:
    """Send a form as often as it is allowed, and look at the answer to the next one."""
    for _time in range(allowed):
        reader.client.post(address, typed)
    reader.send(address, typed, status=429)


def refused_pages() -> list[ShownPage]:
    """Whoever may not look at a page, and the way in."""
    outside = Reader("clerk outside")
    outside.look("/desk/login")
    outside.send("/desk/login", {"login_id": "nobody", "password": "x"})
    guarded = clerk("guarded-2", name="高橋")
    enable_two_factor(guarded, SECRET, 0)
    outside.send("/desk/login", {"login_id": "guarded-2", "password": PASSWORD}, status=200)
    outside.send("/desk/code", {"code": "1"})
    joining = Reader("new colleague")
    _invitation, token = create_invitation(AKISHIMA, StaffRole.CLERK, by=None)
    joining.look(f"/desk/join/{token}")
    joining.send(f"/desk/join/{token}", {"password": "1"})
    joining.look("/desk/join/x", status=404)
    reading = Reader("reader", seated(clerk("reading", provider=YOKOSUKA, name="伊藤", role=StaffRole.READER)))
    reading.look("/desk/")
    reading.look("/desk/take", status=403)
    return outside.shown + joining.shown + reading.shown


def secrets_on(page: ShownPage) -> list[str]:
    """What opens something, as far as it stands on the page: access key, invitation, second factor, return link."""
    shown = (
        r'class="access-key[^>]*>([^<]{7,})<',
        r"<code>([^<]*/join/[^<]+)</code>",
        r"<li><code>([^<]+)</code></li>",
        r'value="([^"]*/return/[^"]+)"',
        r"data:image/svg\+xml;base64,(\w+)",
    )
    return [text for pattern in shown for text in re.findall(pattern, page.html)]
