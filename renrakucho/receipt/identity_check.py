"""Identity check: how whoever accepts a notice made sure that it comes from the provider's own customer.

The provider's sheet decides which notices need it ([assurance] of its TOML). It is the provider's word, kept in the
receipt of 受理 as evidence.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.errors import Conflict
from renrakucho.lib.invisible_chars import invisible_in_line
from renrakucho.notice.connected_providers import NoSuchSheet, frozen_sheet
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, number_state
from renrakucho.sheet.assurance import HOLDER_NOT_CONFIRMED, AssuranceRule, usual_check

LONGEST_CHECK_NOTE = 200  # characters


class CheckWay(models.TextChoices):
    """The way in which it was checked."""

    NUMBER_MATCHED = "number_matched", _("契約の記録と照らし合わせた（番号や生年月日など）")
    CALLED_BACK = "called_back", _("契約の記録にある電話番号へ、こちらから電話した")
    VISITED = "visited", _("訪問して、ご本人に会った")
    OTHER = "other", _("そのほか")


@dataclass(frozen=True)
class IdentityCheck:
    """way: a value of CheckWay. note: in the provider's own words; needed with «other»."""

    way: str
    note: str = ""

    @property
    def readable(self) -> bool:
        """Whether it says a known way, in words that can be kept."""
        has_words = bool(self.note) or self.way != CheckWay.OTHER
        fits = len(self.note) <= LONGEST_CHECK_NOTE and not invisible_in_line(self.note)
        return self.way in CheckWay.values and has_words and fits

    @property
    def said(self) -> str:
        """The check as a person reads it."""
        return "　".join(filter(None, (str(CheckWay(self.way).label), self.note)))


def read_check(way: str, note: str) -> IdentityCheck | None:
    """The check as somebody wrote it into a cell: a code of CheckWay, or its label. None: nothing was written. A way
    that is not known gives one that is not readable.
    """
    if not way and not note:
        return None
    labels = {str(label): value for value, label in CheckWay.choices}
    return IdentityCheck(labels.get(way, way), note)


class CheckMissing(Conflict):
    """The notice has no customer number, and whoever accepts it has not said how they made sure."""


def needs_identity_check(notice: Notice) -> bool:
    """Whether its provider has to say how it made sure before 受理. Raises SealBroken."""
    filled = frozen_form(notice)
    if filled.assurance:
        not_confirmed = filled.assurance.holder == HOLDER_NOT_CONFIRMED and usual_check(notice.procedure) != "never"
        return filled.assurance.check_needed or not_confirmed
    try:  # nothing was recorded: a peer said nothing, or it was frozen before 2026-11-28
        sheet = frozen_sheet(notice, filled)
    except NoSuchSheet:  # not connected any more: as usual
        return AssuranceRule("", usual_check(notice.procedure)).needs_check("not_asked")
    return sheet.assurance.needs_check(number_state(sheet, filled))
