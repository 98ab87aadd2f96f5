"""Rules of the to-do list: what a move brings with it, for whom, by when, where, and who says so.

They are data: directory/move_tasks.toml, which says what its keys mean. Texts are Japanese, and translated where they
are shown.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict, TypeVar

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import did_you_mean
from renrakucho.lib.toml_lines import Place, toml_line_of
from renrakucho.sheet.toml_keys import BadSheet, checked_table

RULES_FILE = Path(__file__).resolve().parents[2] / "directory" / "move_tasks.toml"
SAME, OTHER = "same_municipality", "other_municipality"

CountedFrom = Literal["leave", "arrive"]
T = TypeVar("T")


class BadTaskRules(InvalidInput):
    """The file of the rules cannot be read; the message says where and why."""


@dataclass(frozen=True)
class HouseholdQuestion:
    """One question about the household, answered by a tick."""

    id: str
    label: str


@dataclass(frozen=True)
class TaskWay:
    """One way to do a task, with its days: counted from the last day in the old home or the first in the new one.

    opens, due: days from there, negative before it; None: no such day is set. online: no counter has to be open.
    """

    counted_from: CountedFrom
    opens: int | None
    due: int | None
    label: str = ""
    online: bool = False


@dataclass(frozen=True)
class MoveTask:
    """One thing to do. when: conditions that all have to hold; after: ids of tasks that come first."""

    id: str
    title: str
    where: str
    bring: str
    note: str
    when: frozenset[str]
    after: tuple[str, ...]
    ways: tuple[TaskWay, ...]
    at_office: bool
    law: str
    source: str
    checked_on: date


@dataclass(frozen=True)
class TaskRules:
    """All questions and tasks, in the order of the file."""

    questions: tuple[HouseholdQuestion, ...]
    tasks: tuple[MoveTask, ...]


class _QuestionTable(TypedDict):
    id: str
    label: str


class _WayTable(TypedDict):
    label: NotRequired[str]
    opens: NotRequired[int]
    due: NotRequired[int]
    online: NotRequired[bool]


class _TaskTable(TypedDict):
    id: str
    title: str
    where: str
    way: list[Any]
    source: str
    checked_on: date
    bring: NotRequired[str]
    note: NotRequired[str]
    when: NotRequired[list[str]]
    after: NotRequired[list[str]]
    office: NotRequired[bool]
    law: NotRequired[str]


@cache
def task_rules() -> TaskRules:
    """The rules, read once a process. Raises BadTaskRules."""
    return read_task_rules(RULES_FILE.read_text(encoding="utf-8"))


def read_task_rules(text: str) -> TaskRules:
    """Read the rules from the text of a file. Raises BadTaskRules with the line."""
    try:
        source = tomllib.loads(text)
        return _rules(source)
    except tomllib.TOMLDecodeError as error:
        raise BadTaskRules(str(error)) from error
    except BadSheet as error:
        raise BadTaskRules(f"line {toml_line_of(text, error.place)}: {error}") from error


def _rules(source: Mapping[str, Any]) -> TaskRules:
    questions = tuple(_question(table, ("question", at)) for at, table in enumerate(source.get("question", ())))
    conditions = {SAME, OTHER, *(question.id for question in questions)}
    tasks = tuple(_task(table, ("task", at), conditions) for at, table in enumerate(source.get("task", ())))
    _check_order(tasks)
    return TaskRules(questions, tasks)


def _question(source: Mapping[str, Any], place: Place) -> HouseholdQuestion:
    table = table_at(source, _QuestionTable, place)
    return HouseholdQuestion(table["id"], table["label"])


def _task(source: Mapping[str, Any], place: Place, conditions: set[str]) -> MoveTask:
    table = table_at(source, _TaskTable, place)
    for condition in table.get("when", ()):
        if condition not in conditions:
            raise BadSheet(f"no question is {condition!r}; {did_you_mean(condition, conditions)}", (*place, "when"))
    if not table["way"]:
        raise BadSheet("a task has at least one [[task.way]]", place)
    return MoveTask(
        id=table["id"],
        title=table["title"],
        where=table["where"],
        bring=table.get("bring", ""),
        note=table.get("note", ""),
        when=frozenset(table.get("when", ())),
        after=tuple(table.get("after", ())),
        ways=tuple(_way(way, (*place, "way", at)) for at, way in enumerate(table["way"])),
        at_office=table.get("office", False),
        law=table.get("law", ""),
        source=table["source"],
        checked_on=table["checked_on"],
    )


def _way(source: Mapping[str, Any], place: Place) -> TaskWay:
    rest = dict(source)
    counted_from: CountedFrom = "leave" if rest.pop("from", None) == "leave" else "arrive"
    if source.get("from") not in ("leave", "arrive"):
        raise BadSheet('from is "leave" or "arrive"', (*place, "from"))
    table = table_at(rest, _WayTable, place)
    opens, due = table.get("opens"), table.get("due")
    if opens is not None and due is not None and opens > due:
        raise BadSheet("it opens after it is due", (*place, "opens"))
    return TaskWay(counted_from, opens, due, table.get("label", ""), table.get("online", False))


def table_at(source: Mapping[str, Any], schema: type[T], place: Place) -> T:
    """Check a table by its schema. Raises BadSheet with its place in the file."""
    try:
        return checked_table(source, schema, str(place[0]))
    except BadSheet as error:
        raise BadSheet(str(error), (*place, *error.place)) from error


def _check_order(tasks: tuple[MoveTask, ...]) -> None:
    """Refuse two tasks of one id, a task after an unknown one, and tasks that wait for each other."""
    ids = [task.id for task in tasks]
    for at, task in enumerate(tasks):
        if ids.index(task.id) != at:
            raise BadSheet(f"{task.id!r} is there twice", ("task", at, "id"))
        for earlier in task.after:
            if earlier not in ids:
                raise BadSheet(f"no task is {earlier!r}; {did_you_mean(earlier, ids)}", ("task", at, "after"))
    try:
        TopologicalSorter({task.id: task.after for task in tasks}).prepare()
    except CycleError as error:
        raise BadSheet(f"these wait for each other: {', '.join(error.args[1])}") from error
