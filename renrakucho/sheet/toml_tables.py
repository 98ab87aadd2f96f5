"""Schema of a sheet's TOML: one TypedDict a table, with each key's kind and whether it is required.

form.py shows a whole file. A nested table is `dict[str, Any]` until its own TypedDict has been checked.
"""

from datetime import date, time
from typing import Any, NotRequired, TypedDict

from renrakucho.sheet.assurance import CheckNeed
from renrakucho.sheet.form import Ask, Changing
from renrakucho.sheet.rules import Needed, NumberWay


class SheetTable(TypedDict):
    """The file itself."""

    title: str
    version: int
    checked_on: date
    source: str
    channel: str
    change: Changing
    blank: list[Any]
    encoding: NotRequired[str]
    by_phone: NotRequired[str]
    asked_there: NotRequired[list[str]]
    workdays: NotRequired[dict[str, Any]]
    window: NotRequired[dict[str, Any]]
    arriving_window: NotRequired[dict[str, Any]]
    rules: NotRequired[dict[str, Any]]
    assurance: NotRequired[dict[str, Any]]
    case: NotRequired[list[Any]]


class BlankTable(TypedDict):
    """[[blank]]"""

    name: str
    label: str
    say: NotRequired[str]
    ask: NotRequired[Ask]
    fixed: NotRequired[str]
    rest_of: NotRequired[str]
    required: NotRequired[bool]
    longest: NotRequired[int]
    longest_bytes: NotRequired[int]
    words: NotRequired[dict[str, Any] | str]
    help: NotRequired[str]
    example: NotRequired[str]
    pattern: NotRequired[str]
    pattern_help: NotRequired[str]
    choices: NotRequired[list[Any] | str]


class CaseTable(TypedDict, total=False):
    """[[case]]"""

    municipalities: list[str]
    channel: str
    by_phone: str
    window: dict[str, Any]
    rules: dict[str, Any]


class AssuranceTable(TypedDict, total=False):
    """[assurance]"""

    number: str
    check: CheckNeed
    login: list[str]


class WorkdaysTable(TypedDict, total=False):
    """[workdays]"""

    weekdays: list[str]
    closed_on: list[date]
    closed_each_year: list[str]
    open_on_holidays: bool
    open_at_year_end: bool


class WindowTable(TypedDict):
    """[window]"""

    fact: str
    source: str
    checked_on: date
    earliest_days: NotRequired[int]
    earliest_business_days: NotRequired[int]
    earliest_months: NotRequired[int]
    latest_days: NotRequired[int]
    latest_business_days: NotRequired[int]
    latest_months: NotRequired[int]
    cut_off: NotRequired[time]
    workdays_only: NotRequired[bool]


class RulesTable(TypedDict):
    """[rules]"""

    source: str
    checked_on: date
    attendance: NotRequired[dict[str, Any]]
    slots: NotRequired[dict[str, Any]]
    fee: NotRequired[dict[str, Any]]
    change_until: NotRequired[dict[str, Any]]
    withdraw_until: NotRequired[dict[str, Any]]
    without_number: NotRequired[dict[str, Any]]
    answer_within: NotRequired[dict[str, Any]]
    notes: NotRequired[list[str]]


class AttendanceTable(TypedDict):
    """[rules] attendance"""

    needed: Needed
    words: NotRequired[str]
    minutes: NotRequired[int]


class SlotsTable(TypedDict):
    """[rules] slots"""

    choices: list[str]
    wishes: NotRequired[int]


class FeeTable(TypedDict):
    """[rules] fee"""

    yen: int
    words: NotRequired[str]


class DeadlineTable(TypedDict):
    """[rules] change_until, withdraw_until"""

    before: list[str]
    days: NotRequired[int]
    business_days: NotRequired[int]
    months: NotRequired[int]


class AnswerWithinTable(TypedDict):
    """[rules] answer_within"""

    days: NotRequired[int]
    business_days: NotRequired[int]


class WithoutNumberTable(TypedDict):
    """[rules] without_number"""

    number: str
    way: NumberWay
    words: NotRequired[str]
