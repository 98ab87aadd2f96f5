"""The desk in a real browser, from an invitation to acceptance, with everything that a clerk needs."""

import base64
import csv
import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, BrowserContext, Download, Page, expect

from renrakucho.provider.two_factor import STEP_SECONDS
from tests.journeys.house import ROOT, House
from tests.journeys.mover import OFFERS, Mover, days_ahead

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASSWORD = "長い合言葉-correct-horse"
DESK = "akishima-water"


@dataclass
class Phone:
    """An authenticator app: it knows the secret and the time, and shows no code twice."""

    secret: str
    shown: int = 0

    def code(self) -> str:
        """Return the code of the earliest step not shown yet; it is valid half a minute before its time."""
        key = base64.b32decode(self.secret.replace(" ", ""))
        self.shown = max(self.shown + 1, int(time.time()) // STEP_SECONDS)
        return TOTP(key, 6, SHA1(), STEP_SECONDS).generate(self.shown * STEP_SECONDS).decode()


@pytest.fixture
def desk(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP", bypass_csp=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def run_command(house: House, *command: str) -> str:
    """Run a command in the running installation; return its output."""
    surrounding = {**os.environ, "RENRAKUCHO_VAR": str(house.var), "RENRAKUCHO_BASE_URL": house.portal}
    surrounding["RENRAKUCHO_SANDBOX"] = "1"
    tool = Path(sys.executable).with_name("renrakucho")
    done = subprocess.run([tool, *command], cwd=ROOT, env=surrounding, capture_output=True, text=True, check=True)
    return done.stdout


def send_notice(browser: Browser, house: House, given_name: str) -> str:
    """Send a notice to the desk as a mover. Returns its number."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    context.set_default_timeout(15_000)
    mover = Mover(context.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    mover.apply(OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11))
    mover.begin("昭島市水道部", "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.field("notes").fill(given_name)
    mover.press("確認して送る")
    mover.leaf("昭島市水道部", "開始").get_by_role("link", name="くわしく").click()
    number = mover.page.locator(".facts dd").nth(1).inner_text().strip()
    context.close()
    return number


def join(page: Page, link: str, login_id: str, name: str) -> None:
    """Accept an invitation, and log in."""
    page.goto(link)
    for field, typed in (("name", name), ("login_id", login_id), ("password", PASSWORD), ("again", PASSWORD)):
        page.locator(f'[name="{field}"]').fill(typed)
    page.get_by_role("button", name="登録する").click()
    log_in(page, login_id)


def log_in(page: Page, login_id: str) -> None:
    page.locator('[name="login_id"]').fill(login_id)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="ログイン", exact=True).click()


def set_up_two_factor(page: Page) -> Phone:
    """Set up two-factor login, on the page that asks for it."""
    phone = Phone(page.locator(".desk-secret").inner_text())
    page.locator('[name="code"]').fill(phone.code())
    page.get_by_role("button", name="設定する").click()
    expect(page.locator(".desk-codes code")).to_have_count(10)
    page.get_by_role("link", name="しまいました").click()
    return phone


def exported_file(page: Page, button: str) -> bytes:
    """Return the file that a button of the first section sends."""
    with page.expect_download() as waited:
        page.locator(".desk-piles section").first.get_by_role("button", name=button).click()
    download: Download = waited.value
    return Path(download.path()).read_bytes()


def printed_pdf(page: Page) -> bytes:
    """Return the PDF that the button would open, by the browser's session."""
    form = page.locator(".desk-ways").first
    token = form.locator('[name="csrfmiddlewaretoken"]').input_value()
    what = form.locator('[name="what"]').input_value()
    answer = page.request.post(page.url, form={"csrfmiddlewaretoken": token, "what": what, "as": "print"})
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def wait_for_notices(page: Page, portal: str, *numbers: str) -> None:
    for _look in range(50):
        page.goto(f"{portal}/desk/")
        if all(page.get_by_role("link", name=number).count() for number in numbers):
            return
        page.wait_for_timeout(200)
    raise AssertionError(numbers)


def test_a_clerk_goes_from_invitation_to_acceptance(desk: BrowserContext, browser: Browser, house: House) -> None:
    page = desk.new_page()
    link = run_command(house, "staff", "invite", "--provider", DESK, "--administrator").splitlines()[0]
    join(page, link, f"chief-{uuid4().hex[:6]}", "田中")
    page.get_by_role("link", name="担当者").click()
    page.get_by_role("button", name="全員に求める").click()
    expect(page.locator("h1")).to_have_text("確認コードの設定")  # its administrators are no exception
    set_up_two_factor(page)

    page.get_by_role("link", name="担当者").click()
    page.locator('[name="note"]').fill("佐藤さん")
    mailed = f"{uuid4().hex[:8]}@example.jp"
    page.locator('[name="address"]').fill(mailed)
    page.get_by_role("button", name="リンクを作る").click()
    shown = page.locator(".desk-link-shown").inner_text()
    (letter,) = house.mails(mailed, "ご招待")
    assert shown in letter

    clerks = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP", accept_downloads=True)
    clerks.set_default_timeout(15_000)
    clerk = clerks.new_page()
    login_id = f"sato-{uuid4().hex[:6]}"
    join(clerk, shown, login_id, "佐藤")
    phone = set_up_two_factor(clerk)
    clerk.get_by_role("button", name="ログアウト").click()
    log_in(clerk, login_id)
    clerk.locator('[name="code"]').fill(phone.code())
    clerk.get_by_role("button", name="ログイン", exact=True).click()

    notes = ("=1+1", "門の左")
    first, second = (send_notice(browser, house, note) for note in notes)
    wait_for_notices(clerk, house.portal, first, second)
    export_and_print(clerk, house.portal, first, second)
    accept_by_keyboard(clerk, house.portal, first, second)
    read_audit_log(page, house.portal, first)
    clerks.close()
    page.goto(f"{house.portal}/desk/staff")
    page.get_by_role("button", name="各自にまかせる").click()  # the other journeys log in without a phone


def export_and_print(clerk: Page, portal: str, first: str, second: str) -> None:
    """Export CSV files without formulas, and print a page for each notice."""
    clerk.goto(f"{portal}/desk/")
    for number in (first, second):
        clerk.get_by_role("checkbox", name=number).check()
    clerk.get_by_role("button", name="印刷・書き出し").click()
    assert len(re.findall(rb"/Type\s*/Page\b", printed_pdf(clerk))) == 2
    rows = list(csv.DictReader(io.StringIO(exported_file(clerk, "CSV(UTF-8)").decode("utf-8-sig"), newline="")))
    assert [row["れんらく番号"] for row in rows] == [first, second]
    assert rows[0]["使用される方のお名前"].startswith("髙﨑")
    assert [row["ご連絡事項"] for row in rows] == ["'=1+1", "門の左"]
    in_shift_jis = exported_file(clerk, "CSV(Shift_JIS)").decode("cp932")
    assert "髙﨑" in in_shift_jis


def accept_by_keyboard(clerk: Page, portal: str, first: str, second: str) -> None:
    """Accept two notices without a mouse: tick, paste a column, send; the page has the stamp."""
    clerk.goto(f"{portal}/desk/")
    for number in (first, second):
        clerk.get_by_role("link", name=number).focus()
        clerk.keyboard.press("x")
    clerk.keyboard.press("s")
    fields = clerk.locator("[data-fill]")
    expect(fields).to_have_count(2)
    fields.first.focus()
    clerk.evaluate(
        """() => {
            const given = new DataTransfer();
            given.setData("text", "昭水-1\\r\\n昭水-2\\r\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: given, bubbles: true, cancelable: true}));
        }"""
    )
    assert [fields.nth(at).input_value() for at in (0, 1)] == ["昭水-1", "昭水-2"]
    clerk.keyboard.press("Enter")  # from the last number to the button
    clerk.keyboard.press("Enter")
    expect(clerk.get_by_role("status")).to_contain_text("2件を受理しました")
    clerk.goto(f"{portal}/desk/?number={first}")
    expect(clerk.locator("svg.stamp")).to_have_count(1)
    assert "昭水-1" in clerk.locator("main").inner_text()
    clerk.go_back()
    assert clerk.locator("h1").count() == 1  # and nothing asks whether to send again


def read_audit_log(page: Page, portal: str, number: str) -> None:
    """Read in the audit log who did what with the notice."""
    page.goto(f"{portal}/desk/record?number={number}")
    words = page.locator("main").inner_text()
    for deed in (
        "印刷した(PDF)",
        "CSV(UTF-8)に書き出した",
        "CSV(Shift_JIS)に書き出した",
        "受理した",
        "れんらくを開いた",
    ):
        assert deed in words
    assert "佐藤" in words
    assert "髙﨑" not in words
