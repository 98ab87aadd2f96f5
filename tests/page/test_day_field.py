from datetime import date
from typing import Any

import pytest
from django import forms

from renrakucho.page.day_field import DayField


class Day(forms.Form):
    on = DayField()
    perhaps = DayField(required=False)


@pytest.fixture
def on_november_28(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 28))


def typed(*parts: str, name: str = "on") -> dict[str, Any]:
    return {f"{name}_{place}": part for place, part in enumerate(parts)}


@pytest.mark.parametrize(
    "data",
    [
        typed("2026", "12", "5"),
        typed("２０２６", "１２", "０５"),
        typed(" 2026年", "12月", "5日"),
        {"on": "2026-12-05"},
        typed("令和8", "12", "5"),
        typed("令和８年", "１２月", "５日"),
        typed("R8", "12", "5"),
        typed("r.8", "十二", "五日"),
        typed("㋿8", "12", "5日(土)"),
        typed("平成38年", "12", "5"),
        typed("西暦2026年", "12", "5"),
        typed("26", "12", "5"),
        typed("'26", "12", "5"),
        typed("8", "12", "5"),
        typed("", "12", "5"),
        typed("2026/12/5", "", ""),
        typed("２０２６．１２．５", "", ""),
        typed("20261205", "", ""),
        typed("令和8年12月5日", "", ""),
        typed("令和八年十二月五日（土）", "", ""),
        typed("R8.12.5", "", ""),
        typed("12月5日", "", ""),
        typed("12/5(土曜日)", "", ""),
        typed("Dec 5, 2026", "", ""),
        typed("5 December 2026", "", ""),
        typed("20262026/12/5", "", ""),  # pasted behind the year that stands there
        typed("2026R8", "12", "5"),
        typed("2026", "12/5", ""),
        typed("2026", "2026-12-05", ""),
        typed("2026/12/5", "12", "5"),
        typed("2026\u200b", "12\xa0", "5"),
    ],
)
def test_a_day_is_read_however_it_was_typed(data: dict[str, Any], on_november_28: None) -> None:
    form = Day(data)
    assert form.is_valid()
    assert form.cleaned_data == {"on": date(2026, 12, 5), "perhaps": None}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "年・月・日を数字で入れてください。"),
        (typed("", "", ""), "年・月・日を数字で入れてください。"),
        (typed("2026", "", ""), "年・月・日を数字で入れてください。"),  # the year stood there
        (typed("2027", "", ""), "月と日を入れてください。"),
        (typed("2026", "", "5"), "月を入れてください。"),
        (typed("2026", "12", ""), "日を入れてください。"),
        (typed("2026", "2", "29"), "2026年2月29日は、カレンダーにありません。この月は1日から28日までです。"),
        (typed("R8", "4", "31"), "2026年4月31日は、カレンダーにありません。この月は1日から30日までです。"),
        (typed("2026", "13", "1"), "13月はありません"),
        (typed("2026", "12.5", "1"), "「12.5」は、ほかの欄の月日と合いません"),
        (typed("2026/12/5", "12", "6"), "「2026/12/5」は、ほかの欄の月日と合いません"),
        (typed("0000", "1", "1"), "「0000」は年として読めません"),
        (typed("202", "12", "5"), "「202」は年として読めません"),
        (typed("来年", "12", "5"), "「来年」は年として読めません"),
        (typed("5", "12", "2026"), "「2026」は日付として読めません"),
        ({"on": "あした"}, "「あした」は日付として読めません"),
    ],
)
def test_an_impossible_day_is_one_error(data: dict[str, Any], message: str, on_november_28: None) -> None:
    (error,) = Day(data).errors["on"]
    assert message in error


def test_an_incomplete_day_is_an_error_in_an_optional_field() -> None:
    form = Day(typed("2026", "12", "5") | typed("2026", "12", "", name="perhaps"))
    assert form.errors == {"perhaps": ["日を入れてください。"]}


def test_a_year_alone_that_stood_there_is_no_day_in_an_optional_field(on_november_28: None) -> None:
    form = Day(typed("2026", "12", "5") | typed("2026", "", "", name="perhaps"))
    assert form.is_valid()
    assert form.cleaned_data["perhaps"] is None


@pytest.mark.parametrize(
    ("today", "year"), [((2026, 11, 28), "2026"), ((2026, 12, 17), "2026"), ((2026, 12, 18), "2027")]
)
def test_the_year_of_most_moves_stands_there(monkeypatch: pytest.MonkeyPatch, today: Any, year: str) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(*today))
    assert Day()["on"].value() == [year, "", ""]


@pytest.mark.parametrize(("typed_day", "on"), [("1/6", (2027, 1, 6)), ("11/1", (2026, 11, 1)), ("2/29", (2028, 2, 29))])
def test_a_day_without_a_year_is_the_one_nearest_to_today(
    monkeypatch: pytest.MonkeyPatch, typed_day: str, on: Any
) -> None:
    today = (2027, 11, 28) if typed_day == "2/29" else (2026, 11, 28)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(*today))
    assert DayField().clean([typed_day, "", ""]) == date(*on)


def test_typed_texts_are_shown_again() -> None:
    assert Day({"on": "あした"})["on"].value() == ["あした", "", ""]
