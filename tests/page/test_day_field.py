from datetime import date
from typing import Any

import pytest
from django import forms

from renrakucho.page.day_field import DayField


class Day(forms.Form):
    on = DayField()
    perhaps = DayField(required=False)


def typed(*parts: str, name: str = "on") -> dict[str, Any]:
    return {f"{name}_{place}": part for place, part in enumerate(parts)}


@pytest.mark.parametrize(
    "data",
    [
        typed("2026", "12", "5"),
        typed("２０２６", "１２", "０５"),
        typed(" 2026年", "12月", "5日"),
        {"on": "2026-12-05"},
    ],
)
def test_a_day_is_read_however_it_was_typed(data: dict[str, Any]) -> None:
    form = Day(data)
    assert form.is_valid()
    assert form.cleaned_data == {"on": date(2026, 12, 5), "perhaps": None}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "年・月・日を数字で入れてください。"),
        (typed("", "", ""), "年・月・日を数字で入れてください。"),
        (typed("2026", "", "5"), "年・月・日の3つとも入れてください。"),
        (typed("2026", "2", "29"), "カレンダーにありません"),
        (typed("2026", "13", "1"), "カレンダーにありません"),
        (typed("2026", "12.5", "1"), "カレンダーにありません"),
        (typed("0000", "1", "1"), "カレンダーにありません"),
        (typed("8", "12", "5"), "西暦4けた"),
        ({"on": "あした"}, "3つとも"),
    ],
)
def test_an_impossible_day_is_an_error(data: dict[str, Any], message: str) -> None:
    assert message in Day(data).errors["on"][0]


def test_an_incomplete_day_is_an_error_in_an_optional_field() -> None:
    form = Day(typed("2026", "12", "5") | typed("2026", "", "", name="perhaps"))
    assert form.errors == {"perhaps": ["年・月・日の3つとも入れてください。"]}


def test_typed_texts_are_shown_again() -> None:
    assert Day({"on": "あした"})["on"].value() == ["あした", "", ""]
