"""A live form is held against its sheet over real HTTP; every way in which it differs is found and named."""

import hmac
import tomllib
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from renrakucho.channel.weblink.inspection.finding_texts import MENDS, TITLES
from renrakucho.channel.weblink.inspection.form_inspection import inspect_form_page, inspect_handoff
from renrakucho.channel.weblink.inspection.handoff_findings import not_form_finding
from renrakucho.channel.weblink.inspection.live_page import LivePage
from renrakucho.channel.weblink.inspection.page_charset import PageCharsets
from renrakucho.channel.weblink.inspection.return_link_findings import signature_findings, signature_mistake
from renrakucho.channel.weblink.inspection.site_browser import (
    AGENT,
    NoSiteResponse,
    RedirectHop,
    SiteBrowser,
    SiteResponse,
)
from renrakucho.notice.form_inspection_report import inspection_report, sample_form
from renrakucho.sheet.form import Sheet
from sandbox.routes import Sandbox
from tests.inspection.cast import (
    NOW,
    SECRET,
    STOP,
    WEB_LINKS,
    a_browser,
    a_case,
    changed,
    codes,
    handed_over,
    looked,
    sent,
)
from tests.inspection.site import Headers, Twist, serving
from tests.providers.cast import ROOT, sheet_id

every_web_link = pytest.mark.parametrize("sheet", WEB_LINKS, ids=sheet_id)


@every_web_link
def test_nothing_is_wrong_with_a_form_that_keeps_to_its_sheet(tmp_path: Path, sheet: Sheet) -> None:
    found = sent(tmp_path, sheet=sheet, key=_key(sheet))
    assert codes(found) == []
    assert {"taken", "values", "way-back-kept", "hosts", "signed"} <= set(codes(found, "fine"))
    assert codes(found, "fine").count("field") == len(sheet.blanks) - 1


def _key(sheet: Sheet) -> str:
    secrets: dict[str, str] = tomllib.loads((ROOT / "sandbox/secrets.toml").read_text("utf-8"))
    return secrets[sheet.provider]


def test_look_sends_nothing(tmp_path: Path) -> None:
    with serving(Sandbox(tmp_path, lambda: NOW)) as site:
        found = inspect_form_page(a_case(site), a_browser())
        assert [asked.method for asked in site.asked] == ["GET"]
    assert codes(found) == []
    assert codes(found, "unseen") == ["post-untried"]


CHO = 'name="f05_cho" id="f05_cho" value="" size="40" maxlength="40"'
# What stands on the page, what stands there instead, what is said, which field or value the report names.
BROKEN = [
    ('name="f08_tel"', 'name="f08_denwa"', "field-missing", "f08_tel"),
    (CHO, 'name="f05_cho" maxlength="10"', "length-short", "10"),
    (CHO, 'name="f05_cho" maxlength="80"', "length-long", "80"),
    ('<option value="7">', '<option value="07">', "choice-missing", "«7»"),
    ('name="f10_kubun" value="C"', 'name="f10_kubun" value="CARD"', "choice-missing", "«C»"),
    ('<option value="12">', '<option value="十二">', "choice-missing", "«12»"),
    ('<form method="post"', '<form method="get"', "method", "get"),
    ('<form method="post"', '<form method="post" enctype="multipart/form-data"', "multipart", "multipart"),
    ('<form method="post"', '<form method="post" accept-charset="UTF-8"', "encoding", "UTF-8"),
    ('<meta charset="EUC-JP">', '<meta charset="shift_jis">', "encoding-two", "Shift_JIS"),
    ('action="/kawasaki-water', 'action="http://forms.example/kawasaki-water', "action-plain", "http://forms.example"),
    ('id="f07_bldg"', 'id="f07_bldg" required', "required-there", "f07_bldg"),
]


@pytest.mark.parametrize(("there", "instead", "code", "named"), BROKEN)
def test_a_difference_is_named(tmp_path: Path, there: str, instead: str, code: str, named: str) -> None:
    found = looked(tmp_path, Twist({there: instead}, "euc_jp"))
    assert code in codes(found), found
    told = [finding for finding in found if finding.code == code]
    assert any(named in f"{finding.about} {finding.found} {finding.expected}" for finding in told)


def test_a_page_that_names_no_charset_and_one_that_names_another(tmp_path: Path) -> None:
    def without(path: str, headers: Headers) -> Headers:
        return [(name, value.partition(";")[0] if name == "Content-Type" else value) for name, value in headers]

    def another(path: str, headers: Headers) -> Headers:
        return [(name, value.replace("EUC-JP", "windows-31j")) for name, value in headers]

    assert "encoding-unsaid" in codes(looked(tmp_path, Twist({'<meta charset="EUC-JP">': ""}, headers=without)))
    assert codes(looked(tmp_path, Twist(headers=without))) == []
    found = looked(tmp_path, Twist(headers=another))
    assert "encoding" in codes(found)
    (told,) = [finding for finding in found if finding.code == "encoding"]
    assert told.named == {"form": "Shift_JIS"}


def test_a_limit_that_the_sheet_does_not_know_is_named(tmp_path: Path) -> None:
    found = looked(tmp_path, sheet=changed(STOP, "f05_cho", longest=None))
    assert [(finding.code, finding.named["there"]) for finding in found if finding.level == "mend"] == [
        ("length-unknown", "40")
    ]


def test_choices_are_compared_with_the_days_of_the_window(tmp_path: Path) -> None:
    padded = {f'<option value="{n}">{n}</option>': f'<option value="{n:02d}">{n}</option>' for n in range(1, 10)}
    found = looked(tmp_path, Twist(padded))
    assert [finding.about for finding in found if finding.code == "choice-missing"] == [
        "使用中止日（令和の年） (f09_nen)",
        "使用中止日（月） (f09_tsuki)",  # January lies in the window
        "使用中止日（日） (f09_hi)",
    ]


def test_a_field_that_the_sheet_does_not_announce_is_pointed_out(tmp_path: Path) -> None:
    found = looked(tmp_path, sheet=replace(STOP, asked_there=()))
    (told,) = [finding for finding in found if finding.level == "doubt"]
    assert told.code == "asked-there-unsaid"
    assert "お客さま番号 (f20_bango)" in told.found


def test_a_page_without_the_form(tmp_path: Path) -> None:
    with serving(Sandbox(tmp_path, lambda: NOW)) as site:
        assert codes(inspect_form_page(a_case(site), a_browser(), f"{site.url}/")) == ["no-form"]
        assert codes(inspect_form_page(a_case(site), a_browser(), f"{site.url}/nowhere")) == ["status"]


def test_an_entry_that_takes_posts_only_is_no_fault(tmp_path: Path) -> None:
    twist = Twist(
        instead=lambda environ: _plain("405 Method Not Allowed") if environ["REQUEST_METHOD"] == "GET" else None
    )
    assert codes(looked(tmp_path, twist), "unseen", "mend") == ["only-post"]
    assert codes(handed_over(tmp_path, twist)) == []


def _plain(status: str, *headers: tuple[str, str], body: bytes = b"no") -> tuple[str, Headers, bytes]:
    return status, [("Content-Type", "text/html; charset=UTF-8"), *headers], body


# --- the hand-over


def test_a_form_that_asks_for_its_own_token_refuses_what_comes_from_outside(tmp_path: Path) -> None:
    twist = Twist(instead=lambda environ: _plain("403 Forbidden") if environ["REQUEST_METHOD"] == "POST" else None)
    assert codes(handed_over(tmp_path, twist)) == ["post-refused"]


def test_a_hand_over_looks_like_a_browser_from_another_site(tmp_path: Path) -> None:
    with serving(Sandbox(tmp_path, lambda: NOW)) as site:
        case = a_case(site)
        inspect_handoff(case, a_browser(), sample_form(case))
        (asked,) = site.asked
    assert (asked.method, asked.headers["user_agent"]) == ("POST", AGENT)
    assert (asked.headers["origin"], asked.headers["sec_fetch_site"]) == ("https://portal.example", "cross-site")
    assert asked.headers["referer"] == "https://portal.example/"
    assert "cookie" not in asked.headers


def test_a_site_that_wants_to_know_who_posts_takes_the_hand_over(tmp_path: Path) -> None:
    def refuses(environ: Any) -> Any:
        known = environ.get("HTTP_ORIGIN") == "https://portal.example"
        return _plain("403 Forbidden") if environ["REQUEST_METHOD"] == "POST" and not known else None

    assert "post-refused" not in codes(handed_over(tmp_path, Twist(instead=refuses)))


def test_a_hand_over_leads_back_to_this_portal(tmp_path: Path, settings: Any) -> None:
    settings.BASE_URL = "https://moving.example"
    with serving(Sandbox(tmp_path, lambda: NOW)) as site:
        lines = sample_form(a_case(site)).lines
    assert [line.text for line in lines if "/return/" in line.text] == ["https://moving.example/return/TICKET"]


def test_a_lost_cut_or_garbled_value_is_named(tmp_path: Path) -> None:
    texts = {'value="太郎"': 'value=""', 'value="トウキョウ"': 'value="トウキ"', 'value="東京"': 'value="譚ｱ莠ｬ"'}
    twist = Twist(texts, "euc_jp")
    found = handed_over(tmp_path, twist)
    told = {finding.code: finding.about for finding in found if finding.level == "mend"}
    assert told == {
        "value-changed": "使用者の姓 (f01_sei)",
        "value-lost": "使用者の名 (f01_mei)",
        "value-cut": "姓のフリガナ (f02_kana_sei)",
    }


def test_a_redirect_host_missing_in_the_connection_is_named(tmp_path: Path) -> None:
    """The page that carries the form lets the browser go to the hosts of the connection alone."""

    def elsewhere(port: str) -> Twist:
        def instead(environ: dict[str, object]) -> tuple[str, Headers, bytes] | None:
            if str(environ["HTTP_HOST"]).startswith("127.0.0.1"):
                where = f"http://localhost:{environ['SERVER_PORT']}{environ['PATH_INFO']}"
                return _plain("307 Temporary Redirect", ("Location", where))
            return None

        return Twist(instead=instead)

    with serving(Sandbox(tmp_path, lambda: NOW), elsewhere("")) as site:
        case = a_case(site)
        found = inspect_handoff(case, a_browser(), sample_form(case))
        (told,) = [finding for finding in found if finding.level == "mend"]
        other = site.url.replace("127.0.0.1", "localhost")
        assert (told.code, told.named["hosts"]) == ("host-missing", f'hosts = ["{other}"]')
        assert told.found == f"POST {site.url} (307) → POST {other} (200)"
        known = a_case(site, hosts=(f"{other}/",))
        assert codes(inspect_handoff(known, a_browser(), sample_form(known))) == []


@pytest.mark.parametrize(("same_site", "code"), [("Strict", "not-the-form-strict"), ("Lax", None), ("", None)])
def test_a_cookie_is_not_sent_from_another_site(tmp_path: Path, same_site: str, code: str | None) -> None:
    """The entry keeps what it got in a session and leads on to the page, as many sites do."""
    sandbox = Sandbox(tmp_path, lambda: NOW)
    twist = Twist(instead=lambda environ: _kept_in_session(environ, same_site))
    with serving(sandbox, twist) as site:
        case = a_case(site)
        found = inspect_handoff(case, a_browser(), sample_form(case))
    assert [each for each in codes(found, "mend") if each.startswith("not-the-form")] == ([code] if code else [])


def _kept_in_session(environ: dict[str, object], same_site: str) -> tuple[str, Headers, bytes] | None:
    if environ["REQUEST_METHOD"] == "POST":
        cookie = "sid=1; Path=/" + (f"; SameSite={same_site}" if same_site else "")
        return _plain("303 See Other", ("Location", str(environ["PATH_INFO"])), ("Set-Cookie", cookie))
    return None if "sid=1" in str(environ.get("HTTP_COOKIE", "")) else _plain("200 OK", body=b"<p>Session expired</p>")


def test_a_return_link_that_is_not_on_the_page_may_be_in_a_session(tmp_path: Path) -> None:
    twist = Twist({'name="back_url"': 'data-name="back_url"'})
    assert codes(handed_over(tmp_path, twist), "mend", "unseen") == ["way-back-unseen"]


def test_a_sheet_without_a_return_link_is_doubted(tmp_path: Path) -> None:
    sheet = replace(STOP, blanks=tuple(blank for blank in STOP.blanks if blank.name != "back_url"))
    assert codes(handed_over(tmp_path, sheet=sheet)) == ["no-way-back-blank"]


# --- as far as the done page


def test_missing_own_items_are_named(tmp_path: Path) -> None:
    found = sent(tmp_path, own={})
    (told,) = [finding for finding in found if finding.level == "unseen"]
    assert told.code == "not-done"
    assert "お客さま番号 (f20_bango)" in told.found
    assert "使用者の姓" not in told.found


def test_a_done_page_without_a_return_link_is_named(tmp_path: Path) -> None:
    assert codes(sent(tmp_path, Twist({'href="http://localhost:8000': 'href="https://other.example'}))) == [
        "no-return-link"
    ]


def test_another_key_an_old_time_and_no_signature(tmp_path: Path) -> None:
    assert codes(sent(tmp_path, key="another")) == ["wrong-signature"]
    assert codes(sent(tmp_path, now=NOW + timedelta(minutes=5))) == []
    assert codes(sent(tmp_path, now=NOW + timedelta(minutes=5, seconds=1))) == ["time-off"]
    assert codes(sent(tmp_path, Twist({"signature=": "sign="}))) == ["unsigned"]


def test_a_receipt_number_that_the_page_does_not_show(tmp_path: Path) -> None:
    assert codes(sent(tmp_path, Twist({'<td class="receipt">K': '<td class="receipt">No. '}))) == ["number-unseen"]


TICKET, NUMBER, AT = "TICKET", "K 12/3", str(int(NOW.timestamp()))
BACK = f"https://portal.example/return/{TICKET}"


def _hex(*parts: str, joint: str = "\n", key: bytes = SECRET.encode()) -> str:
    return hmac.new(key, joint.join(parts).encode(), sha256).hexdigest()


SLIPS = {
    "slip-order": _hex(NUMBER, TICKET, AT),
    "slip-last-newline": _hex(TICKET, NUMBER, AT, ""),
    "slip-encoded": _hex(TICKET, "K%2012%2F3", AT),
    "slip-whole-url": _hex(BACK, NUMBER, AT),
    "slip-no-ticket": _hex(NUMBER, AT),
    "slip-no-time": _hex(TICKET, NUMBER),
    "slip-joint": _hex(TICKET, NUMBER, AT, joint=""),
    "slip-upper": _hex(TICKET, NUMBER, AT).upper(),
    "slip-base64": b64encode(bytes.fromhex(_hex(TICKET, NUMBER, AT))).decode(),
    "slip-no-hmac": sha256(f"{SECRET}{TICKET}\n{NUMBER}\n{AT}".encode()).hexdigest(),
    "slip-swapped": _hex(SECRET, key=f"{TICKET}\n{NUMBER}\n{AT}".encode()),
    "wrong-signature": "0" * 64,
}


@pytest.mark.parametrize("code", SLIPS)
def test_a_usual_slip_of_a_signature_is_named(code: str) -> None:
    assert signature_mistake(SECRET, SLIPS[code], f"{BACK}?number=K", NUMBER, AT) == code


def test_a_key_that_was_read_as_hex() -> None:
    key = "0f5e2173b3e6524a867a8c768384ae7e"
    given = _hex(TICKET, NUMBER, AT, key=bytes.fromhex(key))
    assert signature_mistake(key, given, BACK, NUMBER, AT) == "slip-hex-key"


@pytest.mark.parametrize("at", [f"{AT}000", "2026-11-25", "１"])
def test_a_time_that_is_no_count_of_seconds(at: str) -> None:
    url = f"{BACK}?number=1&at={at}&signature={_hex(TICKET, '1', at)}"
    assert codes(list(signature_findings(url, SECRET, NOW, "1"))) == ["time-unit"]


@pytest.mark.parametrize("number", ["<b>1</b>", "1" * 41, "い１"])
def test_a_number_that_the_portal_does_not_believe(number: str) -> None:
    url = f"{BACK}?{urlencode({'number': number, 'at': AT, 'signature': _hex(TICKET, number, AT)})}"
    assert codes(list(signature_findings(url, SECRET, NOW, number))) == ["number-odd"]


# --- politeness, and sites that do not answer


def test_between_two_requests_it_waits_a_second(tmp_path: Path) -> None:
    waited: list[float] = []
    with serving(Sandbox(tmp_path, lambda: NOW)) as site:
        browser = a_browser(waited)
        for _each in range(3):
            browser.look(f"{site.url}/")
    assert waited == [1.0, 1.0]


@pytest.mark.parametrize(
    ("twist", "trouble"),
    [
        (Twist(instead=lambda environ: _plain("302 Found", ("Location", "/again"))), "too-many-hops"),
        (Twist(instead=lambda environ: _plain("302 Found", ("Location", "mailto:a@b.example"))), "no-web-address"),
        (Twist(instead=lambda environ: _plain("200 OK", body=b"x" * 2_000_001)), "too-large"),
    ],
)
def test_a_site_that_cannot_be_read(tmp_path: Path, twist: Twist, trouble: str) -> None:
    with serving(Sandbox(tmp_path, lambda: NOW), twist) as site, pytest.raises(NoSiteResponse) as error:
        a_browser().look(site.url)
    assert error.value.trouble == trouble


def test_ten_redirects_are_followed_and_two_megabytes_are_read(tmp_path: Path) -> None:
    waited: list[float] = []
    again = Twist(instead=lambda environ: _plain("302 Found", ("Location", "/again")))
    with serving(Sandbox(tmp_path, lambda: NOW), again) as site, pytest.raises(NoSiteResponse):
        a_browser(waited).look(site.url)
    assert len(waited) == 9
    large = Twist(instead=lambda environ: _plain("200 OK", body=b"x" * 2_000_000))
    with serving(Sandbox(tmp_path, lambda: NOW), large) as site:
        assert len(a_browser().look(site.url).body) == 2_000_000


def test_a_site_has_ten_seconds_to_connect_and_twenty_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr("urllib3.PoolManager", lambda **named: given.update(named))
    SiteBrowser("https://portal.example")
    assert (given["timeout"].connect_timeout, given["timeout"].read_timeout) == (10, 20)


def test_a_finding_quotes_120_characters_of_a_page() -> None:
    response = SiteResponse((RedirectHop("POST", "https://a.example", 200),), "text/html", b"")
    page = LivePage(response, PageCharsets("", "", mark=False), (), (), "x" * 200)
    assert not_form_finding(page).found == f"https://a.example «{'x' * 120}»"


def test_a_closed_port_is_unreachable() -> None:
    with pytest.raises(NoSiteResponse) as error:
        a_browser().look("http://127.0.0.1:9/")
    assert error.value.trouble == "unreachable"


def test_every_finding_has_a_title(tmp_path: Path) -> None:
    assert MENDS.keys() <= TITLES.keys()
    assert set(SLIPS) <= MENDS.keys()
    assert {code for *_rest, code, _named in BROKEN} <= MENDS.keys()


def test_the_report_begins_with_what_has_to_be_mended(tmp_path: Path) -> None:
    with serving(Sandbox(tmp_path, lambda: NOW), Twist({'name="f08_tel"': 'name="f08_denwa"'})) as site:
        case = a_case(site)
        text = "\n".join(inspection_report(case, inspect_form_page(case, a_browser()), "look", NOW))
    headings = [line for line in text.splitlines() if line.startswith("■")]
    assert headings == ["■ 直すところ (1)", "■ 外からは確かめられなかったところ (1)", "■ よいところ (21)"]
    assert "× 日中の電話番号 (f08_tel): 入力欄が、画面にありません\n" in text
    assert '\n    様式・設定: name="f08_tel"\n    直し方: ' in text
