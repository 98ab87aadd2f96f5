"""Whoever may come to the portal, each with a browser, a key or a signature, and the objects that they ask for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from renrakucho.channel.relay.message_signing import sign_request
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mail.book_login import mail_key_links, request_key_link
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.calendar_feed import begin_feed, feed_code
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.provider.passkey import Passkey
from renrakucho.provider.staff import BUREAU, MAY, Staff, StaffPermission, StaffRole
from renrakucho.provider.staff_invitation import create_invitation
from renrakucho.provider.system_key import create_key
from renrakucho.receipt.mover_actions import enter_notice, hand_over_notice
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import AKISHIMA, WATER, YOKOSUKA, clerk, needed, seated
from tests.relay.cast import KANTO, SECRET
from tests.routes.access_table import Access, Guard

Headers = Callable[[str, bytes], Mapping[str, str]]


def _no_headers(path: str, body: bytes) -> Mapping[str, str]:
    return {}


@dataclass
class Visitor:
    """guard: what lets this one in. owns: whether the objects asked for are theirs. may: what the role permits.
    headers: of a request, from its path and body.
    """

    name: str
    guard: Guard
    owns: bool = True
    may: frozenset[StaffPermission] = frozenset(StaffPermission)
    client: Client = field(default_factory=Client)
    headers: Headers = _no_headers

    def request(self, method: str, path: str, typed: Mapping[str, str]) -> Any:
        """The answer to one request, which leaves this browser as it was."""
        browser = Client()
        browser.cookies = type(self.client.cookies)()
        browser.cookies.load({name: morsel.value for name, morsel in self.client.cookies.items()})
        body = BODIES.get(path.rpartition("/")[2], b"{}") if self.guard in (Guard.SYSTEM, Guard.PEER) else None
        headers = self.headers(path, body if body and method == "POST" else b"")
        if method == "GET":
            return browser.get(path, headers=headers)
        if body:
            return browser.generic(method, path, body, content_type="application/json", headers=headers)
        return browser.post(path, typed) if method == "POST" else browser.generic(method, path)

    def is_let_in(self, access: Access) -> bool:
        """Whether it is one of those whom this guard lets in, whatever its role may."""
        return access.guard in (Guard.OPEN, Guard.SECRET, self.guard)


@dataclass(frozen=True)
class Objects:
    """Values of the arguments in addresses, by «namespace:argument» or the argument alone."""

    values: Mapping[str, str | UUID | int]

    def of_the_other_realm(self) -> "Objects":
        """Accounts, invitations and passkeys of the bureau in the desk's addresses, and the other way round."""
        other = {"desk": "bureau", "bureau": "desk"}
        swapped = {
            f"{other[realm]}:{name}": value
            for key, value in self.values.items()
            for realm, colon, name in [key.partition(":")]
            if colon and realm in other
        }
        return Objects({**self.values, **swapped})

    def arguments(self, namespace: str, names: list[str]) -> dict[str, str | UUID | int]:
        """Raises KeyError with what to add, for an argument that is new."""
        found = {name: self.values.get(f"{namespace}:{name}", self.values.get(name)) for name in names}
        for name, value in found.items():
            if value is None:
                raise KeyError(f"give «{name}» of {namespace} a value in tests/routes/visitors.py")
        return {name: value for name, value in found.items() if value is not None}


WEB_FORM = "water:stop:tokyo-waterworks"
BODIES = {"accept": b'{"receipt_number": "A-1"}', "return": '{"reason": "番号がちがいます"}'.encode()}
PUBLIC: dict[str, str | UUID | int] = {
    "act": "pause",
    "issuer": "staff-id",
    "prefecture": "13",
    "industry": "water",
    "standard:name": "notice",
    "variant": "replacing",
    "provider": AKISHIMA,
    "opening_id": UUID(int=7),  # nobody has asked for one
    "batch_id": UUID(int=7),  # nobody has made one
    "procedure": "start",
    "version": 1,
}
NOBODYS: dict[str, str | UUID | int] = {
    "notice_id": UUID(int=7),
    "number": "0000-0000-0000",
    "code": "nothing",
    "ticket": "nothing",
    "token": "nothing",
    "staff_id": UUID(int=7),
    "invitation_id": UUID(int=7),
    "key_id": UUID(int=7),
    "passkey_id": UUID(int=7),
}


def mover() -> tuple[Visitor, Notice]:
    """A mover whose notice has reached 昭島市's desk."""
    book = cast.draft([WATER, WEB_FORM])
    key = cast.access_key_of(book)
    hand_over_notice(book.notices.get(offer=WEB_FORM))
    notice = book.notices.get(offer=WATER)
    keep_draft(notice, answers=needed(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    visitor = Visitor("mover", Guard.BOOK)
    assert visitor.client.post("/book/login", {"email": cast.EMAIL, "access_key": key}).status_code == 302
    return visitor, notice


def objects_of(notice: Notice) -> Objects:
    """The objects of the mover, of 昭島市's desk and of the bureau."""
    request_key_link(cast.EMAIL)
    mail_key_links()
    link = next(read_mail(mail)["text"] for mail in Mail.objects.all() if mail.kind == MailKind.KEY_LINK)
    found = re.search(r"/book/new-key/(\S+)", link)
    assert found
    web_form = frozen_form(notice.book.notices.get(offer=WEB_FORM))
    ticket = next(line.text for line in web_form.lines if "/return/" in line.text).rpartition("/")[2]
    values: dict[str, str | UUID | int] = {**PUBLIC, "ticket": ticket, "notice_id": notice.id, "number": notice.number}
    values |= {"book:token": found[1], "code": frozen_form(notice).way_back.rpartition("/")[2]}
    feed = begin_feed(notice.book, "ja")
    assert feed
    values["book:code"] = feed_code(feed)
    values["key_id"] = create_key(AKISHIMA, "CIS", may_read=True, may_answer=True)[0].id
    for realm, provider, role in (("desk", AKISHIMA, StaffRole.CLERK), ("bureau", BUREAU, StaffRole.WATCHER)):
        colleague = clerk(f"colleague-{realm}", provider=provider, role=role)
        invitation, token = create_invitation(provider, role, by=colleague)
        passkey = Passkey.objects.create(
            staff=colleague, credential=f"c-{realm}", public_key=b"k", uses=0, name="鍵", made_at=timezone.now()
        )
        values[f"{realm}:passkey_id"] = passkey.id
        values |= {f"{realm}:staff_id": colleague.id, f"{realm}:invitation_id": invitation.id, f"{realm}:token": token}
    return Objects(values)


def nobodys_objects() -> Objects:
    """What is not there."""
    return Objects({**PUBLIC, **NOBODYS})


def _at(name: str, guard: Guard, staff: Staff, owns: bool = True) -> Visitor:
    return Visitor(name, guard, owns, MAY[StaffRole(staff.role)], seated(staff))


def _system(name: str, provider: str, *, answer: bool, owns: bool = True) -> Visitor:
    key = create_key(provider, name, may_read=True, may_answer=answer)[1]
    may = {StaffPermission.READ, StaffPermission.ANSWER} if answer else {StaffPermission.READ}
    return Visitor(
        name, Guard.SYSTEM, owns, frozenset(may), headers=lambda _path, _body: {"Authorization": f"Bearer {key}"}
    )


VISITORS: dict[str, Callable[[], Visitor]] = {
    "anonymous": lambda: Visitor("anonymous", Guard.OPEN),
    "another mover": lambda: _of_another_book(),
    "reader": lambda: _at("reader", Guard.DESK, clerk("reader-1", role=StaffRole.READER)),
    "clerk": lambda: _at("clerk", Guard.DESK, clerk("clerk-1")),
    "administrator": lambda: _at("administrator", Guard.DESK, clerk("chief-1", role=StaffRole.ADMINISTRATOR)),
    "administrator elsewhere": lambda: _at(
        "administrator elsewhere",
        Guard.DESK,
        clerk("yokosuka-1", provider=YOKOSUKA, role=StaffRole.ADMINISTRATOR),
        owns=False,
    ),
    "watcher": lambda: _at("watcher", Guard.BUREAU, at_bureau(StaffRole.WATCHER)),
    "operator": lambda: _at("operator", Guard.BUREAU, at_bureau(StaffRole.OPERATOR)),
    "auditor": lambda: _at("auditor", Guard.BUREAU, at_bureau(StaffRole.AUDITOR)),
    "system": lambda: _system("system", AKISHIMA, answer=True),
    "system that only reads": lambda: _system("system that only reads", AKISHIMA, answer=False),
    "system elsewhere": lambda: _system("system elsewhere", YOKOSUKA, answer=True, owns=False),
    "peer": lambda: Visitor("peer", Guard.PEER, owns=False, headers=_signed),
}


def _signed(path: str, body: bytes) -> Mapping[str, str]:
    return sign_request(SECRET, KANTO, path, body, timezone.now())


def _of_another_book() -> Visitor:
    visitor, _notice = mover()
    visitor.owns = False
    return visitor
