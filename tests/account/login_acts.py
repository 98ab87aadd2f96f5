"""Acts of logging in that leave an audit row: passkeys, each ready to be pressed."""

from collections.abc import Callable

from django.test import Client

from tests.account.authenticator import Authenticator, options_of, with_passkey
from tests.desk.cast import PASSWORD, clerk, seated

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


def wrong_passkey_act() -> Press:
    with_passkey(clerk(), Authenticator())
    browser = Client()
    browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    return posting(browser, "/desk/code/passkey", answer="{}")
