"""Pages are light and ask nothing of other sites; typed data is in no URL, log or file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Request

from tests.journeys import mover as cast
from tests.journeys.house import House
from tests.journeys.mover import OFFERS, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEAVIEST = 40_000  # bytes, with style and script, as they travel
OPEN_PAGES = [
    "/",
    "/apply/",
    "/book/login",
    "/desk/login",
    "/desk/join/x",
    "/search",
    "/search?postal_code=1960015",
    "/links",
]
OPEN_PAGES += ["/standard/", "/standard/en", "/standard/v1/facts", "/standard/v1/sheet/en", "/standard/v1/notice"]
OPEN_PAGES += [
    "/a",
    "/a/k7m2p9qx4d",
    "/search/towns?q=atago",
    "/search/map",
    "/search/map/13/water",
    "/search?postal_code=123",
    "/search/link",
    "/search/about",
    "/search/contract",
]
OPEN_PAGES += ["/nowhere"]
APPLY_PAGES = ["/apply/", "/apply/addresses", "/apply/providers", "/apply/items", "/apply/check"]


@dataclass
class Watched:
    """The URLs that a browser requested, and the errors of its console."""

    context: BrowserContext
    urls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    context.set_default_timeout(15_000)
    made = Watched(context)
    context.on("request", lambda asked: made.urls.append(asked.url))
    context.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
    yield made
    context.close()


def test_pages_ask_nothing_of_other_sites_and_the_console_is_silent(watched: Watched, house: House) -> None:
    page = watched.context.new_page()
    mover = Mover(page, house.portal, f"{uuid4().hex[:12]}@example.jp")
    mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    pages = [house.portal + address for address in [*OPEN_PAGES, "/book/", "/book/registered", *APPLY_PAGES]]
    for provider, procedure in (("東京都水道局", "停止"), ("昭島市水道部", "開始")):
        mover.begin(provider, procedure)
        one = page.url.rsplit("/", 1)[0]
        pages += [page.url, f"{one}/", f"{one}/withdraw"]
    for address in pages:
        page.goto(address)
    assert not [url for url in watched.urls if not url.startswith((house.portal, house.sandbox, "data:"))]
    assert [words for words in watched.complaints if "status of 4" not in words] == []  # not found, wrongly asked


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_no_page_is_heavy(browser: Browser, house: House, address: str) -> None:
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))  # Playwright needs a function of its own
    page.goto(house.portal + address, wait_until="networkidle")
    weight = sum(each.sizes()["responseBodySize"] for each in asked)
    kept = {each.url: (each.response() or pytest.fail(each.url)).header_value("cache-control") for each in asked}
    context.close()
    assert 0 < weight < HEAVIEST
    assert {control for url, control in kept.items() if "/static/" in url} == {"max-age=31536000, public, immutable"}


def test_typed_data_is_in_no_url_log_or_file(browser: Browser, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = f"小鳥{uuid4().hex[:8]}"
    for name in ("person.family_name", "origin.building", "destination.room", "destination.building"):
        monkeypatch.setitem(cast.PERSON, name, canary)
    email = f"{uuid4().hex[:12]}@example.jp"
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    urls: list[str] = []
    context.on("request", lambda asked: urls.append(f"{asked.url} {asked.headers.get('referer', '')}"))
    page = context.new_page()
    mover = Mover(page, house.portal, email)
    access_key = mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    mover.begin("昭島市水道部", "開始")
    page.locator('[name="next_payment"]').first.check()
    assert canary in mover.words()  # the control: the search below would find it here
    mover.press("確認して送る")
    assert access_key in house.mails(email, "アクセスキー")[0]
    assert not [url for url in urls if canary in url or email in url or access_key in url]
    secrets = [text.encode() for text in (canary, email, access_key, access_key.replace("-", ""))]
    kept = [path for path in house.var.iterdir() if path.is_file()]
    assert {path.name for path in kept} >= {"run.log", "renrakucho.sqlite3"}
    for path in kept:  # the database with its write-ahead log, the log, the keys
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name
    context.close()
