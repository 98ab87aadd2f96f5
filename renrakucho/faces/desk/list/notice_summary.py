"""Summary of a sealed notice for the list: the day it is about, and the office."""

from dataclasses import dataclass
from datetime import date

from renrakucho.notice.models import Notice, Procedure
from renrakucho.notice.notice_form import draft_of, frozen_form

_DAYS = {
    Procedure.STOP: ("move.leave_on",),
    Procedure.START: ("move.arrive_on",),
    Procedure.CHANGE: ("move.arrive_on", "move.leave_on"),
}


@dataclass(frozen=True)
class NoticeSummary:
    """on: the day; None where the form does not say it. office: as the directory named it, or empty."""

    on: date | None
    office: str


def notice_summary(notice: Notice, *, office: bool = True) -> NoticeSummary:
    """Open the notice and read its summary. The day: of leaving for a stop, of arriving for all else.

    office: whether it is wanted; it is sealed apart.
    """
    facts = frozen_form(notice).facts
    days = (facts.get(name, "") for name in _DAYS[Procedure(notice.procedure)])
    day = next(filter(None, days), "")
    return NoticeSummary(date.fromisoformat(day) if day else None, draft_of(notice).card.office if office else "")
