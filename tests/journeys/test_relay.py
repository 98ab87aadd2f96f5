"""Relay: a notice is entered at one portal and accepted at a desk of another; its number comes back."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.clerk import Clerk
from tests.journeys.house import ROOT, House, running
from tests.journeys.mover import Mover, days_ahead
from tests.ports import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KANSAI = "関西引越し手続きサービス（お試し）"
START = "water:start:kansai:osaka-water"
OFFERS = ["electricity:stop:tepco-ep", "water:stop:tokyo-waterworks", START, "broadcasting:change:nhk"]


@dataclass(frozen=True)
class Two:
    """関東, where the mover is, and 関西, where 大阪市水道局 has its desk: two installations with nothing in common."""

    kanto: House
    kansai: House


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, directory_database: Path) -> Iterator[Two]:
    ports = {"8000": str(free_port()), "8300": str(free_port())}
    vars_ = {name: tmp_path_factory.mktemp(name) for name in ("kanto", "kansai")}
    files = {
        "kanto": [ROOT / "sandbox/connections.toml", ROOT / "sandbox/relay/kanto.toml"],
        "kansai": [ROOT / "sandbox/relay/kansai.toml"],
    }
    for name, paths in files.items():
        text = "".join(path.read_text("utf-8") for path in paths)
        for written, free in ports.items():
            text = text.replace(f"localhost:{written}", f"localhost:{free}")
        (vars_[name] / "connections.toml").write_text(text, "utf-8")
    with ExitStack() as both:
        kansai = both.enter_context(
            running(
                vars_["kansai"],
                port=int(ports["8300"]),
                database=directory_database,
                RENRAKUCHO_CONNECTIONS=str(vars_["kansai"] / "connections.toml"),
                RENRAKUCHO_PROVIDERS=str(ROOT / "sandbox/relay/providers"),
                RENRAKUCHO_PORTAL_NAME="関西引越し手続きサービス",
            )
        )
        kanto = both.enter_context(
            running(
                vars_["kanto"],
                port=int(ports["8000"]),
                database=directory_database,
                RENRAKUCHO_CONNECTIONS=str(vars_["kanto"] / "connections.toml"),
            )
        )
        yield Two(kanto, kansai)


@pytest.fixture
def mover(two: Two, browser: Browser) -> Iterator[Mover]:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="ja-JP")
    phone.set_default_timeout(15_000)
    yield Mover(phone.new_page(), two.kanto.portal, "osaka@example.jp")
    phone.close()


@pytest.fixture
def clerk(two: Two, browser: Browser) -> Iterator[Clerk]:
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    desk.set_default_timeout(15_000)
    made = Clerk(desk.new_page(), two.kansai.portal)
    made.log_in(*two.kansai.login("osaka-water"))
    yield made
    desk.close()


def test_a_household_moves_from_tokyo_to_osaka(two: Two, mover: Mover, clerk: Clerk) -> None:
    mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11), to="5300001")
    mover.begin("大阪市水道局", "開始")
    mover.page.locator('[name="payment"]').first.check()
    mover.field("notes").fill("メーターは玄関の右です")
    assert f"{KANSAI}が受け取り" in mover.words()
    mover.press("確認して送る")

    open_the_first(clerk)
    desk = clerk.page.locator("body").inner_text()
    assert "髙﨑" in desk
    assert "メーターは玄関の右です" in desk
    clerk.accept("大水-2026-0017")

    assert "大水-2026-0017" in acceptance_mail(two.kanto, mover.email)
    leaf = mover.leaf("大阪市水道局", "開始")
    expect(leaf.locator("svg.stamp")).to_have_count(1)
    leaf.get_by_role("link", name="くわしく").click()
    story = mover.page.locator("ol.history").inner_text()
    assert "事業者が受理しました" in story
    assert "大水-2026-0017" in story
    assert f"{KANSAI}からの知らせ" in story
    assert "の記録）" in story
    assert two.kansai.mails(mover.email, "", count=0) == []


def open_the_first(clerk: Clerk) -> None:
    """Open the first notice on the desk; look again for at most half a minute until there is one."""
    row = clerk.page.locator("[data-row]")
    for _look in range(60):
        clerk.page.goto(f"{clerk.portal}/desk/")
        if row.count():
            break
        clerk.page.wait_for_timeout(500)
    row.first.click()


def acceptance_mail(house: House, to: str) -> str:
    """Wait at most a minute for the 受理確認メール: the portal polls every ten or thirty seconds."""
    return next(text for _wait in range(6) for text in house.mails(to, "受理"))
