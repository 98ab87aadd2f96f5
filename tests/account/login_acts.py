"""Acts of logging in that leave an audit row: passkeys, each ready to be pressed."""

from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.test import Client

from renrakucho.lib.oidc.oidc_login import VerifiedLogin
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.single_sign_on import (
    SignOnTaken,
    end_sessions_of_subject,
    join_by_sign_on,
    require_sign_on,
)
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_invitation import NoInvitation, create_password_renewal
from tests.account.authenticator import Authenticator, options_of, with_passkey
from tests.account.sign_on_cast import linked
from tests.desk.cast import PASSWORD, administrator, clerk, seated

Press = Callable[[], object]


def posting(browser: Client, path: str, **typed: str) -> Press:
    """A press of a form's button; what the server raises becomes its answer."""
    browser.raise_request_exception = False
    return lambda: browser.post(path, typed)


def new_passkey_act() -> Press:
    browser, page = seated(clerk()), "/desk/me/passkeys"
    answer = Authenticator().make(options_of(browser.get(page)))
    return posting(browser, page, name="窓口2番", old_password=PASSWORD, answer=answer)


def remove_passkey_act() -> Press:
    staff = with_passkey(clerk(), Authenticator())
    path = f"/desk/me/passkeys/{staff.passkeys.get().id}/remove"
    return posting(seated(staff), path, old_password=PASSWORD)


LINKED = "https://login.example"


def link_act() -> Press:
    login, invitation = (
        VerifiedLogin(LINKED, "sato-1", has_factor=False),
        create_password_renewal(clerk(), by=chief())[0],
    )
    return trying(lambda: join_by_sign_on(invitation, login, login_id="", name=""))


def unlink_act() -> Press:
    staff = linked(clerk(), LINKED)
    return posting(seated(chief()), f"/desk/staff/{staff.id}/unlink")


def issuer_logout_act() -> Press:
    linked(clerk(), LINKED)
    return trying(lambda: end_sessions_of_subject(LINKED, "sato-1"))


def require_sign_on_act() -> Press:
    return posting(seated(chief()), "/desk/staff/require-sign-on", required="yes")


def optional_sign_on_act() -> Press:
    by = chief()
    require_sign_on(True, by=by)
    return posting(seated(by), "/desk/staff/require-sign-on", required="no")


def trying(act: Callable[[], object]) -> Press:
    """The act; what the database or a rule refuses is no error of it."""

    def press() -> None:
        with suppress(DatabaseError, NoInvitation, SignOnTaken):
            act()

    return press


def chief() -> Staff:
    return administrator("chief-of-sign-on")


def wrong_passkey_act() -> Press:
    with_passkey(clerk(), Authenticator())
    browser = Client()
    browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    return posting(browser, "/desk/code/passkey", answer="{}")


# As ACTS of tests/desk/test_audit_atomicity.py: the act, its row, and how many of them three presses leave.
LOGIN_ACTS: list[tuple[Callable[[], Press], AuditAction, int]] = [
    (new_passkey_act, AuditAction.PASSKEY_ADDED, 1),
    (remove_passkey_act, AuditAction.PASSKEY_REMOVED, 1),
    (wrong_passkey_act, AuditAction.PASSKEY_REFUSED, 3),
    (link_act, AuditAction.SIGN_ON_LINKED, 1),
    (unlink_act, AuditAction.SIGN_ON_UNLINKED, 1),
    (issuer_logout_act, AuditAction.SIGN_ON_ENDED, 3),
    (require_sign_on_act, AuditAction.SIGN_ON_REQUIRED, 1),
    (optional_sign_on_act, AuditAction.SIGN_ON_OPTIONAL, 1),
]
