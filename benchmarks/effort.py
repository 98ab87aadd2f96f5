"""Effort of a mover: pages, presses, fields and keys for one move, through the book and by hand.

usage: .venv/bin/python -m benchmarks.effort        (its own portal and sandbox; takes about half a minute)
A household moves within Tokyo and tells ten procedures of seven providers, all with web forms of the sandbox: once
from the portal's top page to the last stamp, once on each provider's own form (the book asks for stop and start on one
form where the provider has one). Both times the same person follows the pages: fills in what is empty, and presses the
one button. The counting:

* page: a document that is shown and waits for the person, the providers' pages included. A document that goes on by
  itself is counted as passed.
* press: a click or a tap: buttons, links, ticks, radio buttons; opening a folded part, and a choice in a list.
* field: a text field that is typed in, or a list that is chosen from. What stands there already is no effort.
* key: a character of the text, without the conversion to kanji. Finding each provider's site is not counted.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from renrakucho.lib.typed_date import likely_year
from sandbox.form import Form
from sandbox.sites import find_form
from tests.journeys.conftest import launched
from tests.journeys.house import House, running
from tests.journeys.input_method import type_by_input_method
from tests.journeys.mover import Mover
from tests.sandbox.visitor import day_values, own_items

FORMS = [
    ("tepco-ep", "stop"),
    ("tepco-ep", "start"),
    ("tokyo-gas", "stop"),
    ("tokyo-gas", "start"),
    ("tokyo-waterworks", "stop"),
    ("tokyo-waterworks", "start"),
    ("nhk", "change"),
    ("jcb", "change"),
    ("nicos", "change"),
    ("dc-card", "change"),
]
LEAVE_IN, ARRIVE_IN = 12, 11  # days
PERSON = {
    "origin": "1020084",
    "destination": "1500001",
    "person.family_name": "東京",
    "person.given_name": "太郎",
    "person.family_kana": "トウキョウ",
    "person.given_kana": "タロウ",
    "contact.phone": "03-1234-5678",
    "contact.email": "taro@example.jp",
    "origin.block": "5-6",
    "origin.building": "あいおい二番町ビル",
    "origin.room": "A棟301",
    "destination.block": "1-2-3",
    "destination.building": "コーポ昭和",
    "destination.room": "203",
    "payment.final": "account",
}
READINGS = {"東京": "とうきょう", "太郎": "たろう"}  # typed before the conversion to kanji
GOES_ON = "/carry"  # the page whose script presses its own button
MOST_PAGES = 150  # a way that leads nowhere
# Keystroke-level model (Card, Moran, Newell 1980) of the code: find and open the mail (2 pointings, 2 mental steps),
# read and come back (1 and 1), six keys, one press.
CODE_BY_HAND = 2 * (1.1 + 1.35) + (1.1 + 1.35) + 6 * 0.28 + 1.1


@dataclass
class Effort:
    """Counts of one way."""

    pages: int = 0
    presses: int = 0
    fields: int = 0
    keys: int = 0
    passed: int = 0


class Person:
    """A person at the browser: each act is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.effort = Effort()
        self.code_seconds = 0.0  # until the mail with the code was there
        page.on("framenavigated", lambda frame: self._pass(frame.url))

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.effort.pages += 1

    def press(self, target: Locator) -> None:
        """Press what leads to another page, and wait for it."""
        with self.page.expect_navigation():
            target.click()
        self.page.wait_for_url(lambda url: not _goes_on(url))
        self.effort.presses += 1
        self.effort.pages += 1

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill in each field of the page that is named here, as far as it does not say so already."""
        names = self.page.eval_on_selector_all("[name]", "all => [...new Set(all.map(one => one.name))]")
        for name in names:
            if name in values:
                self._answer(self.page.locator(f'[name="{name}"]'), values[name])

    def tick(self, name: str, wanted: Iterable[str]) -> None:
        """Bring the ticks of this name to those that are wanted."""
        values = set(wanted)
        for box in self.page.locator(f'[type="checkbox"][name="{name}"]').all():
            if box.is_checked() != (box.get_attribute("value") in values):
                self._click(box)

    def _answer(self, field: Locator, text: str) -> None:
        kind = field.first.evaluate("one => one.tagName == 'SELECT' ? 'select' : one.type")
        if kind == "hidden":
            return
        if kind in ("radio", "checkbox"):
            chosen = field.and_(self.page.locator(f'[value="{text}"]')).first
            if chosen.count() and not chosen.is_checked():
                self._click(chosen)
        elif text and field.first.input_value() != text and field.first.is_visible():
            if kind == "select":
                field.first.select_option(text)
                self.effort.presses += 1
            elif reading := READINGS.get(text):
                type_by_input_method(self.page, field.first, reading, text)
                self.effort.keys += len(text)
            else:
                field.first.fill(text)
                self.effort.keys += len(text)
            self.effort.fields += 1

    def _click(self, box: Locator) -> None:
        """Click a tick; open the folded part that it stands in."""
        if not box.is_visible():
            box.locator("xpath=ancestor::details[not(@open)]").first.locator("summary").first.click()
            self.effort.presses += 1
        box.click()
        self.effort.presses += 1

    def _pass(self, url: str) -> None:
        self.effort.passed += _goes_on(url)


def _goes_on(url: str) -> bool:
    return urlsplit(url).path.endswith(GOES_ON)


def by_hand(person: Person, house: House) -> None:
    """Fill in each of the forms on its provider's site."""
    for slug, procedure in FORMS:
        person.open(f"{house.sandbox}/{slug}/{procedure}")
        person.fill(_values_of(_form(slug, procedure)))
        person.press(person.page.get_by_role("button", name="確認"))
        person.press(person.page.get_by_role("button", name="登録"))


def through_the_book(person: Person, house: House) -> None:
    """Follow the pages from the top page to the book in which nothing is left to do, and every notice has its stamp."""
    page = person.page
    person.open(house.portal)
    while person.effort.pages < MOST_PAGES:
        if page.url.startswith(house.portal):
            if page.locator('[name="mailbox_code"]').count():
                asked_at = time.monotonic()
                person.fill({"mailbox_code": Mover(page, house.portal, PERSON["contact.email"]).mailed_code()})
                person.code_seconds = time.monotonic() - asked_at
            person.fill(_typed())
            person.tick("chosen", _offers(page))
            button = _next_button(page)
        else:
            slug, procedure = urlsplit(page.url).path.split("/")[1:3]
            person.fill(own_items(_form(slug, procedure)))
            button = _there(page)
        if button is None:
            break
        person.press(button)
    notices, stamps = page.locator(".leaf").count(), page.locator(".leaf svg.stamp").count()
    assert notices == stamps > 0, f"{stamps} stamps for {notices} notices: {page.url}"


def _there(page: Page) -> Locator:
    """Find the button that leads on at the provider's site: 確認, then 登録, then the way back."""
    ways = [page.get_by_role("button", name=word, exact=True) for word in ("確認", "登録")]
    return next((way for way in ways if way.count()), page.get_by_role("link", name="引越れんらく帳へ戻る", exact=True))


def _next_button(page: Page) -> Locator | None:
    """The first button of the page; the way back to the book where it has none; none where the book has none."""
    button = page.locator("main .button:not(.quiet):visible").first
    if button.count():
        return button
    back = page.locator("main a.back:visible").first
    return back if back.count() else None


def _form(slug: str, procedure: str) -> Form:
    found = find_form(slug, procedure)
    assert found, f"{slug} {procedure}"
    return found[1]


def _day(end: int) -> date:
    return date.today() + timedelta(days=end)  # noqa: DTZ011 - the hour does not matter


def _values_of(form: Form) -> dict[str, str]:
    """Everything that the form takes, by the examples in FORMS.md."""
    on = _day(ARRIVE_IN if form.procedure == "start" else LEAVE_IN)
    return {blank.name: blank.example for blank in form.blanks} | day_values(form, on)


def _typed() -> dict[str, str]:
    typed = dict(PERSON)
    for name, end in (("move.leave_on", LEAVE_IN), ("move.arrive_on", ARRIVE_IN)):
        on = _day(end)
        typed |= {f"{name}_0": str(on.year), f"{name}_1": str(on.month), f"{name}_2": str(on.day)}
    return typed


def effort_of_days() -> Effort:
    """Fields and keys of the move's two days: how many digits they have, and whether a year is typed, varies."""
    year = str(likely_year(date.today()))  # noqa: DTZ011 - the hour does not matter
    parts = [text for name, text in _typed().items() if name.startswith("move.") and (name[-1], text) != ("0", year)]
    return Effort(fields=len(parts), keys=sum(map(len, parts)))


def _offers(page: Page) -> list[str]:
    """The offers of the page that are among the forms; one for both procedures goes before those for one each."""
    offered = [str(box.get_attribute("value")) for box in page.locator('[name="chosen"]').all()]
    wanted = [key for key in offered if any(key.endswith(f":{procedure}:{slug}") for slug, procedure in FORMS)]
    slugs = {slug for slug, _procedure in FORMS}
    both = [key for key in offered if ":move:" in key and key.rpartition(":")[2] in slugs]
    told = {(key.split(":")[0], key.rpartition(":")[2]) for key in both}
    return both + [key for key in wanted if (key.split(":")[0], key.rpartition(":")[2]) not in told]


def measure(browser: Browser, house: House, way: Callable[[Person, House], None]) -> Effort:
    """Play one way; return what it took."""
    return play_way(browser, house, way).effort


def play_way(browser: Browser, house: House, way: Callable[[Person, House], None]) -> Person:
    """Play one way; return the person, with what was counted."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    context.set_default_timeout(15_000)
    person = Person(context.new_page())
    way(person, house)
    context.close()
    return person


def main() -> None:
    """Start a portal and a sandbox of its own, measure, and print."""
    with tempfile.TemporaryDirectory() as var, running(Path(var)) as house, sync_playwright() as driver:
        browser = launched(driver)
        persons = {name: play_way(browser, house, way) for name, way in WAYS.items()}
        browser.close()
    print(f"{'':20}" + "".join(f"{field.name:>9}" for field in fields(Effort)))
    for name, person in persons.items():
        print(f"{name:20}" + "".join(f"{count:9}" for count in astuple(person.effort)))
    waited = persons["through the book"].code_seconds
    print(f"the mailed code: there after {waited:.1f} s, and some {CODE_BY_HAND:.0f} s to look up and type")


WAYS = {"through the book": through_the_book, "by hand": by_hand}

if __name__ == "__main__":
    main()
