"""Single sign-on at desk and bureau: connections with an issuer, linked people, and a browser's way."""

from contextlib import AbstractContextManager
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client, override_settings

from renrakucho.lib.oidc.oidc_login import PendingLogin, VerifiedLogin
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.single_sign_on import join_by_sign_on
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.provider.staff_invitation import create_invitation, create_password_renewal
from tests.desk.cast import AKISHIMA
from tests.forged_issuer import ForgedIssuer

ROOT = Path(__file__).parents[2]
SLUG = "staff-id"
TABLE = """
[issuers.{slug}]
name = "水道局の職員ログイン"
issuer = "{issuer}"
client_id = "portal"
secret = "a-secret-of-the-tests-and-long-enough"
desks = {desks}
bureau = true
factor_amr = ["otp"]
allow = ["127.0.0.0/8"]
"""


def connected(issuer: str, *more: str, desks: str = f'["{AKISHIMA}"]') -> AbstractContextManager[Any]:
    """The trial's connections, with this issuer. more: other tables."""
    path = Path(mkdtemp()) / "connections.toml"
    trial = (ROOT / "sandbox/connections.toml").read_text("utf-8")
    path.write_text(trial + TABLE.format(slug=SLUG, issuer=issuer, desks=desks) + "".join(more), "utf-8")
    return override_settings(CONNECTIONS=str(path))


def linked(staff: Staff, issuer: str, subject: str = "sato-1") -> Staff:
    """The person, whose account this login opens."""
    invitation, _token = create_password_renewal(staff, by=staff)
    return join_by_sign_on(invitation, VerifiedLogin(issuer, subject, has_factor=False), login_id="", name="")


def invited(role: str = StaffRole.CLERK, provider: str = AKISHIMA) -> str:
    """The secret of a new invitation's link."""
    return create_invitation(provider, role, by=None)[1]


def leave(browser: Client, forged: ForgedIssuer, path: str = f"/desk/sso/{SLUG}", **typed: str) -> dict[str, str]:
    """Press the button. Returns the right answer of the issuer, whose token endpoint is ready for it."""
    page = browser.post(path, typed)
    asked = dict(parse_qsl(urlsplit(address_of(page)).query))
    pending = PendingLogin(SLUG, asked["state"], asked["nonce"], "", asked["redirect_uri"], 0)
    forged.token = lambda: forged.signed(forged.claims(pending))
    return {"code": "a-code", "state": asked["state"], "iss": forged.address}


def address_of(page: Any) -> str:
    """Where the page leads on to."""
    assert page.status_code == 200, page.content.decode()
    address = str(page["Refresh"]).removeprefix("0; url=")
    assert address in unescape(page.content.decode())
    return address


def come_back(browser: Client, answer: dict[str, str], realm: str = "desk", slug: str = SLUG) -> Any:
    """The browser, led back with this answer."""
    return browser.get(f"/{realm}/sso/{slug}/callback", answer)


def is_in(browser: Client, page: str = "/desk/me") -> bool:
    """Whether somebody is logged in."""
    return browser.get(page).status_code == 200


def deeds() -> list[str]:
    """The rows of the audit log, the oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("deed", flat=True))


def signed_on(forged: ForgedIssuer, **typed: str) -> tuple[Client, Any]:
    """A fresh browser after a login at the issuer, and the portal's answer."""
    browser = Client()
    return browser, come_back(browser, leave(browser, forged, **typed))
