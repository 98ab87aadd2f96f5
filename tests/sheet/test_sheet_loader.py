"""A sheet's author hears what is wrong, and where."""

import contextlib
import copy
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.sheet_loader import load_sheets, read_sheet, sheet_problems
from renrakucho.sheet.toml_keys import BadSheet

HEAD = """
title = "水道の使用中止"
version = 2
checked_on = 2026-11-22
source = "https://water.example/form"
channel = "weblink"
encoding = "Shift_JIS"
asked_there = ["お客さま番号"]
change = "by_phone"
"""
WINDOW = """
[window]
fact = "move.leave_on"
earliest_days = 3
source = "https://water.example/days"
checked_on = 2026-11-22
"""
BLANK = """
[[blank]]
name = "SHIMEI"
label = "お名前"
say = "{person.family_name}"
required = true
longest = 20
"""


def written(tmp_path: Path, text: str, procedure: str = "stop") -> Path:
    folder = tmp_path / "some-water"
    folder.mkdir(exist_ok=True)
    path = folder / f"{procedure}.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_sheet_is_read_as_it_is_written(tmp_path: Path) -> None:
    sheet = read_sheet(written(tmp_path, HEAD + WINDOW + BLANK))
    assert sheet.key == "some-water/stop@2"
    assert (sheet.encoding, sheet.changeable, sheet.asked_there) == ("Shift_JIS", False, ("お客さま番号",))
    assert sheet.window
    assert (sheet.window.earliest, sheet.window.latest) == (LeadTime(3), None)
    (blank,) = sheet.blanks
    assert (blank.required, blank.longest, blank.facts()) == (True, 20, ("person.family_name",))


def test_a_folder_has_the_procedures_that_it_has(tmp_path: Path) -> None:
    written(tmp_path, HEAD + BLANK, "start")
    written(tmp_path, HEAD + BLANK, "change")
    written(tmp_path, "name = 'x'", "provider")
    assert list(load_sheets(tmp_path / "some-water")) == ["start", "change"]


def test_words_can_be_a_table_that_many_share(tmp_path: Path) -> None:
    blank = BLANK.replace("person.family_name", "origin.prefecture") + 'words = "prefecture_code"\n'
    (read_blank,) = read_sheet(written(tmp_path, HEAD + blank)).blanks
    assert read_blank.words["北海道"] == "01"
    assert read_blank.words["沖縄県"] == "47"
    assert len(read_blank.words) == 47


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("version = 2", "version =", "Invalid value (at line 3"),
        ("version = 2", "", "'version' is missing"),
        ("version = 2", 'version = "2"', "some-water/stop.toml: version is not a number"),
        ("version = 2", "version = 2\nencodng = 1", "a form has no 'encodng'; did you mean 'encoding'?"),
        (
            "version = 2",
            "version = 2\ncolour = 1",
            "a form has no 'colour'; there are arriving_window, asked_there, assurance, blank",
        ),
        (
            "{person.family_name}",
            "{person.famly_name}",
            "did you mean 'person.family_name'?",
        ),
        ("Shift_JIS", "SJIS", "encoding 'SJIS' is not one of UTF-8, Shift_JIS, EUC-JP"),
        ("2026-11-22", '"22 Nov"', "checked_on is not a date like 2026-11-22"),
        ("by_phone", "always", "change = 'always' is not one of"),
        ("move.leave_on", "move.leave", "there is no fact 'move.leave'"),
        ("move.leave_on", "origin.room", "a window counts from a date, and 'origin.room' is none"),
        ("earliest_days", "earliest", "a window has no 'earliest'"),
        ("earliest_days = 3", 'earliest_days = "3"', "earliest_days is not a number"),
        ('name = "SHIMEI"\n', "", "blank '?': 'name' is missing"),
        ("label =", "lable =", "blank 'SHIMEI': a blank has no 'lable'"),
        ("longest = 20", 'longest = "20"', "blank 'SHIMEI': longest is not a number"),
        ("longest = 20", "longest = true", "blank 'SHIMEI': longest is not a number"),
        ("longest = 20", "words = 1", "blank 'SHIMEI': words is not a table or the name of one"),
        ("required = true", 'required = "yes"', "blank 'SHIMEI': required is not true or false"),
        ("{person.family_name}", "{person.name}", "blank 'SHIMEI': there is no fact 'person.name'"),
        ("say =", "ask =", "ask = '{person.family_name}' is not one of text, lines, choice"),
        ("say = ", 'fixed = "1"\nsay = ', "exactly one of say, ask, fixed and rest_of is needed"),
        ('say = "{person.family_name}"', "", "exactly one of say, ask, fixed and rest_of is needed"),
        ('say = "{person.family_name}"', 'ask = "choice"', 'choices belong to ask = "choice"'),
        ('say = "{person.family_name}"', 'ask = "text"\nchoices = [["1", "はい"]]', 'choices belong to ask = "choice"'),
        ('say = "{person.family_name}"', 'ask = "text"\npattern = "[0-9"', "the pattern cannot be read"),
        ('say = "{person.family_name}"', 'ask = "text"\nwords = { a = "1" }', "words belong to say"),
        ("longest = 20", 'words = "no_such"', "there is no table 'no_such'; there are prefecture_code"),
        ("longest = 20", "[[blank]]" + BLANK.partition("[[blank]]")[2], "two blanks are named 'SHIMEI'"),
    ],
)
def test_a_bad_sheet_is_refused_with_the_file_and_what_is_wrong(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    text = HEAD + WINDOW + BLANK
    assert before in text
    with pytest.raises(BadSheet) as error:
        read_sheet(written(tmp_path, text.replace(before, after)))
    assert str(error.value).startswith("some-water/stop.toml: ")
    assert message in str(error.value)


def test_every_faulty_part_is_reported_at_once() -> None:
    faulty = HEAD.replace("by_phone", "always") + WINDOW.replace("_days", "") + BLANK.replace("20", '"20"')
    found = sheet_problems(tomllib.loads(faulty), "some-water", "stop")
    assert [error.place for error in found] == [("change",), ("blank", 0, "longest"), ("window", "earliest")]


REST = '[[blank]]\nname = "MEI2"\nlabel = "続き"\nrest_of = "SHIMEI"\nlongest = 5\n'


def test_a_blank_can_go_on_in_another(tmp_path: Path) -> None:
    first, second = read_sheet(written(tmp_path, HEAD + BLANK + REST)).blanks
    assert (first.rest_of, second.rest_of, second.say) == ("", "SHIMEI", None)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('rest_of = "SHIMEI"', 'rest_of = "SEI"', "blank 'MEI2': no blank above it is named 'SEI'"),
        ('rest_of = "SHIMEI"', 'rest_of = "MEI2"', "blank 'MEI2': no blank above it is named 'MEI2'"),
        ("longest = 20", "", "'SHIMEI' needs longest or longest_bytes to have a rest"),
        ('say = "{person.family_name}"', 'fixed = "1"', "only what is said in words can go on, not 'SHIMEI'"),
        ("longest = 20", 'longest = 20\nwords = { a = "1" }', "only what is said in words can go on, not 'SHIMEI'"),
        ("longest = 5", REST.replace("MEI2", "MEI3"), "blank 'MEI3': 'SHIMEI' goes on in another blank already"),
    ],
)
def test_an_impossible_rest_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(BadSheet) as error:
        read_sheet(written(tmp_path, (HEAD + BLANK + REST).replace(before, after, 1)))
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("say", "words", "message"),
    [
        (
            "{payment.final}",
            '{ cheque = "1" }',
            "payment.final has no 'cheque'; there are account, card, on_site, slip",
        ),
        ("{payment.final}{origin.room}", '{ account = "1" }', "words need a say of exactly one fact"),
        ("1", '{ account = "1" }', "words need a say of exactly one fact"),
    ],
)
def test_words_are_checked_against_the_fact(tmp_path: Path, say: str, words: str, message: str) -> None:
    blank = BLANK.replace("{person.family_name}", say) + f"words = {words}\n"
    with pytest.raises(BadSheet) as error:
        read_sheet(written(tmp_path, HEAD + blank))
    assert message in str(error.value)


JUNK = st.sampled_from(
    [
        None,
        True,
        -1,
        1,
        10**9,
        0.5,
        "",
        "x",
        "move.leave_on",
        date(2026, 1, 1),
        time(1),
        [],
        ["x"],
        [["x"]],
        [1],
        {},
        {"x": 1},
    ]
)
WHOLE = tomllib.loads(
    HEAD
    + WINDOW
    + """[workdays]
weekdays = ["mon"]
closed_on = [2026-12-28]
[rules]
source = "x"
checked_on = 2026-11-22
attendance = { needed = "when", words = "x", minutes = 3 }
slots = { choices = ["x"], wishes = 1 }
fee = { yen = 3, words = "x" }
change_until = { days = 1, before = ["move.leave_on"] }
without_number = { number = "x", way = "other_way", words = "x" }
notes = ["x"]
"""
    + BLANK
    + 'words = { x = "1" }\n[[blank]]\nname = "y"\nlabel = "y"\nask = "choice"\nchoices = [["1", "x"]]\n'
)


def places(source: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = source.items() if isinstance(source, dict) else enumerate(source) if isinstance(source, list) else ()
    return [place, *(found for key, value in inside for found in places(value, (*place, key)))]


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(places(WHOLE)[1:]), JUNK), min_size=1, max_size=2))
def test_whatever_is_written_is_read_or_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    source = copy.deepcopy(WHOLE)
    for (*above, last), value in changes:
        table: Any = source
        with contextlib.suppress(KeyError, IndexError, TypeError):
            for key in above:
                table = table[key]
            if isinstance(table, dict) and not isinstance(last, str):
                continue  # an earlier change has made a table of a list; keys of TOML are texts
            if value is None:
                del table[last]
            else:
                table[last] = value
    for error in sheet_problems(source, "some-water", "stop"):
        assert str(error)
        assert error.place is not None
