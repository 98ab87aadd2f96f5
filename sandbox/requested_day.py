"""The day that an application asks for, parsed from the blanks that hold it."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from sandbox.form import Day

BEFORE_REIWA = 2018  # Reiwa 1 is 2019


def requested_date(day: Day, values: Mapping[str, str]) -> date | None:
    """The date, or None where the blanks do not say one."""
    typed = "-".join(values.get(name, "") for name in day.names)
    if day.style == "plain":
        typed = re.sub(r"(.{4})(.{2})(.{2})", r"\1-\2-\3", typed)
    parts = typed.replace("/", "-").split("-")
    if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
        return None
    year, month, day_of_month = (int(part) for part in parts)
    if day.style == "reiwa":
        year += BEFORE_REIWA
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def date_window(day: Day, today: date) -> tuple[date, date]:
    """The first and the last day that is accepted."""
    return today + timedelta(days=day.first), today + timedelta(days=day.last)


def japanese_date(on: date, day: Day) -> str:
    """A date in the words of this form: 令和8年12月5日 or 2026年12月5日."""
    year = f"令和{on.year - BEFORE_REIWA}年" if day.style == "reiwa" else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"
