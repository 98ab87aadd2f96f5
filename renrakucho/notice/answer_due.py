"""Answer due: by when a notice's provider should have answered, and when its mover is asked to telephone instead.

A provider has the working days that its sheet promises, or three. The day of the move comes first: the mover is told in
the morning of the last working day before it at the latest, and the answer is due a working day earlier.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from renrakucho.sheet.form import Sheet
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.procedure import procedure_day
from renrakucho.sheet.rules import AnswerPromise
from renrakucho.sheet.window import JAPAN
from renrakucho.sheet.workdays import USUAL, Workdays

USUAL_PROMISE = AnswerPromise(LeadTime(3, "business_day"))
_CARRIED = LeadTime(0)  # a web form is finished on the day that it was begun, or asked about
_DUE_TIME, _PHONE_TIME = time(15), time(10)
# For what is entered when these have passed already: still in this order, and not in the same minute.
_DUE_AT_LEAST, _PHONE_AT_LEAST = timedelta(minutes=40), timedelta(hours=1)


@dataclass(frozen=True)
class AnswerDue:
    """due_at: by when the provider should have answered. phone_at: when the mover is asked to telephone."""

    due_at: datetime
    phone_at: datetime


def answer_due(entered_at: datetime, on: date | None, promise: AnswerPromise = USUAL_PROMISE) -> AnswerDue:
    """Return both moments for what was entered then and is about the day `on`; a day that has passed bounds nothing."""
    work, entered_on = promise.workdays, entered_at.astimezone(JAPAN).date()
    last = work.at_or_after(promise.lead.last(entered_on, work))
    if on is not None and on > entered_on:
        to_phone = work.at_or_before(on - timedelta(days=1))
        last = min(last, work.shift(to_phone, -1))
    due_at = datetime.combine(last, _DUE_TIME, JAPAN)
    phone_at = datetime.combine(work.shift(last, 1), _PHONE_TIME, JAPAN)
    return AnswerDue(max(due_at, entered_at + _DUE_AT_LEAST), max(phone_at, entered_at + _PHONE_AT_LEAST))


def answer_due_of(sheet: Sheet | None, facts: Mapping[str, str], procedure: str, entered_at: datetime) -> AnswerDue:
    """Return both moments for a form that was told with these facts. sheet: None where it is not known any more."""
    promise = (sheet.rules.answer_within if sheet and sheet.rules else None) or AnswerPromise(
        USUAL_PROMISE.lead, _workdays_of(sheet)
    )
    if sheet and sheet.carried:
        promise = AnswerPromise(_CARRIED, promise.workdays)
    return answer_due(entered_at, procedure_day(procedure, facts), promise)


def _workdays_of(sheet: Sheet | None) -> Workdays:
    return next((window.workdays for window in sheet.windows), USUAL) if sheet else USUAL
