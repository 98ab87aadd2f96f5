"""A form that takes stop and start together: two ends, two days, a window for each."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from renrakucho.sheet.form import Sheet
from renrakucho.sheet.sheet_loader import read_sheet
from renrakucho.sheet.sheet_review import sheet_mistakes
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.sheet.window import JAPAN, refusing_window
from renrakucho.standard.sheet import sheet_document, sheet_from
from tests.sheet.cast import FORM, SOURCE

LEAVING = f'[window]\nfact = "move.leave_on"\nearliest_days = 3\nlatest_days = 30\n{SOURCE}'
ARRIVING = f'[arriving_window]\nfact = "move.arrive_on"\nlatest_days = 10\n{SOURCE}'
BLANKS = "".join(
    f'[[blank]]\nname = "{name}"\nlabel = "{name}"\nsay = "{{{fact}}}"\n'
    for name, fact in (
        ("A", "move.leave_on"),
        ("B", "move.arrive_on"),
        ("C", "origin.block"),
        ("D", "destination.block"),
    )
)
NOW = datetime(2026, 11, 28, 12, tzinfo=JAPAN)


def written(folder: Path, text: str, procedure: str = "move") -> Path:
    path = folder / f"{procedure}.toml"
    path.write_text(FORM.replace("blank = []\n", "") + text, "utf-8")
    return path


def a_form(folder: Path, text: str = LEAVING + ARRIVING + BLANKS, procedure: str = "move") -> Sheet:
    return read_sheet(written(folder, text, procedure))


@pytest.mark.parametrize(
    ("leave", "arrive", "refused"),
    [
        ("2026-12-01", "2026-12-08", ""),
        ("2026-11-30", "2026-12-08", "move.leave_on"),
        ("2026-12-01", "2026-12-09", "move.arrive_on"),
        ("2026-11-30", "2026-12-09", "move.leave_on"),
        ("", "2026-12-09", "move.arrive_on"),
        ("", "", ""),
    ],
)
def test_each_day_has_its_own_window(tmp_path: Path, leave: str, arrive: str, refused: str) -> None:
    window = refusing_window(a_form(tmp_path).windows, {"move.leave_on": leave, "move.arrive_on": arrive}, NOW)
    assert (window.fact if window else "") == refused


def test_the_standard_keeps_both_windows(tmp_path: Path) -> None:
    sheet = a_form(tmp_path)
    assert sheet_from(sheet_document(sheet, "水道局")) == sheet
    assert sheet_from(sheet_document(replace(sheet, window=None), "水道局")) == replace(sheet, window=None)


@pytest.mark.parametrize(
    ("procedure", "text", "message"),
    [
        ("stop", ARRIVING + BLANKS, "arriving_window binds the day of arriving"),
        ("change", ARRIVING + BLANKS, "arriving_window binds the day of arriving"),
        ("move", ARRIVING.replace("arrive_on", "leave_on") + BLANKS, "arriving_window binds the day of arriving"),
        ("move", '[[case]]\nmunicipalities = ["東京都千代田区"]\n' + BLANKS, "the same windows in all municipalities"),
        ("pause", BLANKS, "there is no procedure 'pause'"),
    ],
)
def test_what_such_a_form_cannot_mean_is_refused(tmp_path: Path, procedure: str, text: str, message: str) -> None:
    with pytest.raises(BadSheet, match=message):
        a_form(tmp_path, text, procedure)


@pytest.mark.parametrize("fact", ["move.leave_on", "move.arrive_on", "origin.block", "destination.block"])
def test_its_author_is_told_what_it_does_not_say(tmp_path: Path, fact: str) -> None:
    assert sheet_mistakes(written(tmp_path, LEAVING + ARRIVING + BLANKS)) == []
    found = sheet_mistakes(written(tmp_path, BLANKS.replace(fact, "contact.email")))
    assert [mistake.message for mistake in found] == [f"no blank says {fact}, which the provider cannot do without"]


def test_the_day_of_arriving_is_counted_with_its_working_days(tmp_path: Path) -> None:
    workdays = '[workdays]\nweekdays = ["mon"]\n'
    sheet = a_form(tmp_path, workdays + ARRIVING + "workdays_only = true\n" + BLANKS)
    assert sheet.arriving_window
    assert sheet.arriving_window.closed(date(2026, 12, 1))
    assert sheet_from(sheet_document(sheet, "水道局")) == sheet
