"""Form validation: the errors of the stand-in forms."""

from datetime import date, timedelta

import pytest

from sandbox.form import Form
from sandbox.sites import find_form
from sandbox.validation import validation_errors
from tests.sandbox.visitor import NOW, Visitor, address, confirmed, day_values, entered, handed_over, own_items

TODAY = NOW.date()


def complaints(slug: str, procedure: str, **other: str) -> list[str]:
    form = the_form(slug, procedure)
    values = handed_over(form) | own_items(form) | other
    return [fault.text for fault in validation_errors(form, values, TODAY)]


def the_form(slug: str, procedure: str) -> Form:
    found = find_form(slug, procedure)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("slug", "procedure", "field", "value", "complaint"),
    [
        ("tokyo-waterworks", "stop", "BANCHI", "5-6", "番地は全角で入力してください。"),
        ("tokyo-waterworks", "stop", "FURIGANA", "とうきょう", "フリガナは全角カタカナで入力してください。"),
        ("tokyo-waterworks", "stop", "KENSAKU_KU", "昭島市", "区市名が正しく選択されていません。"),
        ("tokyo-waterworks", "stop", "SHIMEI", "あ" * 41, "お名前は40文字以内で入力してください。"),
        ("tokyo-waterworks", "stop", "TEL2", "１２", "電話番号（市内局番）は半角数字で入力してください。"),
        ("kawasaki-water", "stop", "f08_tel", "0441234567", "電話番号はハイフン付きの半角数字で入力してください。"),
        ("kawasaki-water", "stop", "f13_mail2", "x@example.jp", "メールアドレスが確認用と一致しません。"),
        ("nhk", "change", "KANA", "トウキョウ", "お名前（カナ）は半角カナで入力してください。"),
        ("nhk", "change", "OLD_ZIP", "102-0084", "郵便番号はハイフンなしの半角数字７桁で入力してください。"),
        ("nhk", "change", "MAIL", "nobody", "メールアドレスは半角英数字で正しく入力してください。"),
        ("tokyo-gas", "stop", "stopDate", "2026/12/03", "ガスの停止日は「2026-12-05」の形で入力してください。"),
        ("mitsui-sumitomo", "change", "keiyakushaKana", "トウキョウ", "ふりがなは全角ひらがなで入力してください。"),
        ("tepco-ep", "start", "doui", "", "ご同意が選択されていません。"),
    ],
)
def test_a_wrong_value_is_reported(slug: str, procedure: str, field: str, value: str, complaint: str) -> None:
    assert complaints(slug, procedure) == []
    assert complaints(slug, procedure, **{field: value}) == [complaint]


def test_an_item_can_be_required_by_another() -> None:
    assert complaints("tokyo-waterworks", "stop", TACHIAI="1") == ["立会いの時間帯が選択されていません。"]
    assert complaints("tokyo-waterworks", "stop", TACHIAI="1", TACHIAI_JIKAN="2") == []


@pytest.mark.parametrize(("slug", "procedure"), [("tokyo-waterworks", "stop"), ("kawasaki-water", "start")])
def test_days_outside_of_the_window_are_refused(slug: str, procedure: str) -> None:
    form = the_form(slug, procedure)

    def on(days: int) -> list[str]:
        return complaints(slug, procedure, **day_values(form, TODAY + timedelta(days=days)))

    assert on(3) == on(30) == []
    assert len(on(2)) == len(on(31)) == 1
    assert on(2)[0].startswith(f"受付可能な{form.days[0].word}は")


def test_a_day_that_does_not_exist_is_refused() -> None:
    assert complaints("tokyo-waterworks", "stop", CHUSHI_M="2", CHUSHI_D="30") == [
        "使用中止日が正しい日付ではありません。"
    ]


def test_a_padded_month_and_day_are_read() -> None:
    form = the_form("tokyo-waterworks", "stop")
    assert day_values(form, date(2026, 12, 3))["CHUSHI_D"] == "3"
    assert complaints("tokyo-waterworks", "stop", CHUSHI_Y="2026", CHUSHI_M="12", CHUSHI_D="03") == []


def test_the_page_shows_the_window_and_the_error(visitor: Visitor) -> None:
    found = find_form("kawasaki-water", "stop")
    assert found
    site, form = found
    late = day_values(form, TODAY + timedelta(days=40))
    page = confirmed(visitor, site, form, entered(visitor, site, form) | late)
    window = "令和8年11月26日～令和8年12月23日"
    assert f"受付可能な使用中止日は{window}です。" in visitor.get(address(site, form)).words
    assert page.faults[0].startswith(f"受付可能な使用中止日は{window}です。")
