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
def test_what_is_no_day_is_told(data: dict[str, Any], message: str) -> None:
    assert message in Day(data).errors["on"][0]


def test_part_of_a_day_is_told_also_where_none_is_needed() -> None:
    form = Day(typed("2026", "12", "5") | typed("2026", "", "", name="perhaps"))
    assert form.errors == {"perhaps": ["年・月・日の3つとも入れてください。"]}


def test_what_was_typed_stays() -> None:
    assert Day({"on": "あした"})["on"].value() == ["あした", "", ""]
