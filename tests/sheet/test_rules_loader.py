"""Rules that cannot be meant are refused, and it is said where."""

from pathlib import Path

import pytest

from renrakucho.lib.toml_lines import Place
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.rules import AttendanceRule, FeeRule, VisitSlots, WithoutNumber
from renrakucho.sheet.toml_keys import BadSheet
from tests.sheet.cast import SOURCE, written_sheet

WINDOW = f'[window]\nfact = "move.leave_on"\n{SOURCE}'
RULES = f"[rules]\n{SOURCE}"
FOUR_SLOTS = '{ choices = ["1", "2", "3", "4"]'


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        (
            WINDOW + "earliest_days = 1\nearliest_business_days = 1",
            "earliest_days and earliest_business_days exclude each other",
            ("window", "earliest_business_days"),
        ),
        (WINDOW + "earliest_business_days = -1", "not between 0 and 731", ("window", "earliest_business_days")),
        (WINDOW + "latest_days = 732", "not between -731 and 731", ("window", "latest_days")),
        (WINDOW + "latest_days = 20000", "not between -731 and 731", ("window", "latest_days")),
        (WINDOW + "latest_days = true", "latest_days is not a number", ("window", "latest_days")),
        (WINDOW + 'cut_off = "17:00"', "cut_off is not a time like 17:00:00", ("window", "cut_off")),
        (WINDOW.replace("2026-11-22", "2026-11-22T00:00:00"), "checked_on is not a date", ("window", "checked_on")),
        ('[window]\nfact = "move.leave_on"', "window: 'source' is missing", ("window",)),
        ('[workdays]\nweekdays = ["monday"]', "weekdays are some of mon, tue", ("workdays", "weekdays")),
        ("[workdays]\nweekdays = []", "weekdays are some of mon, tue", ("workdays", "weekdays")),
        ('[workdays]\nclosed_on = ["2026-12-28"]', "not a list of dates", ("workdays", "closed_on")),
        ("[rules]\nchecked_on = 2026-11-22", "rules: 'source' is missing", ("rules",)),
        (RULES + "notes = [1]", "notes is not a list of texts", ("rules", "notes")),
        (
            RULES + 'attendance = { needed = "maybe" }',
            "not one of never, always, when",
            ("rules", "attendance", "needed"),
        ),
        (RULES + 'attendance = { needed = "when" }', "words have to say when", ("rules", "attendance", "needed")),
        (RULES + 'slots = { choices = ["午前"], wishes = 2 }', "wishes are 1 to 3", ("rules", "slots", "wishes")),
        (
            RULES + 'slots = { choices = ["1", "2", "3", "4"], wishes = 4 }',
            "wishes are 1 to 3",
            ("rules", "slots", "wishes"),
        ),
        (RULES + "slots = { choices = [], wishes = 0 }", "wishes are 1 to 3", ("rules", "slots", "wishes")),
        (RULES + f"slots = {FOUR_SLOTS}, wishes = 0 }}", "wishes are 1 to 3", ("rules", "slots", "wishes")),
        (RULES + 'slots = "午前"', "slots is not a table", ("rules", "slots")),
        (RULES + "fee = { yen = -1 }", "yen is below 0", ("rules", "fee", "yen")),
        (RULES + "fee = { jpy = 1 }", "rules: fee: fee has no 'jpy'", ("rules", "fee", "jpy")),
        (
            WINDOW.replace("leave_on", "leave"),
            "there is no fact 'move.leave'; did you mean 'move.leave_on'?",
            ("window", "fact"),
        ),
        (RULES + 'change_until = { days = -1, before = ["move.leave_on"] }', "0 or more", ("rules", "change_until")),
        (
            RULES + 'change_until = { days = 1, before = ["person.family_name"] }',
            "'person.family_name' is none",
            ("rules", "change_until", "before"),
        ),
        (
            RULES + 'change_until = { days = 1, before = ["person.sex"] }',
            "no fact",
            ("rules", "change_until", "before"),
        ),
        (RULES + "change_until = { days = 1, before = [] }", "before one date or several", ("rules", "change_until")),
        (
            RULES + 'change_until = { before = ["move.leave_on"] }',
            "days, business_days or months",
            ("rules", "change_until"),
        ),
        (
            RULES + 'without_number = { number = "番号", way = "phone_only" }',
            "words have to say what to do",
            ("rules", "without_number", "way"),
        ),
    ],
)
def test_an_impossible_rule_is_refused_with_its_place(tmp_path: Path, text: str, message: str, place: Place) -> None:
    with pytest.raises(BadSheet) as error:
        written_sheet(tmp_path, text)
    assert message in str(error.value)
    assert str(error.value).startswith(f"some-water/stop.toml: {place[0]}: ")
    assert error.value.place == place


def test_the_furthest_day_the_most_wishes_and_a_leap_day_are_accepted(tmp_path: Path) -> None:
    workdays = '[workdays]\nclosed_each_year = ["02-29"]\n'
    slots = f"slots = {FOUR_SLOTS}, wishes = 3 }}\n"
    found = written_sheet(tmp_path, workdays + WINDOW + "earliest_days = -731\nlatest_days = 731\n" + RULES + slots)
    assert found.window
    assert (found.window.earliest, found.window.latest) == (LeadTime(-731), LeadTime(731))
    assert found.window.workdays.closed_each_year == {(2, 29)}
    assert found.rules
    assert found.rules.slots
    assert found.rules.slots.wishes == 3


def test_offices_work_from_monday_to_friday_and_take_one_wish_unless_said_otherwise(tmp_path: Path) -> None:
    found = written_sheet(tmp_path, WINDOW + RULES + f"slots = {FOUR_SLOTS} }}")
    assert found.window
    assert found.window.workdays.weekdays == {0, 1, 2, 3, 4}
    assert found.rules
    assert found.rules.slots
    assert found.rules.slots.wishes == 1


def test_days_on_which_an_office_is_closed_change_no_weekdays(tmp_path: Path) -> None:
    found = written_sheet(tmp_path, "[workdays]\nclosed_on = [2026-11-24]\n" + WINDOW)
    assert found.window
    assert found.window.workdays.weekdays == {0, 1, 2, 3, 4}


def test_the_least_fee_the_least_wish_and_the_latest_deadline_are_accepted(tmp_path: Path) -> None:
    found = written_sheet(
        tmp_path,
        '[workdays]\nweekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
        + WINDOW
        + "latest_business_days = 0\n"
        + RULES
        + 'attendance = { needed = "never" }\nslots = { choices = ["午前"], wishes = 1 }\nfee = { yen = 0 }\n'
        + 'change_until = { days = 0, before = ["move.leave_on"] }\n'
        + 'without_number = { number = "番号", way = "may_be_blank" }\n',
    )
    assert found.window
    assert found.window.latest == LeadTime(0, "business_day")
    assert found.window.workdays.weekdays == set(range(7))
    assert found.rules
    assert found.rules.attendance == AttendanceRule("never")
    assert found.rules.slots == VisitSlots(("午前",), 1)
    assert found.rules.fee == FeeRule(0)
    assert found.rules.change_until
    assert found.rules.change_until.lead == LeadTime(0)
    assert found.rules.without_number == WithoutNumber("番号", "may_be_blank")
