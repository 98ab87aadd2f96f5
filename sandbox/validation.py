"""Form validation: the errors that an old form finds in an application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sandbox.form import Blank, Day, Form, Row
from sandbox.requested_day import date_window, japanese_date, requested_date
from sandbox.shape import SHAPES


@dataclass(frozen=True)
class FieldError:
    """`name` is the blank that the words are about."""

    name: str
    text: str


def validation_errors(form: Form, values: Mapping[str, str], today: date) -> list[FieldError]:
    """Every error, in the order of the form; the days and the pairs last."""
    found = [
        FieldError(blank.name, text)
        for row in form.rows
        for blank in row.blanks
        if (text := _blank_error(row, blank, values))
    ]
    found += [
        FieldError(other, "メールアドレスが確認用と一致しません。")
        for one, other in form.same
        if values.get(one, "") != values.get(other, "")
    ]
    for day in form.days:
        if not any(error.name in day.names for error in found):
            found += _day_errors(day, values, today)
    return found


def _blank_error(row: Row, blank: Blank, values: Mapping[str, str]) -> str:
    label = row.label if len(row.blanks) == 1 else blank.meaning
    value = values.get(blank.name, "")
    if not value:
        needed = blank.required or _is_needed(blank, values)
        verb = "選択" if blank.options else "入力"
        return f"{label}が{verb}されていません。" if needed else ""
    if blank.options:
        known = any(code == value for code, _ in blank.options)
        return "" if known else f"{label}が正しく選択されていません。"
    shape = SHAPES[blank.shape]
    if not shape.pattern.fullmatch(value):
        return label + shape.error
    return f"{label}は{blank.length}文字以内で入力してください。" if len(value) > blank.length else ""


def _is_needed(blank: Blank, values: Mapping[str, str]) -> bool:
    if blank.needed_if is None:
        return False
    other, value = blank.needed_if
    return values.get(other) == value


def _day_errors(day: Day, values: Mapping[str, str], today: date) -> list[FieldError]:
    on = requested_date(day, values)
    if on is None:
        return [FieldError(day.names[0], f"{day.word}が正しい日付ではありません。")]
    first, last = date_window(day, today)
    if first <= on <= last:
        return []
    span = f"{japanese_date(first, day)}～{japanese_date(last, day)}"
    text = f"受付可能な{day.word}は{span}です。それ以外の日は、お電話でお申し込みください。"
    return [FieldError(day.names[0], text)]
