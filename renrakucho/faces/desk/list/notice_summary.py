"""What the list shows of a sealed notice: the day it is about, and the office."""

from dataclasses import dataclass
from datetime import date

from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import draft_of, frozen_form
from renrakucho.sheet.procedure import procedure_day


@dataclass(frozen=True)
class NoticeSummary:
    """on: None where the form does not say it; office: as the directory named it, or empty."""

    on: date | None
    office: str


def notice_summary(notice: Notice, *, office: bool = True) -> NoticeSummary:
    """Opens the notice. office: whether it is wanted; it is sealed apart."""
    on = procedure_day(notice.procedure, frozen_form(notice).facts)
    return NoticeSummary(on, draft_of(notice).card.office if office else "")
