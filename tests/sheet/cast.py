"""Sheets, forms and strategies of days."""

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.phrase import parse_phrase
from renrakucho.sheet.sheet_loader import read_sheet
from renrakucho.sheet.workdays import Workdays

FORM = """
title = "水道の届出"
version = 1
checked_on = 2026-11-22
source = "https://water.example/form"
channel = "inbox"
change = "until_accepted"
blank = []
"""
SOURCE = 'source = "https://water.example/days"\nchecked_on = 2026-11-22\n'
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
YEAR_ENDS = st.builds(
    lambda year, n: date(year, 12, 20) + timedelta(days=n), st.integers(2020, 2035), st.integers(0, 20)
)
WORKDAYS = st.builds(
    Workdays,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    closed_on=st.frozensets(DAYS | YEAR_ENDS, max_size=5),
    closed_each_year=st.frozensets(DAYS.map(lambda on: (on.month, on.day)), max_size=5),
    open_on_holidays=st.booleans(),
    open_at_year_end=st.booleans(),
)


def a_blank(name: str = "SHIMEI", *, say: str = "", label: str = "お名前", **rules: object) -> Blank:
    return Blank(name=name, label=label, say=parse_phrase(say) if say else None, **rules)  # type: ignore[arg-type]


def a_sheet(*blanks: Blank, encoding: str = "UTF-8", channel: str = "weblink") -> Sheet:
    return Sheet(
        provider="some-water",
        procedure="stop",
        title="水道の使用中止",
        version=3,
        checked_on=date(2026, 11, 22),
        source="https://water.example/form",
        channel=channel,
        encoding=encoding,
        blanks=blanks,
    )


def written_sheet(tmp_path: Path, text: str) -> Sheet:
    """The sheet of FORM and more TOML, read from a file."""
    folder = tmp_path / "some-water"
    folder.mkdir(exist_ok=True)
    (folder / "stop.toml").write_text(FORM + text, "utf-8")
    return read_sheet(folder / "stop.toml")
