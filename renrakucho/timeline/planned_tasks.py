"""Timeline of a move: the tasks that apply to a household, each with its days, in the order in which they are due."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from renrakucho.lib.business_day import add_business_days, is_business_day
from renrakucho.timeline.task_rules import OTHER, SAME, MoveTask, TaskRules, TaskWay

_CITY_OF_WARD = re.compile(r"^(.+市).+区$")  # a designated city is one municipality; its wards only stand in addresses


class TaskPhase(StrEnum):
    """The part of the move that a task falls in."""

    BEFORE = "before"  # until the last day in the old home
    AFTER = "after"  # from the first day in the new one


class TaskUrgency(StrEnum):
    """How a task stands today."""

    NOT_YET = "not_yet"  # opens later
    OPEN = "open"
    SOON = "soon"  # due within three days
    LATE = "late"  # the last day has passed


@dataclass(frozen=True)
class PlannedWay:
    """One way with its days: None where none is set. act_by: the last day on which its counter is open until it is
    due; the due day itself where no counter has to be.
    """

    way: TaskWay
    opens_on: date | None
    due_on: date | None
    act_by: date | None


@dataclass(frozen=True)
class PlannedTask:
    """One task with its ways' days. The first way decides its place in the list; any way that is open still helps."""

    task: MoveTask
    ways: tuple[PlannedWay, ...]
    phase: TaskPhase

    @property
    def act_by(self) -> date | None:
        """By when to act, by the first way."""
        return self.ways[0].act_by

    @property
    def last_due_on(self) -> date | None:
        """The last day of all ways; None where one of them has none."""
        days = [way.due_on for way in self.ways]
        return None if None in days else max(day for day in days if day)

    def urgency(self, today: date) -> TaskUrgency:
        """How it stands on this day."""
        if self.last_due_on and self.last_due_on < today:
            return TaskUrgency.LATE
        opens = [way.opens_on for way in self.ways]
        if all(day and day > today for day in opens):
            return TaskUrgency.NOT_YET
        if self.act_by and (self.act_by - today).days <= _SOON:
            return TaskUrgency.SOON
        return TaskUrgency.OPEN


_SOON = 3  # days


def municipality_condition(origin: str, destination: str) -> str:
    """Whether both addresses are of one municipality, as a condition of the rules. Each is prefecture and municipality
    as addresses have them: the wards of a designated city are one municipality, those of Tokyo are one each.
    """
    return SAME if _municipality(origin) == _municipality(destination) else OTHER


def _municipality(written: str) -> str:
    ward = _CITY_OF_WARD.match(written)
    return ward[1] if ward else written


def plan_tasks(rules: TaskRules, conditions: Collection[str], leave_on: date, arrive_on: date) -> list[PlannedTask]:
    """The tasks that apply under these conditions, those due first standing first, never before one they come after.

    leave_on: the last day in the old home; arrive_on: the first in the new one.
    """
    held = set(conditions)
    planned = [_planned(task, leave_on, arrive_on) for task in rules.tasks if task.when <= held]
    planned.sort(key=lambda one: (one.phase == TaskPhase.AFTER, one.act_by or date.max))
    return _in_order_of_dependence(planned)


def _planned(task: MoveTask, leave_on: date, arrive_on: date) -> PlannedTask:
    ways = tuple(_planned_way(way, leave_on if way.counted_from == "leave" else arrive_on, task) for way in task.ways)
    first = task.ways[0]
    before = first.counted_from == "leave" and first.due is not None and first.due <= 0
    return PlannedTask(task, ways, TaskPhase.BEFORE if before else TaskPhase.AFTER)


def _planned_way(way: TaskWay, counted_from: date, task: MoveTask) -> PlannedWay:
    opens_on = counted_from + timedelta(days=way.opens) if way.opens is not None else None
    due_on = counted_from + timedelta(days=way.due) if way.due is not None else None
    return PlannedWay(way, opens_on, due_on, _last_open_day(due_on, task.at_office and not way.online))


def _last_open_day(due_on: date | None, at_office: bool) -> date | None:
    if due_on is None or not at_office or is_business_day(due_on):
        return due_on
    return add_business_days(due_on, -1)


def _in_order_of_dependence(planned: list[PlannedTask]) -> list[PlannedTask]:
    """Keep the order, but put each task behind those it comes after."""
    placed: list[PlannedTask] = []
    waiting = list(planned)
    while waiting:
        open_ids = {one.task.id for one in waiting}
        ready = next(one for one in waiting if not open_ids & set(one.task.after))
        waiting.remove(ready)
        placed.append(ready)
    return placed
