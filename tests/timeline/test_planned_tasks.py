"""The timeline of a move: who has to do which task, by when, and in which order."""

from datetime import date

import pytest

from renrakucho.timeline.planned_tasks import (
    PlannedTask,
    TaskPhase,
    TaskUrgency,
    municipality_condition,
    plan_tasks,
)
from renrakucho.timeline.task_rules import OTHER, SAME, BadTaskRules, read_task_rules, task_rules

LEAVE, ARRIVE = date(2026, 12, 18), date(2026, 12, 19)  # a Friday and a Saturday


def planned(*conditions: str, leave: date = LEAVE, arrive: date = ARRIVE) -> dict[str, PlannedTask]:
    return {one.task.id: one for one in plan_tasks(task_rules(), conditions, leave, arrive)}


def test_a_move_to_another_municipality_has_to_be_told_at_both() -> None:
    tasks = planned(OTHER)
    assert list(tasks) == ["move-out", "post", "move-in"]
    counter, online = tasks["move-out"].ways
    assert (counter.opens_on, counter.due_on) == (date(2026, 12, 4), date(2026, 12, 18))
    assert (online.opens_on, online.due_on) == (date(2026, 11, 19), date(2026, 12, 29))
    assert tasks["move-in"].ways[0].due_on == date(2027, 1, 2)


def test_a_counter_that_is_closed_on_the_last_day_is_open_before_it() -> None:
    assert planned(OTHER)["move-in"].act_by == date(2026, 12, 28)  # closed from 12/29 to 1/3
    online = planned(OTHER)["move-out"].ways[1]
    assert online.act_by == online.due_on == date(2026, 12, 29)


def test_a_move_within_a_municipality_needs_one_notification() -> None:
    assert list(planned(SAME)) == ["post", "move-within"]


@pytest.mark.parametrize(
    ("origin", "destination", "condition"),
    [
        ("神奈川県横浜市西区", "神奈川県横浜市中区", SAME),  # a designated city is one municipality
        ("東京都千代田区", "東京都港区", OTHER),
        ("東京都昭島市", "東京都昭島市", SAME),
        ("東京都府中市", "広島県府中市", OTHER),
        ("大阪府大阪市北区", "大阪府堺市北区", OTHER),
    ],
)
def test_wards_of_a_designated_city_are_one_municipality(origin: str, destination: str, condition: str) -> None:
    assert municipality_condition(origin, destination) == condition


def test_a_household_without_ticks_is_asked_for_nothing_more() -> None:
    for question in task_rules().questions:
        more = set(planned(OTHER, question.id)) - set(planned(OTHER))
        within = set(planned(SAME, question.id)) - set(planned(SAME))
        assert more or within, f"{question.id} is asked and changes nothing"


def test_the_child_allowance_counts_from_the_day_of_leaving() -> None:
    days = planned(OTHER, "child_allowance", leave=date(2027, 3, 31), arrive=date(2027, 4, 10))
    assert days["child-allowance"].ways[0].due_on == date(2027, 4, 15)


def test_no_task_stands_before_one_that_it_comes_after() -> None:
    everything = [question.id for question in task_rules().questions]
    order = list(planned(OTHER, *everything))
    for one in planned(OTHER, *everything).values():
        for earlier in one.task.after:
            assert earlier not in order or order.index(earlier) < order.index(one.task.id)


def test_tasks_before_the_move_stand_before_those_after_it() -> None:
    everything = [question.id for question in task_rules().questions]
    phases = [one.phase for one in planned(OTHER, *everything).values()]
    assert phases == sorted(phases, key=list(TaskPhase).index)


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2026, 12, 18), TaskUrgency.NOT_YET),
        (date(2026, 12, 19), TaskUrgency.OPEN),
        (date(2026, 12, 24), TaskUrgency.OPEN),
        (date(2026, 12, 25), TaskUrgency.SOON),
        (date(2027, 1, 2), TaskUrgency.SOON),
        (date(2027, 1, 3), TaskUrgency.LATE),
    ],
)
def test_a_task_is_open_soon_due_or_late(today: date, urgency: TaskUrgency) -> None:
    assert planned(OTHER)["move-in"].urgency(today) == urgency


def test_a_task_with_a_later_way_is_not_late_before_that_one_ends() -> None:
    assert planned(OTHER)["move-out"].urgency(date(2026, 12, 29)) == TaskUrgency.SOON
    assert planned(OTHER)["move-out"].urgency(date(2026, 12, 30)) == TaskUrgency.LATE


def test_every_task_says_where_it_comes_from() -> None:
    for task in task_rules().tasks:
        assert task.source.startswith("http")
        assert date(2026, 11, 1) <= task.checked_on <= date(2100, 1, 1)


TASK = """
[[task]]
id = "a"
title = "あ"
where = "あ"
source = "https://example.jp/"
checked_on = 2026-11-28
"""
WAY = '[[task.way]]\nfrom = "leave"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TASK + WAY + "opnes = 3\n", "line 10: task has no 'opnes'"),
        (TASK + '[[task.way]]\nfrom = "left"\n', 'line 9: from is "leave" or "arrive"'),
        (TASK + WAY + "opens = 3\ndue = 1\n", "line 10: it opens after it is due"),
        (TASK.replace("checked_on", "when = ['dgo']\nchecked_on") + WAY, "line 7: no question is 'dgo'"),
        (TASK.replace("checked_on", "after = ['b']\nchecked_on") + WAY, "line 7: no task is 'b'"),
        (TASK.replace("checked_on", "after = ['a']\nchecked_on") + WAY, "wait for each other"),
        (TASK + WAY + TASK + WAY, "line 12: 'a' is there twice"),
        (TASK.replace('title = "あ"\n', "", 1) + WAY, "'title' is missing"),
        ("[[task]\n", "Expected"),
    ],
)
def test_a_slip_in_the_file_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadTaskRules, match=message.replace("[", r"\[").replace("?", r"\?")):
        read_task_rules(text)
