"""Identity login of a mover: a provider that asks for it, an issuer that says it, a browser's way there and back."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client, override_settings

from renrakucho.lib.oidc.oidc_login import PendingLogin
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice
from tests import cast
from tests.forged_issuer import ForgedIssuer

ROOT = Path(__file__).parents[2]
SLUG = "card"
LABEL = "カードでログイン"
START = "water:start:akishima-water"
HOLDER = "高﨑　太郎"  # the contract holder of the cast, in another shape of a kanji and with a wide space
ADDRESS = "東京都千代田区二番町５番地６"
ANSWERS = {"next_payment": "口座振替"}
TABLE = """
[issuers.card]
name = "カードでログイン"
issuer = "{issuer}"
client_id = "portal"
secret = "a-secret-of-the-tests-and-long-enough"
allow = ["127.0.0.0/8"]
[issuers.card.movers]
name = {{claims = ["name"], scopes = ["name"]}}
address = {{claims = ["address"], scopes = ["address"]}}
"""


LEFT = """
[[blank]]
name = "left"
label = "いままでの住所"
say = "{origin.prefecture}{origin.municipality}{origin.town}{origin.block}"
"""


@contextmanager
def asking_provider(issuer: str, login: str = '["name"]') -> Iterator[None]:
    """The start of 昭島市's water asks for a login ("": for none), and says the address left where it is to be proved.
    issuer: connected for movers; "": none is.
    """
    folder = Path(mkdtemp())
    shutil.copytree(ROOT / "providers", folder / "providers")
    sheet = folder / "providers/akishima-water/start.toml"
    rule = f"[assurance]\nlogin = {login}\n\n" if login else ""
    text = sheet.read_text("utf-8").replace("[[blank]]", f"{rule}[[blank]]", 1)
    sheet.write_text(text + (LEFT if "address" in login else ""), "utf-8")
    connections = folder / "connections.toml"
    trial = (ROOT / "sandbox/connections.toml").read_text("utf-8").partition("[issuers.")[0]
    connections.write_text(trial + (TABLE.format(issuer=issuer) if issuer else ""), "utf-8")
    with override_settings(PROVIDERS=str(folder / "providers"), CONNECTIONS=str(connections)):
        yield


def opened_book(browser: Client, **items: str) -> Book:
    """A registered book with one notice for the provider that asks, open in this browser."""
    made = cast.draft([START], **items)
    access_key = cast.access_key_of(made)
    assert browser.post("/book/login", {"email": cast.EMAIL, "access_key": access_key}).status_code == 302
    return Book.objects.get(id=made.id)


def entered(book: Book) -> Notice:
    """The book's notice, confirmed by its mover."""
    notice = book.notices.get()
    keep_draft(notice, answers=ANSWERS)
    return enter_notice(notice)


def leave(browser: Client, forged: ForgedIssuer, **claims: Any) -> dict[str, str]:
    """Press the button. Returns the right answer of the issuer, which says these claims; `name` is the holder's unless
    it is given.
    """
    page = browser.post(f"/book/identity/{SLUG}")
    assert page.status_code == 200, page.content.decode()
    address = str(page["Refresh"]).removeprefix("0; url=")
    assert address in unescape(page.content.decode())
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["max_age"] == "0"
    pending = PendingLogin(SLUG, asked["state"], asked["nonce"], "", asked["redirect_uri"], 0)
    forged.token = lambda: forged.signed(forged.claims(pending, **{"name": HOLDER, **claims}))
    return {"code": "a-code", "state": asked["state"], "iss": forged.address, "scope_asked": asked["scope"]}


def come_back(browser: Client, answer: dict[str, str]) -> Any:
    """The page that the browser is led to with this answer."""
    return browser.get(f"/book/identity/{SLUG}/callback", answer, follow=True)


def logged_in(browser: Client, forged: ForgedIssuer, **claims: Any) -> Any:
    """A whole login; returns the page after it."""
    return come_back(browser, leave(browser, forged, **claims))
