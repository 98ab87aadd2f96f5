"""Form field of a day: year, month and day in three inputs, or the browser's own calendar."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.typed_date import (
    day_typed,
    last_day_of,
    likely_year,
    month_typed,
    nearest_date,
    possible_years,
    whole_date,
    years_around,
)
from renrakucho.lib.typed_text import clean_code


def day_parts(value: object) -> tuple[str, str, str]:
    """Return the texts of the three inputs, from a date or from what was typed."""
    if isinstance(value, date):
        return str(value.year), str(value.month), str(value.day)
    if isinstance(value, str):
        written = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
        return (written[1], written[2], written[3]) if written else (value, "", "")
    if isinstance(value, Sequence):
        year, month, day = [*(str(part or "") for part in value), "", "", ""][:3]
        return year, month, day
    return "", "", ""


class DayWidget(forms.MultiWidget):
    """Read <name>_0, _1, _2, or <name> alone as a browser's calendar sends it (2026-12-05). Never rendered."""

    def __init__(self) -> None:
        super().__init__([forms.TextInput, forms.TextInput, forms.TextInput])

    def decompress(self, value: object) -> list[str]:
        return list(day_parts(value))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if f"{name}_0" not in data and name in data:
            return list(day_parts(data[name]))
        return [data.get(f"{name}_{place}", "") for place in range(3)]


class DayField(forms.Field):
    """A date, however it is typed (typed_date); None where it is not required and no more than a year stands there.

    The year that most moves are in stands there already. A day whose year is not sure is the one nearest to today.
    """

    widget = DayWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("年・月・日を数字で入れてください。"),
        "year": _("「%(text)s」は年として読めません。「2026」か「令和8」のように入れてください。"),
        "unread": _("「%(text)s」は日付として読めません。年・月・日を数字で入れてください（例: 2026年 12月 5日）。"),
        "no_month": _("月を入れてください。"),
        "no_day": _("日を入れてください。"),
        "no_month_and_day": _("月と日を入れてください。"),
        "month": _("%(month)s月はありません。月は1から12までです。"),
        "invalid": _("%(year)s年%(month)s月%(day)s日は、カレンダーにありません。この月は1日から%(last)s日までです。"),
        "twice": _("「%(text)s」は、ほかの欄の月日と合いません。どちらかだけを残してください。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(initial=_year_to_begin_with, **kwargs)

    def clean(self, value: Any) -> date | None:
        """Raises ValidationError."""
        year, month, day = (clean_code(part) for part in day_parts(value))
        year = _without_prefilled(year)
        if not (month or day or whole_date(year)) and (not year or year == str(likely_year(timezone.localdate()))):
            if self.required:
                raise self._error("required")
            return None
        year, month, day = self._spread(year, month, day)
        self._require_all(year, month, day)
        months, days = month_typed(month), day_typed(day)
        if months is None or days is None:
            raise self._error("unread", text=month if months is None else day)
        return self._nearest(year, months, days)

    def _spread(self, year: str, month: str, day: str) -> tuple[str, str, str]:
        """Spread a whole date in one input over all three."""
        for typed, others in ((year, (month, day)), (month, (day,)), (day, (month,))):
            if found := whole_date(typed):
                parts = str(found.month), str(found.day)
                if any(others) and others != parts:
                    raise self._error("twice", text=typed)
                return found.year or ("" if typed == year else year), *parts
        return year, month, day

    def _require_all(self, year: str, month: str, day: str) -> None:
        missing = (not month, not day)
        if missing == (True, True):
            raise self._error("unread", text=year) if not possible_years(year) else self._error("no_month_and_day")
        if any(missing):
            raise self._error("no_month" if missing[0] else "no_day")

    def _nearest(self, year: str, month: int, day: int) -> date:
        today = timezone.localdate()
        years = possible_years(year) if year else years_around(today)
        if not years or years[0] < 1:
            raise self._error("year", text=year)
        if not 1 <= month <= 12:
            raise self._error("month", month=month)
        on = nearest_date(years, month, day, today)
        if on is None:
            nearest = min(years, key=lambda one: abs(one - today.year))
            raise self._error("invalid", year=nearest, month=month, day=day, last=last_day_of(nearest, month))
        return on

    def _error(self, code: str, **words: object) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=words)


def _without_prefilled(year: str) -> str:
    """Return the text typed or pasted behind the year that stood there: 20262026/12/5, 2026R8."""
    rest = year.removeprefix(str(likely_year(timezone.localdate())))
    is_typed_behind = not whole_date(year) and (whole_date(rest) or len(possible_years(rest)) == 1)
    return rest if is_typed_behind else year


def _year_to_begin_with() -> list[str]:
    return [str(likely_year(timezone.localdate())), "", ""]
