"""Identity logins in a real browser, at a real OpenID provider: a mover whose provider asks for one, and a clerk.

Nothing is forged here: the portal runs as always, and the OpenID provider is a process of its own.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from bootstrap.npm_packages import provide_npm_packages
from tests.journeys.bureau import invitation_from_command_line
from tests.journeys.clerk import Clerk
from tests.journeys.house import ROOT, House, running
from tests.journeys.mover import PHONE, Mover, days_ahead
from tests.openid_provider import CLIENT, SECRET, running_provider
from tests.ports import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WATER, STOP = "water:start:akishima-water", "water:stop:tokyo-waterworks"
OFFICE, LOGIN = "昭島市水道部", "カードでログイン（試験）"
ISSUER = """
[issuers.card]
name = "{name}"
issuer = "{issuer}"
client_id = "{client}"
secret = "{secret}"
allow = ["127.0.0.0/8"]
desks = ["akishima-water"]
factor_amr = ["otp"]
[issuers.card.movers]
name = {{claims = ["name"], scopes = ["name"]}}
"""


@dataclass(frozen=True)
class Connected:
    """A service whose provider of water asks for a login, and the OpenID provider that gives it."""

    house: House
    issuer: str


@pytest.fixture(scope="module")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    assert provide_npm_packages() == []
    var, port = tmp_path_factory.mktemp("var"), free_port()
    back = [f"http://localhost:{port}/{path}/card/callback" for path in ("book/identity", "desk/sso")]
    shutil.copytree(ROOT / "providers", var / "providers")
    sheet = var / "providers/akishima-water/start.toml"
    text = sheet.read_text("utf-8").replace("[[blank]]", '[assurance]\nlogin = ["name"]\n\n[[blank]]', 1)
    sheet.write_text(text, "utf-8")
    with ExitStack() as both:
        issuer = both.enter_context(running_provider(tmp_path_factory.mktemp("issuer"), back))
        trial = (ROOT / "sandbox/connections.toml").read_text("utf-8")
        table = ISSUER.format(name=LOGIN, issuer=issuer, client=CLIENT, secret=SECRET)
        (var / "connections.toml").write_text(trial + table, "utf-8")
        service = running(
            var,
            port=port,
            RENRAKUCHO_PROVIDERS=str(var / "providers"),
            RENRAKUCHO_CONNECTIONS=str(var / "connections.toml"),
        )
        yield Connected(both.enter_context(service), issuer)


@pytest.fixture
def mover(connected: Connected, browser: Browser) -> Iterator[Mover]:
    """A mover without scripts, as pages have to work."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="ja-JP")
    context.set_default_timeout(15_000)
    yield Mover(context.new_page(), connected.house.portal, f"{uuid4().hex[:12]}@example.jp")
    context.close()


def send(mover: Mover) -> None:
    """Apply, and confirm the notice: it waits for the login."""
    mover.apply([WATER, STOP], leave_on=days_ahead(12), arrive_on=days_ahead(11))
    mover.begin(OFFICE, "開始")
    assert "送ったあと、ログインで確かめるまでお預かりします" in mover.words()
    mover.page.locator('[name="next_payment"]').first.check()
    mover.press("確認して送る")
    mover.leaf(OFFICE, "開始").get_by_role("link", name="くわしく").click()
    expect(mover.page.get_by_text("本人確認のログインを待っています")).to_be_visible()


def log_in(page: Page, account: str, *, factor: bool = False, button: str = "Log in") -> None:
    """Press the login's button, and log in at the OpenID provider."""
    page.get_by_role("button", name=LOGIN).first.click()
    at_issuer(page, account, factor=factor, button=button)


def at_issuer(page: Page, account: str, *, factor: bool = False, button: str = "Log in") -> None:
    page.get_by_label("Account").fill(account)
    if factor:
        page.get_by_label("second factor").check()
    page.get_by_role("button", name=button).click()


def test_a_mover_proves_who_they_are_and_the_desk_reads_it(
    connected: Connected, mover: Mover, browser: Browser
) -> None:
    send(mover)
    page = mover.page
    number = "".join(filter(str.isdigit, mover.leaf(OFFICE, "開始").get_attribute("id") or ""))
    page.go_back()
    page.get_by_role("link", name="本人確認のログインへ進む").click()
    expect(page.get_by_role("heading", name="本人確認のログイン")).to_be_visible()

    log_in(page, "mover-2", button="Cancel")
    expect(page.get_by_text("ログインを取りやめました")).to_be_visible()
    log_in(page, "sato-1")
    expect(page.get_by_text("ご契約者のお名前は、登録した内容と合いませんでした。")).to_be_visible()
    assert "佐藤" not in mover.words()

    page.context.clear_cookies(domain="127.0.0.1")  # the OpenID provider's: it would first end the other's session
    page.get_by_role("button", name=LOGIN).first.click()
    replayed: list[str] = []
    page.on("request", lambda request: replayed.append(request.url) if "/callback?" in request.url else None)
    page.get_by_label("Account").fill("mover-2")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("ご契約者のお名前は、登録した内容と合いました。")).to_be_visible()
    page.goto(replayed[-1])
    expect(page.get_by_text("もう使われたか")).to_be_visible()
    expect(page.get_by_text(LOGIN).first).to_be_visible()  # the proof stands

    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    clerk = Clerk(context.new_page(), connected.house.portal)
    clerk.log_in(*connected.house.login("akishima-water"))
    clerk.open("-".join(number[at : at + 4] for at in (0, 4, 8)))
    expect(clerk.page.get_by_text("入力とログインの内容が合いました: ご契約者のお名前")).to_be_visible()
    context.close()


def test_an_issuer_that_is_down_leaves_the_telephone(mover: Mover, connected: Connected) -> None:
    send(mover)
    page = mover.page

    def nobody_there(route: Route) -> None:
        route.abort("connectionrefused")

    page.route(lambda url: url.startswith(connected.issuer), nobody_there)
    page.goto(f"{mover.portal}/book/identity")
    expect(page.get_by_text("ログインを使わないときは、お電話で手続できます。")).to_be_visible()
    # The browser comes back from somewhere else with a code that the issuer never gave.
    page.goto(f"{mover.portal}/book/identity/card/callback?code=made-up&state=made-up")
    expect(page.get_by_text("別の画面で始めたログインです")).to_be_visible()


def test_a_clerk_joins_and_logs_in_by_single_sign_on(connected: Connected, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(invitation_from_command_line(connected.house, "--provider", "akishima-water", noun="staff"))
    page.locator('[name="name"]').fill("佐藤")
    page.locator('[name="login_id"]').fill(f"sato-{uuid4().hex[:6]}")
    page.get_by_role("button", name=f"「{LOGIN}」でログインするようにする").click()
    at_issuer(page, "sato-1", factor=True)
    page.wait_for_url(f"{connected.house.portal}/desk/**")
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{connected.house.portal}/desk/login")
    page.get_by_role("button", name=LOGIN).click()  # the OpenID provider still knows this browser
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible()
    context.close()

    stranger = browser.new_context(locale="ja-JP").new_page()
    stranger.goto(f"{connected.house.portal}/desk/login")
    log_in(stranger, "mover-1", factor=True)
    expect(stranger.get_by_text("つながっていません")).to_be_visible()
    assert urlsplit(stranger.url).path.endswith("/callback")
