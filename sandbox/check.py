"""What an old form finds wrong with an application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sandbox.asked_day import asked, window, written
from sandbox.form import Blank, Form, Row
from sandbox.shape import SHAPES


@dataclass(frozen=True)
class Fault:
    """`name` is the blank that the words are about."""

    name: str
    text: str


def faults(form: Form, values: Mapping[str, str], today: date) -> list[Fault]:
    """Every fault, in the order of the form; the day and the pairs last."""
    found = [
        Fault(blank.name, text) for row in form.rows for blank in row.blanks if (text := _fault(row, blank, values))
    ]
    found += [
        Fault(other, "メールアドレスが確認用と一致しません。")
        for one, other in form.same
        if values.get(one, "") != values.get(other, "")
    ]
    if not any(fault.name in form.day.names for fault in found):
        found += _day_faults(form, values, today)
    return found


def _fault(row: Row, blank: Blank, values: Mapping[str, str]) -> str:
    label = row.label if len(row.blanks) == 1 else blank.meaning
    value = values.get(blank.name, "")
    if not value:
        needed = blank.required or _called_for(blank, values)
        verb = "選択" if blank.options else "入力"
        return f"{label}が{verb}されていません。" if needed else ""
    if blank.options:
        known = any(code == value for code, _ in blank.options)
        return "" if known else f"{label}が正しく選択されていません。"
    shape = SHAPES[blank.shape]
    if not shape.pattern.fullmatch(value):
        return label + shape.says
    return f"{label}は{blank.length}文字以内で入力してください。" if len(value) > blank.length else ""


def _called_for(blank: Blank, values: Mapping[str, str]) -> bool:
    if blank.needed_if is None:
        return False
    other, value = blank.needed_if
    return values.get(other) == value


def _day_faults(form: Form, values: Mapping[str, str], today: date) -> list[Fault]:
    day = form.day
    on = asked(day, values)
    if on is None:
        return [Fault(day.names[0], f"{day.word}が正しい日付ではありません。")]
    first, last = window(day, today)
    if first <= on <= last:
        return []
    span = f"{written(first, day)}～{written(last, day)}"
    says = f"受付可能な{day.word}は{span}です。それ以外の日は、お電話でお申し込みください。"
    return [Fault(day.names[0], says)]
