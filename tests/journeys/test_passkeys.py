"""Passkeys in a real browser, at the desk and the bureau, with Chromium's own virtual authenticator."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.accessibility import axe_faults
from tests.journeys.bureau import PASSWORD, BureauMember, invitation_from_command_line
from tests.journeys.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow]
KEY = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    made.set_default_timeout(15_000)
    yield made
    made.close()


def plug_in_key(page: Page) -> None:
    """Give the page's browser a security key that answers by itself."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, "automaticPresenceSimulation": True}})


def register_passkey(page: Page, address: str) -> None:
    """Make a passkey on the page."""
    page.goto(address)
    page.locator('[name="name"]').fill("窓口2番のパソコン")
    page.locator('[name="old_password"]').fill(PASSWORD)
    page.get_by_role("button", name="登録する").click()


def log_in_with_passkey(page: Page, realm: str, login_id: str) -> None:
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{realm}/login")
    page.locator('[name="login_id"]').fill(login_id)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()
    expect(page.locator("h1")).to_have_text("確認コード")
    assert axe_faults(page) == []
    page.get_by_role("button", name="パスキーで確かめる").click()


def test_a_clerk_logs_in_with_a_passkey(house: House, context: BrowserContext) -> None:
    page, login_id = context.new_page(), f"key-{uuid4().hex[:6]}"
    plug_in_key(page)
    page.goto(invitation_from_command_line(house, "--provider", "akishima-water", noun="staff"))
    for field, typed in (("name", "佐藤"), ("login_id", login_id), ("password", PASSWORD), ("again", PASSWORD)):
        page.locator(f'[name="{field}"]').fill(typed)
    page.get_by_role("button", name="登録する").click()
    page.locator('[name="login_id"]').fill(login_id)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()

    page.goto(f"{house.portal}/desk/me/passkeys")
    expect(page.get_by_text("このブラウザではパスキーを作れません")).to_be_hidden()
    assert axe_faults(page) == []
    register_passkey(page, f"{house.portal}/desk/me/passkeys")
    expect(page.locator(".desk-codes code")).to_have_count(10)

    log_in_with_passkey(page, f"{house.portal}/desk", login_id)
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible()
    page.goto(f"{house.portal}/desk/me/passkeys")
    expect(page.get_by_role("link", name="窓口2番のパソコン")).to_be_visible()

    # The same key cannot be registered twice: the browser says no, and the page says so.
    register_passkey(page, f"{house.portal}/desk/me/passkeys")
    expect(page.get_by_text("パスキーを作れませんでした")).to_be_visible()


def test_an_operator_logs_in_with_a_passkey(house: House, context: BrowserContext) -> None:
    page, login_id = context.new_page(), f"op-{uuid4().hex[:6]}"
    plug_in_key(page)
    BureauMember(page, house).join(invitation_from_command_line(house, "--operator"), login_id)
    register_passkey(page, f"{house.portal}/bureau/me/passkeys")
    expect(page.get_by_role("link", name="窓口2番のパソコン")).to_be_visible()
    log_in_with_passkey(page, f"{house.portal}/bureau", login_id)
    expect(page.get_by_role("heading", name="概況", exact=True)).to_be_visible()


def test_without_script_the_page_says_what_to_use(house: House, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")
    context.set_default_timeout(15_000)
    page = context.new_page()
    BureauMember(page, house).join(invitation_from_command_line(house, "--operator"), f"op-{uuid4().hex[:6]}")
    page.goto(f"{house.portal}/bureau/me/passkeys")
    expect(page.get_by_text("このブラウザではパスキーを作れません")).to_be_visible()
    expect(page.get_by_role("button", name="登録する")).to_be_hidden()
    context.close()
