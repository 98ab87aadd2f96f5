"""Assurance of a notice: computed from its book and its filled form, once, when the form is frozen."""

import re
from dataclasses import replace

from renrakucho.notice.models import Notice, Status
from renrakucho.sheet.assurance import Assurance, NumberState
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet


def assurance_of(notice: Notice, sheet: Sheet, filled: FilledSheet) -> Assurance:
    """The proofs there are now of whoever wrote the notice of a book of this portal."""
    accepted = notice.book.notices.filter(status=Status.ACCEPTED).exclude(id=notice.id)
    number = number_state(sheet, filled)
    return Assurance(
        mailbox_proved_at=notice.book.mailbox_proved_at,
        customer_number=number,
        accepted_before=accepted.count(),
        check_needed=sheet.assurance.needs_check(number),
    )


def number_state(sheet: Sheet, filled: FilledSheet) -> NumberState:
    """Whether the filled form has the customer number, and in the provider's format."""
    blank = next((each for each in sheet.blanks if each.name == sheet.assurance.number), None)
    if blank is None:
        return "not_asked"
    text = next((line.text for line in filled.lines if line.name == blank.name), "")
    if not text:
        return "not_given"
    return "in_format" if blank.pattern and re.fullmatch(blank.pattern, text) else "given"


def with_present_proof(notice: Notice, filled: FilledSheet) -> FilledSheet:
    """The form with the proof of its mover's mailbox, where that came after it was frozen: nothing leaves before."""
    assurance, proved_at = filled.assurance, notice.book.mailbox_proved_at
    if assurance is None or assurance.told_by or assurance.mailbox_proved_at or proved_at is None:
        return filled
    return replace(filled, assurance=replace(assurance, mailbox_proved_at=proved_at))
