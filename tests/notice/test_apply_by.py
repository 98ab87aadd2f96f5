"""By when the mover has to act: from the provider's window, or as the portal recommends it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.notice.apply_by import ApplyBy, Standing, apply_by
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.window import JAPAN, ReceptionWindow
from renrakucho.sheet.workdays import Workdays
from tests.sheet.cast import a_sheet

ON = date(2026, 12, 9)
LEAVE = {"move.leave_on": ON.isoformat()}
ARRIVE = {"move.arrive_on": ON.isoformat()}


def at(on: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), JAPAN)


def of_window(window: ReceptionWindow) -> ApplyBy:
    return apply_by("stop", replace(a_sheet(), window=window), LEAVE)


def of_nobody(procedure: str, facts: dict[str, str]) -> ApplyBy:
    """Of a provider that is only listed."""
    return apply_by(procedure, None, facts)


@pytest.mark.parametrize(
    ("now", "standing"),
    [
        (at(date(2026, 11, 8), 23, 59), "not_yet"),
        (at(date(2026, 11, 9), 0, 0), "open"),
        (at(date(2026, 12, 6), 16, 59), "open"),
        (at(date(2026, 12, 6), 17, 0), "closed"),
        (at(ON), "closed"),
    ],
)
def test_a_known_window_opens_and_closes(now: datetime, standing: Standing) -> None:
    by = of_window(ReceptionWindow("move.leave_on", LeadTime(3), LeadTime(30), cut_off=time(17)))
    assert (by.opens_on, by.last_on, by.cut_off) == (date(2026, 11, 9), date(2026, 12, 6), time(17))
    assert (by.standing(now), by.recommended_on) == (standing, None)


def test_a_midnight_cut_off_ends_the_day_before() -> None:
    by = of_window(ReceptionWindow("move.leave_on", LeadTime(3), cut_off=time(0)))
    assert (by.last_on, by.cut_off, by.standing(at(date(2026, 12, 6), 0, 0))) == (date(2026, 12, 5), None, "closed")


@pytest.mark.parametrize(
    ("procedure", "days_before", "standing"),
    [
        ("stop", 30, "unknown"),
        ("stop", 4, "unknown"),
        ("stop", 3, "near"),
        ("stop", 0, "near"),
        ("stop", -1, "passed"),
        ("change", 3, "unknown"),
        ("change", -1, "passed"),
    ],
)
def test_without_a_rule_only_the_move_is_near_or_over(procedure: str, days_before: int, standing: Standing) -> None:
    by = of_nobody(procedure, LEAVE)
    assert by.standing(at(ON - timedelta(days=days_before))) == standing
    assert (by.last_on, by.recommended_on) == (None, ON - timedelta(days=7 if procedure == "stop" else 0))


def test_a_window_without_an_earliest_day_opens_and_has_no_deadline() -> None:
    by = apply_by("start", replace(a_sheet(), window=ReceptionWindow("move.arrive_on", latest=LeadTime(30))), ARRIVE)
    assert (by.opens_on, by.closes_at) == (date(2026, 11, 9), None)
    assert by.standing(at(date(2026, 11, 8))) == "not_yet"
    assert by.standing(at(date(2026, 11, 9))) == "unknown"


def test_a_closed_day_and_an_empty_window_are_never_taken() -> None:
    closed = Workdays(closed_on=frozenset([ON]))
    assert of_window(ReceptionWindow("move.leave_on", LeadTime(3), workdays_only=True, workdays=closed)).is_refused
    assert not of_window(ReceptionWindow("move.leave_on", LeadTime(3), workdays=closed)).is_refused
    assert of_window(ReceptionWindow("move.leave_on", LeadTime(10), LeadTime(5))).is_refused
    assert not of_window(ReceptionWindow("move.leave_on", LeadTime(5), LeadTime(5))).is_refused


def test_the_window_counts_from_its_own_day() -> None:
    arrive = replace(a_sheet(), window=ReceptionWindow("move.arrive_on", LeadTime(2)))
    by = apply_by("stop", arrive, {**LEAVE, "move.arrive_on": "2026-12-05"})
    assert (by.on, by.last_on) == (ON, date(2026, 12, 3))


def test_a_move_without_its_day_has_no_deadline() -> None:
    by = apply_by("stop", replace(a_sheet(), window=ReceptionWindow("move.leave_on", LeadTime(3))), {})
    assert (by.on, by.closes_at, by.recommended_on, by.standing(at(ON))) == (None, None, None, "unknown")


@given(
    st.none()
    | st.builds(LeadTime, st.integers(-20, 30))
    | st.builds(LeadTime, st.integers(0, 9), st.just("business_day")),
    st.none() | st.builds(LeadTime, st.integers(0, 40)) | st.builds(LeadTime, st.integers(0, 3), st.just("month")),
    st.none() | st.times(),
    st.booleans(),
    st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 31)),  # noqa: DTZ001 - set in Japan below
)
def test_it_is_open_exactly_while_the_window_takes_the_day(
    earliest: LeadTime | None, latest: LeadTime | None, cut_off: time | None, workdays_only: bool, now: datetime
) -> None:
    window = ReceptionWindow("move.leave_on", earliest, latest, cut_off, workdays_only)
    now = now.replace(tzinfo=JAPAN)
    is_open = of_window(window).standing(now) not in ("refused", "closed", "not_yet")
    assert is_open == window.takes(ON, now)


def test_the_most_urgent_comes_first() -> None:
    known = of_window(ReceptionWindow("move.leave_on", LeadTime(8)))
    later_known = of_window(ReceptionWindow("move.leave_on", LeadTime(3)))
    unknown, unmoved = of_nobody("stop", LEAVE), of_nobody("change", {})
    assert sorted([unmoved, later_known, unknown, known], key=lambda by: by.order) == [
        known,
        unknown,
        later_known,
        unmoved,
    ]
