"""Journeys of the ladder's movers, as a browser asks: every page and every post, redirects followed."""

import re
from datetime import date, timedelta

from benchmarks.burst import Browser
from benchmarks.ladder_installation import OFFERS, MailedCodes
from tests import cast

_ENTERED = ("person.", "contact.", "origin.", "destination.", "holder.same", "payment.", "billing.to")
_CHOICE = re.compile(r'<input type="radio" name="([^"]+)"[^>]* value="([^"]*)"')
_OWN = re.compile(r"/book/notices/[0-9a-f-]+/answers")


class CountingBrowser(Browser):
    """Keeps the last page, and counts the bytes of all."""

    page = ""
    size = 0

    def _once(self, method: str, address: str, fields: list[tuple[str, str]] | None) -> tuple[int, str, str]:
        status, place, self.page = super()._once(method, address, fields)
        self.size += len(self.page.encode())
        return status, place, self.page


def plain_journey(browser: CountingBrowser, mover: int) -> None:
    """Six requests of the plain application: three pages, three posts."""
    items = ("family_name", "given_name", "phone", "old_address", "new_address", "leave_on", "arrive_on")
    typed = [(name, f"{name} {mover}") for name in items]
    browser.ask("GET", "/")
    browser.ask("POST", "/", [("origin", "102-0084"), ("destination", "196-0015")])
    browser.ask("POST", "/items", [*typed, ("email", f"mover{mover}@example.jp")])
    browser.ask("POST", "/check", [])


def register(browser: CountingBrowser, mover: int) -> str:
    """From the top page to the registered book of twelve notices. Returns the mover's mail address."""
    email = f"ladder{mover}@example.jp"
    items = cast.items(contact__email=email, origin__block=f"{mover}-1", destination__block=f"{mover}-2")
    typed = [(name, text) for name, text in items.items() if name.startswith(_ENTERED)]
    for name in ("move.leave_on", "move.arrive_on"):
        on = date.fromisoformat(items[name]) + timedelta(days=2)
        typed += [(f"{name}_0", str(on.year)), (f"{name}_1", str(on.month)), (f"{name}_2", str(on.day))]
    bound = [("wishes", f"{name}:{end}") for name in ("electricity", "gas", "water") for end in ("leaving", "arriving")]
    others = [("wishes", name) for name in ("broadcasting", "credit_card", "insurance", "internet")]
    browser.ask("GET", "/")
    browser.ask("POST", "/", [("origin", "102-0084"), ("destination", "196-0015")])
    browser.ask("POST", "/apply/", [*bound, *others])
    browser.ask("POST", "/apply/addresses", [("origin-postal_code", "1020084"), ("destination-postal_code", "1960015")])
    browser.ask("POST", "/apply/providers", [("chosen", offer) for offer in OFFERS])
    browser.ask("POST", "/apply/items", typed)
    ended = browser.ask("POST", "/apply/check", [])
    assert ended == "/book/mailbox", f"{ended}: {_words(browser.page)}"
    return email


def complete(browser: CountingBrowser, mover: int, mails: MailedCodes) -> None:
    """Register, prove the mailbox, and enter all twelve notices, each with its own items."""
    email = register(browser, mover)
    ended = browser.ask("POST", "/book/mailbox", [("mailbox_code", mails.wait_for(email))])
    browser.ask("GET", "/book/")
    found = _OWN.search(browser.page)
    assert found, f"{ended}: {_words(browser.page)}"
    ended = browser.ask("GET", found[0])
    entered = 0
    while _OWN.fullmatch(ended.partition("?")[0]):
        own = dict(reversed(_CHOICE.findall(browser.page)))  # the first choice of each
        ended = browser.ask("POST", ended, list(own.items()))
        if ended.endswith("/check"):
            ended = browser.ask("POST", ended, [])
        entered += 1
    assert entered == len(OFFERS), f"{entered} entered, then {ended}: {_words(browser.page)}"
    browser.ask("GET", "/book/")


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[:600]
