"""Copies that leave the desk: what is in them, what cannot be written, and who took what."""

import csv
import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.desk.export import export_formats, export_page
from renrakucho.faces.desk.export.notices_csv import notices_csv
from renrakucho.lib.csv_file import without_formula
from renrakucho.notice.models import Notice
from renrakucho.paper.printed_page import PrintedPage
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from tests.desk.cast import YOKOSUKA, clerk, seated, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def take(browser: Client, what: str = "new", way: str = "csv", query: str = "", **more: str) -> Any:
    return browser.post(f"/desk/take{query}", {"what": what, "as": way, **more})


def ids(*notices: Notice) -> str:
    return "?" + urlencode([("id", str(notice.id)) for notice in notices])


def rows(answer: Any, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.get("Location")
    return list(csv.DictReader(io.StringIO(answer.content.decode(encoding), newline="")))


def numbers(answer: Any) -> list[str]:
    return [row["れんらく番号"].replace("-", "") for row in rows(answer)]


def pages(answer: Any) -> int:
    assert answer["Content-Type"] == "application/pdf"
    return len(re.findall(rb"/Type\s*/Page\b", answer.content))


def takes(notice: Notice) -> list[str]:
    return [
        str(each.staff.name) for each in notice.receipts.filter(kind=ReceiptKind.TAKEN).order_by("id") if each.staff
    ]


def test_the_csv_has_every_item_of_the_form() -> None:
    notice = sent(answers={"notes": '門の左に"メーター",\nあり'}, destination__building="コーポ〜昭和")
    answer = take(seated(clerk()))
    assert answer["Content-Disposition"].startswith('attachment; filename="renrakucho-')
    (row,) = rows(answer)
    assert row["れんらく番号"] == f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"
    assert (row["業種"], row["手続"], row["状態"]) == ("水道", "開始", "送信済")
    assert row["使用される方のお名前"] == "髙﨑　太郎"
    assert row["使用場所の建物名・部屋番号"].startswith("コーポ〜昭和")
    assert row["ご連絡事項"] == '門の左に"メーター",\nあり'


def test_the_csv_is_as_excel_and_the_rfc_require() -> None:
    sent()
    content = take(seated(clerk())).content
    assert content.startswith(b'\xef\xbb\xbf"')
    assert content.endswith(b'"\r\n')
    assert content.count(b"\r\n") == 2


def test_the_shift_jis_file_is_readable_by_windows() -> None:
    sent(destination__building="コーポ〜昭和")
    answer = take(seated(clerk()), way="shift_jis")
    (row,) = rows(answer, "cp932")
    assert row["使用される方のお名前"] == "髙﨑　太郎"
    assert row["使用場所の建物名・部屋番号"].startswith("コーポ～昭和")  # the twin that looks the same


def test_an_unwritable_character_is_reported_and_not_replaced() -> None:
    plain, rare = sent(), sent(person__given_name="𠮷右衛門")
    browser = seated(clerk())
    led = take(browser, way="shift_jis")
    assert led.status_code == 302
    page = browser.get(led["Location"]).content.decode()
    assert "1件に、CSV(Shift_JIS)で書けない文字があります" in page
    assert "<b>𠮷</b> (U+20BB7)" in page
    assert f"{rare.number[:4]}-{rare.number[4:8]}" in page
    assert (takes(plain), takes(rare)) == ([], [])
    answer = take(browser, way="shift_jis", leave_out="yes")
    assert [row["使用される方のお名前"] for row in rows(answer, "cp932")] == ["髙﨑　太郎"]
    assert (takes(plain), takes(rare)) == (["佐藤"], [])  # what was left out stays new
    assert numbers(take(browser)) == [rare.number]


def test_leaving_out_every_notice_exports_nothing() -> None:
    sent(person__given_name="𠮷右衛門")
    browser = seated(clerk())
    led = take(browser, way="shift_jis", leave_out="yes")
    assert "書き出すものが残りません" in browser.get(led["Location"]).content.decode()


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "＝１", "＠a", "\r=1", "\n=1"])
def test_a_formula_is_written_as_text(cell: str) -> None:
    assert without_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1", "昭水-1", "03-3515-6989", "'=1", "〒", "a=1"])
def test_a_harmless_text_is_written_unchanged(cell: str) -> None:
    assert without_formula(cell) == cell


def test_a_movers_formula_arrives_as_text() -> None:
    sent(answers={"notes": '=HYPERLINK("https://evil.example")'})
    (row,) = rows(take(seated(clerk())))
    assert row["ご連絡事項"] == '\'=HYPERLINK("https://evil.example")'


def test_an_exported_notice_is_not_new_any_more() -> None:
    first = sent()
    browser = seated(clerk())
    assert numbers(take(browser)) == [first.number]
    second = sent()
    assert numbers(take(seated(clerk("akishima-2", name="鈴木")))) == [second.number]
    led = take(browser)
    assert "書き出すものがありません" in browser.get(led["Location"]).content.decode()
    assert [takes(notice) for notice in (first, second)] == [["佐藤"], ["鈴木"]]


def test_a_second_export_is_logged_too() -> None:
    notice = sent()
    browser = seated(clerk())
    take(browser)
    other = seated(clerk("akishima-2", name="鈴木"))
    page = other.get("/desk/take").content.decode()
    assert "1件は、すでにだれかが書き出したか印刷しています" in page
    again = re.search(r'href="(/desk/take\?taken=[^"]+)"', page)
    assert again
    assert numbers(other.post(again[1], {"what": "again", "as": "csv"})) == [notice.number]
    assert takes(notice) == ["佐藤", "鈴木"]
    assert list(AuditEntry.objects.order_by("id").values_list("staff__name", "deed", "number")) == [
        ("佐藤", "taken_csv", notice.number),
        ("鈴木", "taken_csv", notice.number),
    ]


@pytest.mark.parametrize("query", ["?taken=nonsense", "?taken=2026-13-45T00:00:00", "?taken=2026-11-24T10:00:00"])
def test_an_invalid_time_shows_what_is_new(query: str) -> None:
    sent()
    assert "新しいもの" in seated(clerk()).get(f"/desk/take{query}").content.decode()


def test_only_the_selected_notices_are_exported() -> None:
    first, _second, third = sent(), sent(), sent()
    browser = seated(clerk())
    led = browser.post("/desk/choose", {"to": "take", "id": [str(third.id), str(first.id)]})
    assert led["Location"] == f"/desk/take{ids(first, third)}"
    assert numbers(take(browser, "chosen", query=ids(first, third))) == [first.number, third.number]


def test_the_filtered_list_is_exported() -> None:
    staff = clerk()
    waiting, done = sent(), sent()
    accept_notice(done, staff, "昭水-7")
    browser = seated(staff)
    (row,) = rows(take(browser, "list", query="?tab=accepted"))
    assert (row["状態"], row["受付番号"]) == ("受理", "昭水-7")
    assert numbers(take(browser, "list", query="?procedure=start")) == [waiting.number]
    assert take(browser, "list", query="?procedure=stop").status_code == 302


def test_a_change_names_what_it_replaces() -> None:
    old = sent()
    new = replace_notice(old)
    deliver_due_notices("test")
    (row,) = rows(take(seated(clerk()), "chosen", query=ids(new)))
    assert row["差し替えた元の番号"].replace("-", "") == old.number
    (row,) = rows(take(seated(clerk("akishima-2")), "chosen", query=ids(old)))
    assert row["状態"] == "取消"


def test_the_print_has_a_page_for_each_notice() -> None:
    notices = [sent() for _each in range(3)]
    withdraw_notice(notices[1])
    answer = take(seated(clerk()), "chosen", "print", ids(*notices))
    assert answer["Content-Disposition"].startswith("inline")
    assert pages(answer) == 3
    assert all(takes(notice) == ["佐藤"] for notice in notices)


@pytest.mark.parametrize("how", ["withdrawn", "changed"])
def test_the_print_of_a_void_notice_says_why(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[PrintedPage] = []

    def draw(pages: list[PrintedPage]) -> bytes:
        drawn.extend(pages)
        return b""

    monkeypatch.setattr(export_formats, "draw_pdf", draw)
    old = sent()
    new = replace_notice(old) if how == "changed" else None
    if new is None:
        withdraw_notice(old)
    take(seated(clerk()), "chosen", "print", ids(old))
    (page,) = drawn
    assert page.withdrawn
    assert page.replaced_by == (new.number if new else "")
    assert re.fullmatch(r"佐藤さんが2\d{3}年.+に印刷", page.printed)
    assert page.way_back == ""


def test_one_export_has_a_limit_of_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_page, "MOST", 2)
    for _each in range(3):
        sent()
    browser = seated(clerk())
    assert "一度に2件までです" in browser.get("/desk/take").content.decode()
    assert [len(numbers(take(browser))) for _time in range(2)] == [2, 1]


def test_a_failed_export_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = sent()

    def broken(*_given: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(export_formats, "csv_bytes", broken)
    with pytest.raises(RuntimeError):
        take(seated(clerk()))
    assert takes(notice) == []
    assert not AuditEntry.objects.exists()


def test_an_unprintable_character_is_reported_before_the_print() -> None:
    notice = sent(person__given_name="𓀀子")
    browser = seated(clerk())
    led = take(browser, way="print")
    assert "(U+13000)" in browser.get(led["Location"]).content.decode()
    assert takes(notice) == []


def test_another_providers_notices_are_never_exported() -> None:
    notice = sent()
    stranger = seated(clerk("yokosuka-1", provider=YOKOSUKA))
    for what, query in (("new", ""), ("list", ""), ("chosen", ids(notice)), ("again", "")):
        assert take(stranger, what, query=query).status_code == 302
    assert takes(notice) == []


@pytest.mark.parametrize(("what", "way"), [("new", "exe"), ("all", "csv"), ("", "")])
def test_an_unknown_format_or_selection_exports_nothing(what: str, way: str) -> None:
    notice = sent()
    assert take(seated(clerk()), what, way).status_code == 302
    assert takes(notice) == []


def test_a_receipt_number_that_excel_would_change_has_an_apostrophe() -> None:
    notice = sent()
    staff = clerk()
    accept_notice(notice, staff, "0012")
    header, row = notices_csv([Notice.objects.get(id=notice.id)])
    assert dict(zip(header, row, strict=True))["受付番号"] == "'0012"
