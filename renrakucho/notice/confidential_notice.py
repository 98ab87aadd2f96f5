"""Confidential notices (DV等支援措置): the new address goes only to the providers that its mover has chosen for it.

The rule stands here alone: which facts are withheld (mover.facts), whether a form can do without them, and by which
channels such a notice may travel (Channel.confidential). Whoever freezes or previews a form asks it.
"""

from dataclasses import replace
from typing import Literal

from django.db import transaction

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.errors import Conflict
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.facts import facts_of, withheld_facts
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import NoSuchSheet, sheet_for
from renrakucho.notice.models import Notice
from renrakucho.sheet.form import Sheet

NewAddressStanding = Literal["open", "told", "kept", "asked", "by_phone"]


class KeptConfidential(Conflict):
    """The notice cannot be written without telling what its mover keeps confidential."""


def needs_withheld(sheet: Sheet, entries: MoveEntries, offer: str) -> bool:
    """Whether the form has a blank that must be filled with a withheld fact."""
    withheld = withheld_facts(entries, offer)
    return any(blank.required and withheld.intersection(blank.facts()) for blank in sheet.blanks)


def require_confidence(notice: Notice, sheet: Sheet, entries: MoveEntries) -> None:
    """Check that the notice can be written as its mover wants it kept. Raises KeptConfidential."""
    if not entries.confidential:
        return
    if needs_withheld(sheet, entries, notice.offer) or not may_travel(notice.channel):
        raise KeptConfidential(f"notice {notice.id}")


def new_address_standing(notice: Notice) -> NewAddressStanding:
    """How a notice stands that is not written yet. open: the move is not confidential; told: its mover has chosen to
    tell the new address; kept: the form does without it; asked: it cannot, so that the mover has to choose; by_phone:
    it would go by a channel that others can read.
    """
    entries = entries_of(notice.book)
    if not entries.confidential:
        return "open"
    if not may_travel(notice.channel):
        return "by_phone"
    if notice.offer in entries.disclosed:
        return "told"
    try:
        sheet = sheet_for(notice.provider, notice.procedure, facts_of(entries))
    except NoSuchSheet:
        return "kept"
    return "asked" if needs_withheld(sheet, entries, notice.offer) else "kept"


def tell_new_address(notice: Notice, *, tell: bool) -> None:
    """Let the new address go to this notice's provider, or keep it from them. What was written stays as it was told."""
    with transaction.atomic():
        book = Book.objects.select_for_update(no_key=True).get(id=notice.book_id)
        entries = entries_of(book)
        others = tuple(offer for offer in entries.disclosed if offer != notice.offer)
        save_entries(book, replace(entries, disclosed=(*others, notice.offer) if tell else others))


def may_travel(channel: str) -> bool:
    """Whether a confidential notice may go by this channel."""
    return channel not in CHANNELS or CHANNELS[channel].confidential
