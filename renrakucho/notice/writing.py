"""Writing a notice: the sheet is filled from the facts and frozen. What was told stays what was told."""

import secrets
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from renrakucho.lib.sign import keyed_hash
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts
from renrakucho.mover.sealed import open_for, seal_for
from renrakucho.notice.answer_code import code_hash, new_answer_code
from renrakucho.notice.draft import draft_of, standing_words
from renrakucho.notice.models import Notice
from renrakucho.notice.shelf import channel_for, connection, sheet_for
from renrakucho.sheet.fill import fill
from renrakucho.sheet.filled import Filled
from renrakucho.sheet.form import municipality
from renrakucho.sheet.window import Window

_TICKET_BYTES = 16
_CODE_DAYS = 60  # a move is told up to two months ahead


class OutsideWindow(Exception):
    """The provider does not take this day through this form, counted from now."""

    def __init__(self, window: Window, on: date, now: datetime) -> None:
        super().__init__(f"{window.fact} is outside the window")
        self.window = window
        self.on = on
        self.now = now


def preview(notice: Notice, instead: dict[str, str] | None = None) -> Filled:
    """The sheet as it would be told now; `instead`: as it would be with these words. Raises CannotSay, OutsideWindow,
    NoSuchSheet.
    """
    return _filled(notice, "-" * 22, instead)


def write(notice: Notice) -> Filled:
    """Freeze the sheet in the notice, with a way back of its own: for the provider's site a link, for its clerk a code.

    Call it inside the transaction that records why. Raises CannotSay, OutsideWindow, NoSuchSheet.
    """
    said = facts(entries_of(notice.book))
    sheet, way = sheet_for(notice.provider, notice.procedure, said), connection(notice.provider)
    notice.channel = channel_for(sheet.provider, sheet.procedure, municipality(sheet.procedure, said))
    if not notice.carried:
        return write_as(notice, _filled(notice, "", None))
    ticket = secrets.token_urlsafe(_TICKET_BYTES)
    hours = way.valid_hours if way else 0
    return _freeze(notice, _filled(notice, ticket, None), ticket_hash(ticket), timedelta(hours=hours))


def write_as(notice: Notice, filled: Filled) -> Filled:
    """Freeze a filled sheet that goes to a clerk, with a code for the answer."""
    code = new_answer_code()
    filled = replace(filled, way_back=f"{settings.BASE_URL}/a/{code}")
    return _freeze(notice, filled, code_hash(code), timedelta(days=_CODE_DAYS))


def _freeze(notice: Notice, filled: Filled, return_hash: str, open_for: timedelta) -> Filled:
    notice.written_at = timezone.now()
    notice.return_hash, notice.return_until = return_hash, notice.written_at + open_for
    notice.sheet = filled.sheet
    notice.filled = seal_for(notice.book, f"filled:{notice.id}", filled.as_json())
    notice.save(update_fields=["sheet", "channel", "filled", "written_at", "return_hash", "return_until"])
    return filled


def told(notice: Notice) -> Filled:
    """What was told: the frozen sheet of a written notice."""
    return Filled.from_json(open_for(notice.book, f"filled:{notice.id}", notice.filled or b""))


def ticket_hash(ticket: str) -> str:
    """Under which the notice of a way back over the mover's browser is found again."""
    return keyed_hash(settings.MASTER_KEY, f"return:{ticket}")


def _filled(notice: Notice, ticket: str, instead: dict[str, str] | None) -> Filled:
    draft = draft_of(notice)
    said = facts(entries_of(notice.book))
    sheet = sheet_for(notice.provider, notice.procedure, said)
    words = standing_words(draft, said) if instead is None else instead
    said["return.url"] = f"{settings.BASE_URL}/return/{ticket}"
    if sheet.window and said[sheet.window.fact]:
        on, now = date.fromisoformat(said[sheet.window.fact]), timezone.now()
        if not sheet.window.takes(on, now):
            raise OutsideWindow(sheet.window, on, now)
    return fill(sheet, said, draft.answers, words)
