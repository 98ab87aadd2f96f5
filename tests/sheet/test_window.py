"""A window never offers a day that the provider refuses, and refuses none that it takes."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.window import JAPAN, ReceptionWindow
from tests.sheet.cast import DAYS, WORKDAYS, YEAR_ENDS

TODAY = date(2026, 11, 22)
BOUND = st.none() | st.integers(-40, 400)
DAYS_AHEAD = st.builds(LeadTime, st.integers(-20, 30)) | st.builds(
    LeadTime, st.integers(0, 15), st.just("business_day")
)
EARLIEST = st.none() | DAYS_AHEAD
LATEST = st.none() | st.one_of(
    st.builds(LeadTime, st.integers(0, 90)),
    st.builds(LeadTime, st.integers(0, 40), st.just("business_day")),
    st.builds(LeadTime, st.integers(0, 3), st.just("month")),
)
NOW = st.builds(lambda on, at: datetime.combine(on, at, JAPAN), DAYS | YEAR_ENDS, st.times())
# Months too: a provider may word «by a month before». `deadline` does not know how many days lead to a month's last.
ANY_LEAD = DAYS_AHEAD | st.builds(LeadTime, st.integers(0, 14), st.just("month"))
MONTH_ENDS = st.builds(
    lambda year, month, n: date(year, month, 1) + timedelta(days=n),
    st.integers(2023, 2033),
    st.integers(1, 12),
    st.integers(-5, 3),
)
WINDOWS = st.builds(
    ReceptionWindow,
    st.just("move.leave_on"),
    EARLIEST,
    LATEST,
    cut_off=st.none() | st.times(),
    workdays_only=st.booleans(),
    workdays=WORKDAYS,
)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), JAPAN)


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2026, 12, 22), True),
        (date(2026, 12, 23), False),
    ],
)
def test_a_window_includes_both_ends(on: date, taken: bool) -> None:
    assert ReceptionWindow("move.leave_on", LeadTime(3), LeadTime(30)).takes(on, noon(TODAY)) is taken


def test_a_window_without_bounds_takes_any_day() -> None:
    window = ReceptionWindow("move.leave_on")
    assert (window.first(noon(TODAY)), window.last(noon(TODAY))) == (None, None)
    assert window.takes(date(1999, 1, 1), noon(TODAY))


@given(BOUND, BOUND, st.integers(-50, 450))
def test_a_window_takes_exactly_the_days_from_first_to_last(
    earliest: int | None, latest: int | None, ahead: int
) -> None:
    first_lead, last_lead = (None if n is None else LeadTime(n) for n in (earliest, latest))
    window = ReceptionWindow("move.leave_on", first_lead, last_lead)
    on = TODAY + timedelta(days=ahead)
    first, last = window.first(noon(TODAY)) or date.min, window.last(noon(TODAY)) or date.max
    assert window.takes(on, noon(TODAY)) == (first <= on <= last)


@given(WINDOWS, NOW, st.integers(-30, 120))
def test_no_day_is_taken_that_the_provider_refuses(window: ReceptionWindow, now: datetime, ahead: int) -> None:
    """Told anew from the day that is asked for, as a provider words it: «by 3 business days before»."""
    on = now.date() + timedelta(days=ahead)
    counted = now.date() + timedelta(days=1 if window.cut_off is not None and now.time() >= window.cut_off else 0)
    in_time = window.earliest is None or counted <= window.earliest.deadline(on, window.workdays)
    not_too_early = window.latest is None or on <= window.latest.last(now.date(), window.workdays)
    works = not window.workdays_only or window.workdays.has(on)
    assert window.takes(on, now) == (in_time and not_too_early and works)


@given(WINDOWS, NOW)
def test_the_first_and_the_last_day_are_taken_and_no_day_around_them(window: ReceptionWindow, now: datetime) -> None:
    first, last = window.first(now), window.last(now)
    if first and last and first > last:
        assert not any(window.takes(last + timedelta(days=n), now) for n in range((first - last).days + 1))
        return
    day = timedelta(days=1)
    assert first is None or (window.takes(first, now) and not window.takes(first - day, now))
    assert last is None or (window.takes(last, now) and not window.takes(last + day, now))


@given(WINDOWS, NOW)
def test_between_first_and_last_all_but_the_closed_days_are_taken(window: ReceptionWindow, now: datetime) -> None:
    first, last = window.first(now), window.last(now)
    for n in range((last - first).days + 1 if first and last else 0):
        on = first + timedelta(days=n) if first else date.min
        assert window.takes(on, now) != window.closed(on)


@given(WINDOWS, NOW, st.integers(1, 60 * 24 * 10))
def test_waiting_never_brings_an_earlier_day_back(window: ReceptionWindow, now: datetime, minutes: int) -> None:
    first, later = window.first(now), window.first(now + timedelta(minutes=minutes))
    assert first is None or (later is not None and first <= later)


def test_after_the_cut_off_the_first_day_moves_and_the_last_day_stays() -> None:
    window = ReceptionWindow("move.leave_on", LeadTime(3), LeadTime(30), cut_off=time(17))
    before, after = (datetime(2026, 11, 22, *at, tzinfo=JAPAN) for at in ((16, 59), (17, 0)))
    assert (window.first(before), window.last(before)) == (date(2026, 11, 25), date(2026, 12, 22))
    assert (window.first(after), window.last(after)) == (date(2026, 11, 26), date(2026, 12, 22))


def test_a_moment_of_another_zone_is_counted_in_japan() -> None:
    utc = datetime.fromisoformat("2026-11-22T15:30:00+00:00")  # 0:30 of the 23rd in Japan
    assert ReceptionWindow("move.leave_on", LeadTime(0)).first(utc) == date(2026, 11, 23)


@given(WINDOWS, ANY_LEAD, DAYS | YEAR_ENDS | MONTH_ENDS)
def test_the_day_is_taken_until_the_moment_to_apply_by_and_not_from_then_on(
    window: ReceptionWindow, earliest: LeadTime, on: date
) -> None:
    window = replace(window, earliest=earliest, latest=None)
    closes_at = window.apply_by(on)
    assert closes_at
    for before in (timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1), timedelta(days=40)):
        assert window.takes(on, closes_at - before) != window.closed(on)
    for after in (timedelta(0), timedelta(minutes=1), timedelta(days=1), timedelta(days=40)):
        assert not window.takes(on, closes_at + after)


@given(
    WINDOWS,
    st.none() | ANY_LEAD,
    st.none() | ANY_LEAD,
    DAYS | YEAR_ENDS | MONTH_ENDS,
    st.integers(-400, 10),
    st.times(),
)
def test_a_window_takes_a_day_exactly_from_apply_from_until_apply_by(
    window: ReceptionWindow, earliest: LeadTime | None, latest: LeadTime | None, on: date, ahead: int, at: time
) -> None:
    window = replace(window, earliest=earliest, latest=latest)
    now = datetime.combine(on + timedelta(days=ahead), at, JAPAN)
    opens_on, closes_at = window.apply_from(on), window.apply_by(on)
    is_open = (opens_on is None or now.date() >= opens_on) and (closes_at is None or now < closes_at)
    assert window.takes(on, now) == (is_open and not window.closed(on))


@pytest.mark.parametrize(
    ("earliest", "cut_off", "on", "closes_at"),
    [
        (LeadTime(3), None, date(2026, 12, 9), datetime(2026, 12, 7, tzinfo=JAPAN)),  # until the end of the 6th
        (LeadTime(3), time(17), date(2026, 12, 9), datetime(2026, 12, 6, 17, tzinfo=JAPAN)),
        (LeadTime(0), None, date(2026, 12, 9), datetime(2026, 12, 10, tzinfo=JAPAN)),
        (LeadTime(-14), None, date(2026, 12, 9), datetime(2026, 12, 24, tzinfo=JAPAN)),
        (LeadTime(2, "business_day"), None, date(2027, 1, 5), datetime(2026, 12, 29, tzinfo=JAPAN)),
        (LeadTime(1, "month"), None, date(2027, 2, 28), datetime(2027, 2, 1, tzinfo=JAPAN)),
    ],
)
def test_the_moment_to_apply_by(earliest: LeadTime, cut_off: time | None, on: date, closes_at: datetime) -> None:
    assert ReceptionWindow("move.leave_on", earliest, cut_off=cut_off).apply_by(on) == closes_at


def test_a_window_without_an_earliest_day_knows_no_moment_to_apply_by() -> None:
    window = ReceptionWindow("move.arrive_on", latest=LeadTime(30))
    assert (window.apply_from(date(2026, 12, 28)), window.apply_by(date(2026, 12, 28))) == (date(2026, 11, 28), None)
