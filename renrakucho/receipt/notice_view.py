"""A leaf of the book: one notice as its mover sees it, told from its receipts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import NoSuchSheet, phone_sheet, relaying_portal, sheet_for
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import ProviderCard, draft_of, frozen_form
from renrakucho.receipt.evidence import Evidence, evidence_of
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.sheet.form import Sheet, municipality_of

_FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a notice's history.

    note: receipt number or reason; by_code: whether it was said by the answer code; through: the other portal that it
    was heard from, and said_at: when that one had recorded it.
    """

    kind: ReceiptKind
    by: str
    at: datetime
    note: str = ""
    through: str = ""
    by_code: bool = False
    said_at: datetime | None = None


@dataclass(frozen=True)
class NoticeView:
    """`takes` are the first and last day that the provider takes through its form, counted from now; None: not
    bounded on that side. `change_until` and `withdraw_until` are the last days on which it takes either, None where
    nothing is known. `by_phone`: what to say and to know where it is taken by phone only. `own_word_at`: when the mover
    noted that it is done. `on` is the day that was told, and `outdated` says that the mover has entered something else
    since then than was told; before anything is told, `on` is the day entered. `through`: the other portal that
    hands it on, or empty.
    """

    notice: Notice
    card: ProviderCard
    status: Status
    sheet: Sheet | None
    by_phone: Sheet | None
    on: date | None
    takes: tuple[date | None, date | None] | None
    change_until: date | None
    withdraw_until: date | None
    receipt_number: str
    accepted_at: datetime | None
    reason: str
    own_word_at: datetime | None
    history: tuple[HistoryEntry, ...]
    through: str = ""
    outdated: bool = False

    @property
    def listed(self) -> bool:
        """Only listed: the mover tells it."""
        return self.sheet is None and not self.notice.written_at

    @property
    def in_window(self) -> bool:
        """Whether the provider takes the move's day through its form today."""
        if not self.sheet or not self.sheet.window or self.on is None:
            return True
        return self.sheet.window.takes(self.on, timezone.now())

    @property
    def may_begin(self) -> bool:
        """The button 手続."""
        return self.status == Status.NOT_ENTERED and not self.listed and self.in_window

    @property
    def may_change(self) -> bool:
        """The button 変更: gone with 受理, and never there for what stands on the provider's own site."""
        changing = (Status.ENTERED, Status.SENT, Status.RETURNED, Status.UNDELIVERED)
        return self.status in changing and bool(self.sheet and self.sheet.changeable) and not self.too_late

    @property
    def too_late(self) -> bool:
        """Whether the provider has it and takes no change any more. What came back can be sent again."""
        return self._passed(self.change_until)

    @property
    def too_late_to_withdraw(self) -> bool:
        """The same for a withdrawal."""
        return self._passed(self.withdraw_until)

    def _passed(self, last: date | None) -> bool:
        with_provider = self.status in (Status.ENTERED, Status.SENT)
        return with_provider and last is not None and timezone.localdate() > last

    @property
    def may_withdraw(self) -> bool:
        """Whether it can be taken back here."""
        here = (Status.NOT_ENTERED, Status.ENTERED, Status.SENT, Status.RETURNED, Status.UNDELIVERED)
        return self.status in here and not self.too_late_to_withdraw

    @property
    def fresh(self) -> bool:
        """Accepted just now: the stamp comes down."""
        return self.accepted_at is not None and timezone.now() - self.accepted_at < _FRESH

    @property
    def done(self) -> bool:
        """Nothing left to do for the mover, as far as can be known."""
        return self.status in (Status.ACCEPTED, Status.WITHDRAWN)


def notice_views(book: Book) -> list[NoticeView]:
    """Every notice of the book that was not replaced by a newer one, in the order it was chosen."""
    notices = list(book.notices.filter(replaced_by=None).order_by("position"))
    by_notice: dict[UUID, list[Receipt]] = defaultdict(list)
    for receipt in Receipt.objects.filter(notice__book=book).order_by("id"):
        by_notice[receipt.notice_id].append(receipt)
    said = facts_of(entries_of(book))
    return [_leaf(notice, book, by_notice[notice.id], said) for notice in notices]


def notice_view(notice: Notice) -> NoticeView:
    """One notice's leaf."""
    said = facts_of(entries_of(notice.book))
    return _leaf(notice, notice.book, notice.receipts.order_by("id"), said)


def _leaf(notice: Notice, book: Book, receipts: Iterable[Receipt], said: dict[str, str]) -> NoticeView:
    notice.book = book
    try:
        sheet = sheet_for(notice.provider, notice.procedure, said)
    except NoSuchSheet:
        sheet = None
    details = {receipt: evidence_of(receipt, notice) for receipt in receipts}
    latest = {ReceiptKind(receipt.kind): receipt for receipt in details}
    accepted, returned, own = (
        latest.get(kind) for kind in (ReceiptKind.ACCEPTED, ReceiptKind.RETURNED, ReceiptKind.OWN_WORD)
    )
    frozen = frozen_form(notice).facts if notice.filled else {}
    day = "move.leave_on" if notice.procedure == "stop" else "move.arrive_on"
    on = frozen.get(day) or said[day]
    window = sheet.window if sheet else None
    rules = sheet.rules if sheet else None
    change = rules.change_until if rules else None
    withdraw = (rules.withdraw_until if rules else None) or change
    now = timezone.now()
    return NoticeView(
        notice=notice,
        card=draft_of(notice).card,
        status=Status(notice.status),
        sheet=sheet,
        by_phone=None
        if sheet
        else phone_sheet(notice.provider, notice.procedure, municipality_of(notice.procedure, said)),
        on=date.fromisoformat(on) if on else None,
        takes=(window.first(now), window.last(now)) if window else None,
        change_until=change.last(said) if change else None,
        withdraw_until=withdraw.last(said) if withdraw else None,
        receipt_number=details[accepted].number_or_reason if accepted else "",
        accepted_at=(details[accepted].said_at or accepted.recorded_at) if accepted else None,
        reason=details[returned].number_or_reason if returned else "",
        own_word_at=own.recorded_at if own else None,
        history=tuple(_happened(receipt, evidence) for receipt, evidence in details.items()),
        through=relaying_portal(notice.provider),
        outdated=any(said.get(name, "") != text for name, text in frozen.items()),
    )


def _happened(receipt: Receipt, evidence: Evidence) -> HistoryEntry:
    return HistoryEntry(
        ReceiptKind(receipt.kind),
        receipt.get_by_display(),
        receipt.recorded_at,
        evidence.number_or_reason,
        evidence.through,
        evidence.by_code,
        evidence.said_at,
    )
