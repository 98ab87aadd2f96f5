"""The notice's draft and its frozen form: answers and replacement texts until it is written, then the form as told.

With the form its assurance is frozen: what was proved of whoever wrote it.
"""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone

from renrakucho.fact.catalogue import Facts
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.sealing import SealBroken
from renrakucho.mover.book import entries_of, open_for_book, seal_for_book
from renrakucho.mover.facts import facts_of, told_facts
from renrakucho.mover.identity_login import LoginProof, login_proof
from renrakucho.mover.models import Book
from renrakucho.notice.answer_code import answer_code_hash, new_answer_code
from renrakucho.notice.answer_due import answer_due_of
from renrakucho.notice.confidential_notice import require_confidence
from renrakucho.notice.connected_providers import NoSuchSheet, channel_for, connection_of, frozen_sheet, sheet_for
from renrakucho.notice.models import HolderState, Notice, Status
from renrakucho.notice.sending_hold import origin_hash
from renrakucho.sheet.assurance import HOLDER_CONFIRMED, HOLDER_NOT_CONFIRMED, Assurance, NumberState, known_claims
from renrakucho.sheet.fill import fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import municipality_of, procedure_day
from renrakucho.sheet.window import ReceptionWindow, refusing_window

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProviderCard:
    """The provider that a notice is for, as the directory showed it on the day it was chosen."""

    name: str
    office: str = ""
    phones: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class NoticeDraft:
    """answers: own items by blank name. instead: replacement texts for blanks that cannot say the facts as typed, valid
    for the facts whose fingerprint is `instead_of`; when the facts change, they are asked for again.
    """

    card: ProviderCard
    answers: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    instead_of: str = ""


def seal_draft(notice: Notice, draft: NoticeDraft) -> bytes:
    """The draft, sealed for the notice's book."""
    return seal_for_book(notice.book, f"draft:{notice.id}", asdict(draft))


def draft_of(notice: Notice) -> NoticeDraft:
    source: dict[str, Any] = open_for_book(notice.book, f"draft:{notice.id}", notice.draft)
    card = ProviderCard(**{**source["card"], "phones": tuple(source["card"]["phones"])})
    return NoticeDraft(card, source["answers"], source["instead"], source["instead_of"])


def keep_draft(
    notice: Notice, *, answers: dict[str, str] | None = None, instead: dict[str, str] | None = None
) -> NoticeDraft:
    """Store what the mover typed for this provider, complete or not."""
    before = draft = draft_of(notice)
    if answers is not None:
        draft = replace(draft, answers=answers)
    if instead is not None:
        draft = replace(
            draft, instead=instead, instead_of=facts_fingerprint(told_facts(entries_of(notice.book), notice.offer))
        )
    if draft != before:
        notice.draft = seal_draft(notice, draft)
        notice.save(update_fields=["draft"])
    return draft


def valid_replacements(draft: NoticeDraft, facts: Facts) -> dict[str, str]:
    """The replacement texts, as long as the facts are those that they were chosen for."""
    return draft.instead if draft.instead_of == facts_fingerprint(facts) else {}


def facts_fingerprint(facts: Facts) -> str:
    """A hash that changes with any fact."""
    return sha256(json.dumps(dict(facts), sort_keys=True).encode()).hexdigest()


_TICKET_BYTES = 16
FROZEN_FIELDS = (
    "sheet",
    "channel",
    "filled",
    "written_at",
    "return_hash",
    "return_until",
    "answer_due_at",
    "phone_at",
    "origin_hash",
    "held_at",
    "holder",
    "login",
)
_CODE_DAYS = 60  # a move is told up to two months ahead


class OutsideWindow(Conflict):
    """The provider does not take this day through this form, counted from now."""

    def __init__(self, window: ReceptionWindow, on: date, now: datetime) -> None:
        super().__init__(f"{window.fact} is outside the window")
        self.window = window
        self.on = on
        self.now = now


def require_window(sheet: Sheet, facts: Mapping[str, str]) -> None:
    """Check that the provider takes the days of these facts today. Raises OutsideWindow."""
    now = timezone.now()
    window = refusing_window(sheet.windows, facts, now)
    if window:
        raise OutsideWindow(window, date.fromisoformat(facts[window.fact]), now)


def preview_form(notice: Notice, instead: dict[str, str] | None = None) -> FilledSheet:
    """The form as it would be told now, with the draft's replacement texts, or those of `instead`. Raises CannotSay,
    OutsideWindow, NoSuchSheet, KeptConfidential.
    """
    return _filled(notice, "-" * 22, instead)


def preview_common(notice: Notice) -> FilledSheet:
    """The form as it would be told now, without its own items. Raises CannotSay, OutsideWindow, NoSuchSheet."""
    return _filled(notice, "", None, without_own=True)


def freeze_form(notice: Notice) -> FilledSheet:
    """Freeze the form in the notice, with a return link for the provider's site, or an answer code for its clerk.

    It saves nothing: whoever records why saves FROZEN_FIELDS with it. Raises CannotSay, OutsideWindow, NoSuchSheet.
    """
    facts = facts_of(entries_of(notice.book))
    sheet, connection = sheet_for(notice.provider, notice.procedure, facts), connection_of(notice.provider)
    notice.channel = channel_for(sheet.provider, sheet.procedure, municipality_of(sheet.procedure, facts))
    if not notice.carried:
        filled = _filled(notice, "", None)
        return freeze_filled_form(notice, replace(filled, assurance=assurance_of(notice, sheet, filled)))
    ticket = secrets.token_urlsafe(_TICKET_BYTES)
    hours = connection.valid_hours if connection else 0
    return _freeze(notice, _filled(notice, ticket, None), ticket_hash(ticket), timedelta(hours=hours))


def freeze_filled_form(notice: Notice, filled: FilledSheet) -> FilledSheet:
    """Freeze a filled form that goes to a clerk, with an answer code. It saves nothing, as `freeze_form`."""
    code = new_answer_code()
    filled = replace(filled, way_back=f"{settings.BASE_URL}/a/{code}")
    return _freeze(notice, filled, answer_code_hash(code), timedelta(days=_CODE_DAYS))


def _freeze(notice: Notice, filled: FilledSheet, return_hash: str, open_for: timedelta) -> FilledSheet:
    notice.written_at = database_now()
    notice.return_hash, notice.return_until = return_hash, notice.written_at + open_for
    notice.sheet = filled.sheet
    notice.filled = seal_for_book(notice.book, f"filled:{notice.id}", filled.as_json())
    notice.origin_hash = origin_hash(notice)
    _compute_answer_due(notice, notice.written_at, filled)
    return filled


def set_answer_due(notice: Notice, since: datetime) -> None:
    """Set by when the provider should answer what was entered, or sent once more, then. A form that does not open, or
    that nobody here knows any more, is given the usual time.
    """
    filled = None
    try:
        filled = frozen_form(notice)
    except SealBroken as error:
        log.warning("notice %s: the usual time to answer: %s", notice.id, type(error).__name__)
    _compute_answer_due(notice, since, filled)
    notice.save(update_fields=["answer_due_at", "phone_at"])


def _compute_answer_due(notice: Notice, since: datetime, filled: FilledSheet | None) -> None:
    sheet = None
    try:
        sheet = frozen_sheet(notice, filled) if filled else None
    except NoSuchSheet as error:
        log.warning("notice %s: the usual time to answer: %s", notice.id, type(error).__name__)
    due = answer_due_of(sheet, dict(filled.facts) if filled else {}, notice.procedure, since)
    notice.answer_due_at, notice.phone_at = due.due_at, due.phone_at


def assurance_of(notice: Notice, sheet: Sheet, filled: FilledSheet) -> Assurance:
    """The proofs there are now of whoever wrote the notice of a book of this portal."""
    accepted = notice.book.notices.filter(status=Status.ACCEPTED).exclude(id=notice.id)
    number, asked = number_state(sheet, filled), sheet.assurance.login
    proof = login_proof(notice.book, facts_of(entries_of(notice.book)), asked) if asked else None
    assurance = Assurance(
        mailbox_proved_at=notice.book.mailbox_proved_at,
        customer_number=number,
        accepted_before=accepted.count(),
        check_needed=sheet.assurance.needs_check(number, asked),
        helper=entries_of(notice.book).helper,
        login_asked=asked,
    )
    return _with_login(assurance, proof) if proof else assurance


def _with_login(assurance: Assurance, proof: LoginProof) -> Assurance:
    return replace(assurance, login=proof.issuer_name, login_at=proof.at, login_matched=known_claims(proof.matched))


def number_state(sheet: Sheet, filled: FilledSheet) -> NumberState:
    """Whether the filled form has the customer number, and in the provider's format."""
    blank = next((each for each in sheet.blanks if each.name == sheet.assurance.number), None)
    if blank is None:
        return "not_asked"
    text = next((line.text for line in filled.lines if line.name == blank.name), "")
    if not text:
        return "not_given"
    return "in_format" if blank.pattern and re.fullmatch(blank.pattern, text) else "given"


def frozen_form(notice: Notice) -> FilledSheet:
    """The frozen form of a written notice: what was told, with the proof of its mover's mailbox, and the login that its
    provider asks for, where they came after it was frozen: nothing leaves before. Raises SealBroken.
    """
    filled = FilledSheet.from_json(_frozen_json(notice))
    return replace(filled, assurance=_with_later_proof(notice, filled.assurance))


def frozen_assurance(notice: Notice) -> Assurance | None:
    """The assurance of a written notice, without the rest of its form; None: it was not recorded. Raises SealBroken."""
    return _with_later_proof(notice, Assurance.from_stored(_frozen_json(notice).get("assurance")))


def _frozen_json(notice: Notice) -> dict[str, Any]:
    form: dict[str, Any] = open_for_book(notice.book, f"filled:{notice.id}", notice.filled or b"")
    return form


def _with_later_proof(notice: Notice, assurance: Assurance | None) -> Assurance | None:
    if assurance is None or assurance.told_by:
        return assurance
    assurance = replace(assurance, holder=_HOLDER_WORDS.get(notice.holder, ""))
    if notice.login_proof:
        assurance = _with_login(assurance, LoginProof.from_json(notice.login_proof))
    if is_never_asked(notice.book):
        return replace(assurance, mailbox_proved_at=None, mailbox_asked=False)
    return replace(assurance, mailbox_proved_at=assurance.mailbox_proved_at or notice.book.mailbox_proved_at)


_HOLDER_WORDS: dict[str, str] = {HolderState.CONFIRMED: HOLDER_CONFIRMED, HolderState.WAIVED: HOLDER_NOT_CONFIRMED}


def is_never_asked(book: Book) -> bool:
    """Whether the book may leave without a proof, because it is older than the proof (migration 0012 of this room):
    such a book bears the moment of its registration, which no code that was mailed after it can bear.
    """
    return book.mailbox_proved_at is not None and book.mailbox_proved_at == book.registered_at


def frozen_title(notice: Notice) -> str:
    """The title of the form that was told; empty where nothing was told yet."""
    return str(_frozen_json(notice)["title"]) if notice.filled else ""


def frozen_day(notice: Notice) -> date | None:
    """The day of the procedure, as the form told it; None where it told none, or nothing was told yet."""
    facts = _frozen_json(notice)["facts"] if notice.filled else {}
    return procedure_day(notice.procedure, facts)


def ticket_hash(ticket: str) -> str:
    """The hash by which the notice of a return ticket is found again."""
    return index_hash(f"return:{ticket}")


def _filled(notice: Notice, ticket: str, instead: dict[str, str] | None, *, without_own: bool = False) -> FilledSheet:
    draft = draft_of(notice)
    entries = entries_of(notice.book)
    sheet = sheet_for(notice.provider, notice.procedure, facts_of(entries))
    require_confidence(notice, sheet, entries)
    facts = told_facts(entries, notice.offer)
    replacements = valid_replacements(draft, facts) if instead is None else instead
    facts["return.url"] = f"{settings.BASE_URL}/return/{ticket}"
    require_window(sheet, facts)
    if without_own:
        own = {blank.name for blank in sheet.own_items()}
        sheet = replace(sheet, blanks=tuple(one for one in sheet.blanks if not {one.name, one.rest_of} & own))
    return replace(fill_sheet(sheet, facts, draft.answers, replacements), confidential=entries.confidential)
