"""By when an answer is due: over weekends, holidays, year end, and the day of the move."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renrakucho.lib.business_day import is_business_day
from renrakucho.notice.answer_due import USUAL_PROMISE, answer_due
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.rules import AnswerPromise
from renrakucho.sheet.window import JAPAN
from renrakucho.sheet.workdays import Workdays

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DESK_AHEAD = timedelta(hours=5)
_BEGIN = datetime(2026, 1, 1, tzinfo=JAPAN)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: _BEGIN + timedelta(minutes=minutes))
ahead = st.integers(1, 90).map(lambda days: timedelta(days=days))
promises = st.one_of(
    st.just(USUAL_PROMISE),
    st.builds(AnswerPromise, st.builds(LeadTime, st.integers(0, 20), st.sampled_from(["day", "business_day"]))),
    st.builds(
        AnswerPromise,
        st.builds(LeadTime, st.integers(0, 10), st.just("business_day")),
        st.builds(Workdays, st.frozensets(st.integers(0, 6), min_size=1), open_at_year_end=st.booleans()),
    ),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("entered", "on", "due", "phone"),
    [
        # three business days, from the day after the entry
        ("2026-11-30T09:00", "2026-12-20", "2026-12-03T15:00", "2026-12-04T10:00"),
        # over a weekend: entered on a Friday evening
        ("2026-12-04T20:00", "2026-12-25", "2026-12-09T15:00", "2026-12-10T10:00"),
        # over the holidays of May: 3, 4, 5 and 6 (substitute)
        ("2026-05-01T09:00", "2026-06-01", "2026-05-11T15:00", "2026-05-12T10:00"),
        # over the year end, which is no holiday by law
        ("2026-12-28T09:00", "2027-01-31", "2027-01-06T15:00", "2027-01-07T10:00"),
        # the move's day comes first: told on the working day before it, due a working day earlier
        ("2026-11-30T09:00", "2026-12-03", "2026-12-01T15:00", "2026-12-02T10:00"),
        # a move on a Monday: the mover telephones on the Friday
        ("2026-11-30T09:00", "2026-12-07", "2026-12-03T15:00", "2026-12-04T10:00"),
        # a move on 1/4: the mover telephones on 12/28
        ("2026-12-21T09:00", "2027-01-04", "2026-12-24T15:00", "2026-12-25T10:00"),
        ("2026-12-24T09:00", "2027-01-04", "2026-12-25T15:00", "2026-12-28T10:00"),
        # entered when both have passed: at least so much later, in this order
        ("2026-12-04T16:00", "2026-12-05", "2026-12-04T16:40", "2026-12-04T17:00"),
        # a day that has passed bounds nothing
        ("2026-11-30T09:00", "2026-11-20", "2026-12-03T15:00", "2026-12-04T10:00"),
        ("2026-11-30T09:00", None, "2026-12-03T15:00", "2026-12-04T10:00"),
    ],
    ids=["usual", "weekend", "May", "year end", "move", "Monday", "4 January", "before it", "late", "passed", "no day"],
)
def test_the_moments_of_these_days(entered: str, on: str | None, due: str, phone: str) -> None:
    found = answer_due(at(entered), date.fromisoformat(on) if on else None)
    assert (found.due_at, found.phone_at) == (at(due), at(phone))


@pytest.mark.parametrize(
    ("promise", "due"),
    [
        (AnswerPromise(LeadTime(5, "business_day")), "2026-12-07T15:00"),
        (AnswerPromise(LeadTime(5)), "2026-12-07T15:00"),  # 12/5 is a Saturday: the next working day
        (AnswerPromise(LeadTime(0)), "2026-11-30T15:00"),
        (AnswerPromise(LeadTime(1, "business_day"), Workdays(frozenset({0, 2}))), "2026-12-02T15:00"),
    ],
    ids=["business days", "days", "same day", "own days"],
)
def test_the_providers_own_promise_counts(promise: AnswerPromise, due: str) -> None:
    assert answer_due(at("2026-11-30T09:00"), None, promise).due_at == at(due)


@given(moments, ahead, promises)
def test_desk_operator_and_mover_come_in_this_order_and_after_the_entry(
    entered_at: datetime, to_move: timedelta, promise: AnswerPromise
) -> None:
    found = answer_due(entered_at, (entered_at + to_move).date(), promise)
    assert found.due_at - DESK_AHEAD < found.due_at < found.phone_at
    assert found.due_at >= entered_at + timedelta(minutes=40)
    assert found.phone_at >= entered_at + HOUR


@given(moments, ahead)
def test_the_mover_can_telephone_on_a_working_day_before_the_move(entered_at: datetime, to_move: timedelta) -> None:
    on = (entered_at + to_move).date()
    last = next(day for n in range(1, 30) if is_business_day(day := on - n * DAY))
    last_call = datetime.combine(last, time(15), JAPAN)
    found = answer_due(entered_at, on)
    if entered_at + HOUR <= datetime.combine(last, time(10), JAPAN):
        assert found.phone_at <= last_call - timedelta(hours=5)
    else:
        assert found.phone_at == entered_at + HOUR


@given(moments, ahead)
def test_nobody_is_told_on_a_day_off_unless_it_was_entered_too_late(entered_at: datetime, to_move: timedelta) -> None:
    found = answer_due(entered_at, (entered_at + to_move).date())
    for moment, least in ((found.due_at, timedelta(minutes=40)), (found.phone_at, HOUR)):
        assert is_business_day(moment.date()) or moment == entered_at + least


@given(moments, ahead, st.integers(1, 10))
def test_a_nearer_move_never_makes_it_later(entered_at: datetime, to_move: timedelta, nearer: int) -> None:
    on = (entered_at + to_move).date()
    sooner = max(on - nearer * DAY, entered_at.date() + DAY)
    assert answer_due(entered_at, sooner).phone_at <= answer_due(entered_at, on).phone_at
