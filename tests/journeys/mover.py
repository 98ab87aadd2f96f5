"""A mover at the browser, who follows the pages."""

import json
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, ViewportSize

from sandbox.sites import find_form
from tests.sandbox.visitor import own_items
from tests.waiting import wait_until

PERSON = {
    "person.family_name": "髙﨑",
    "person.given_name": "太郎",
    "person.family_kana": "たかさき",
    "person.given_kana": "タロウ",
    "contact.phone": "０３−３５１５−６９８９",
    "origin.block": "5-6",
    "origin.building": "あいおい二番町ビル",
    "origin.room": "A-301",
    "destination.block": "1-2-3",
    "destination.building": "コーポ〜昭和",
    "destination.room": "203",
}
_CODE = re.compile(r"確認の番号\s+(\d{6})\b")
PHONE: ViewportSize = {"width": 390, "height": 844}
OFFERS = [
    "electricity:move:tepco-ep",
    "gas:stop:tokyo-gas",
    "gas:start:tokyo-gas",
    "water:stop:tokyo-waterworks",
    "water:start:akishima-water",
    "broadcasting:change:nhk",
]


def days_ahead(count: int) -> date:
    """Return the day in so many days, which should be far enough from every window's edge."""
    return date.today() + timedelta(days=count)  # noqa: DTZ011 - the hour does not matter


@dataclass
class Mover:
    """One household. others: items that differ from PERSON, or come to it."""

    page: Page
    portal: str
    email: str
    others: Mapping[str, str] = field(default_factory=dict)

    def apply(self, offers: list[str], leave_on: date, arrive_on: date, to: str = "１９６−００１５") -> str:
        """Go from the top page to the registered book. Returns the access key that the last page shows."""
        page = self.page
        page.goto(self.portal)
        page.get_by_label("どこから").fill("1020084")
        page.get_by_label("どこへ").fill(to)
        self.press("申込みをはじめる")  # both addresses are known: the providers come next
        self.choose(offers)
        self.press("次へ")
        self.enter_items(leave_on, arrive_on)
        self.press("登録する")
        self.enter_code()
        key = page.locator(".access-key").inner_text()
        assert re.fullmatch(r"(\w{4}-){5}\w{4}", key)
        return key

    def enter_code(self, label: str = "確認する") -> None:
        """Enter the code from the mail in the trial's letter box, and press the button."""
        self.field("mailbox_code").fill(self.mailed_code())
        self.press(label)

    def mailed_code(self) -> str:
        """The code of the newest mail to this mover; waits for it at most ten seconds."""
        letters = self.page.locator('a[href$="/mail"]').first.get_attribute("href")

        def newest() -> str:
            with urllib.request.urlopen(f"{letters}.json") as answer:
                texts = [letter["text"] for letter in json.load(answer) if self.email in letter["to"]]
            return next((found[1] for text in texts if (found := _CODE.search(text))), "")

        return wait_until(newest, 10, "no code")

    def choose(self, offers: list[str]) -> None:
        """Tick these offers on the page of the providers, and no others."""
        for tick in self.page.locator('input[name="chosen"]').all():
            wanted = tick.get_attribute("value") in offers
            if tick.is_checked() != wanted:
                self._unfold(tick)
                tick.set_checked(wanted)

    def _unfold(self, tick: Locator) -> None:
        """Open the folded part that a tick stands in."""
        if not tick.is_visible():
            tick.locator("xpath=ancestor::details[not(@open)]").first.locator("summary").first.click()

    def enter_items(self, leave_on: date, arrive_on: date) -> None:
        """Enter the common items (③)."""
        typed = {**PERSON, "contact.email": self.email, **self.others}
        for name, on in (("move.leave_on", leave_on), ("move.arrive_on", arrive_on)):
            typed |= {f"{name}_0": str(on.year), f"{name}_1": str(on.month), f"{name}_2": str(on.day)}
        if "holder.same" in typed:
            self.field("holder.same", typed.pop("holder.same")).check()
        for name, text in typed.items():
            self.field(name).fill(text)
        self.field("payment.final", "account").check()
        self.press("確認へ進む")

    def leaf(self, provider: str, procedure: str) -> Locator:
        """Return a notice of the book."""
        self.page.goto(f"{self.portal}/book/")
        leaves = self.page.locator(".leaf").filter(has=self.page.get_by_role("heading", name=provider, exact=True))
        return leaves.filter(has=self.page.locator(".leaf-procedure", has_text=procedure))

    def begin(self, provider: str, procedure: str) -> None:
        """Press the notice's button: 手続, 変更 or つづける."""
        button = self.leaf(provider, procedure).locator(".actions .button")
        with self.page.expect_navigation():
            button.click()

    def hand_over(self, scripts: bool) -> None:
        """Press 確認; without scripts, press the form's own button too."""
        self.press("確認して進む")
        if not scripts:
            self.page.locator("#carry .button").click()
        self.page.wait_for_url(lambda url: not url.startswith(self.portal))

    def finish_there(self, slug: str, procedure: str) -> str:
        """Finish on the provider's own site: its own items, 確認, 登録. Returns the receipt number that it shows."""
        found = find_form(slug, procedure)
        assert found
        for name, text in own_items(found[1]).items():
            if text:
                self.fill_there(name, text)
        self.press("確認")
        self.press("登録")
        return self.page.locator("td.receipt").inner_text().strip()

    def fill_there(self, name: str, text: str) -> None:
        """Fill in one field of the provider's form, of any kind."""
        fields = self.page.locator(f'[name="{name}"]')
        if fields.first.get_attribute("type") in ("radio", "checkbox"):
            self.page.locator(f'[name="{name}"][value="{text}"]').check()
        elif fields.first.locator("option").count():
            fields.first.select_option(text)
        else:
            fields.first.fill(text)

    def field(self, name: str, value: str = "") -> Locator:
        """Return a field by its name."""
        return self.page.locator(f'[name="{name}"]' + (f'[value="{value}"]' if value else ""))

    def press(self, label: str) -> None:
        """Press the button with this label, and wait for the next page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def words(self) -> str:
        """Return the text of the page."""
        return self.page.locator("body").inner_text()
