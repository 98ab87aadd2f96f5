"""Notice view: one notice as its mover sees it (a leaf of the book), read from its receipts.

What is shown of a written notice comes from its frozen form alone: the day, the deadlines, the rules that hold there.
What was entered since then only shows that the notice is outdated.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book
from renrakucho.notice.apply_by import ApplyBy, apply_by
from renrakucho.notice.connected_providers import (
    NoSuchSheet,
    frozen_municipality,
    frozen_sheet,
    phone_sheet,
    relaying_portal,
    sheet_for,
)
from renrakucho.notice.models import HolderState, LoginState, Notice, Status
from renrakucho.notice.notice_form import ProviderCard, draft_of, frozen_form
from renrakucho.notice.operator_decisions import OperatorDecision, not_connected_mark, pause_of
from renrakucho.receipt.evidence import Evidence, OwnWord, RefusedByBureau, evidence_of
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import FINAL_STATUSES, may_happen, statuses_before
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.procedure import municipality_of, procedure_day

_FRESH = timedelta(minutes=1)
_NOT_OUT_YET = (Status.NOT_ENTERED, Status.ENTERED, Status.HANDED_OVER)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a notice's history.

    note: receipt number or reason; by_code: whether the answer code was used; through: the peer portal that it came
    from, and said_at: when that portal recorded it. taken_back: the mover's own word that it was not done after all.
    never_sent: the bureau refused it before it left.
    """

    kind: ReceiptKind
    by: str
    at: datetime
    note: str = ""
    through: str = ""
    by_code: bool = False
    said_at: datetime | None = None
    taken_back: bool = False
    never_sent: bool = False


@dataclass(frozen=True)
class NoticeView:
    """A notice as its mover sees it.

    `facts` are those of the frozen form once the notice is written, and before that everything entered; `sheet`,
    `by_phone`, `on`, `change_until` and `withdraw_until` follow from them. `on` is the day that the procedure is about.

    `apply_by` says by when the mover has to act, as long as `awaits_mover`. `change_until` and `withdraw_until` are the
    last days on which the provider takes either, None where nothing is known. `by_phone`: what to say and to know where
    it is taken by phone only. `own_word_at`: when the mover noted that it is done; `own_word`: with which number.
    `through`: the peer portal that hands it on, or empty. `outdated`: what was entered since then differs from what was
    told.
    """

    notice: Notice
    card: ProviderCard
    status: Status
    facts: Mapping[str, str]
    sheet: Sheet | None
    by_phone: Sheet | None
    on: date | None
    apply_by: ApplyBy
    change_until: date | None
    withdraw_until: date | None
    receipt_number: str
    accepted_at: datetime | None
    reason: str
    own_word_at: datetime | None
    own_word: OwnWord
    history: tuple[HistoryEntry, ...]
    through: str = ""
    outdated: bool = False

    @property
    def asked_again(self) -> bool:
        """Whether it was withdrawn, and the book has a newer notice for the same procedure."""
        same = Notice.objects.filter(book_id=self.notice.book_id, offer=self.notice.offer)
        return self.status == Status.WITHDRAWN and same.exclude(status=Status.WITHDRAWN).exists()

    @property
    def listed(self) -> bool:
        """Whether the provider is only listed, and the mover tells it."""
        return self.sheet is None and not self.notice.written_at

    @property
    def pause(self) -> OperatorDecision | None:
        """The operator's pause that keeps it from its provider; None: nothing does."""
        concerned = self.status in _NOT_OUT_YET and not self.listed and not self.own_word_at
        return pause_of(self.notice.provider, self.notice.channel) if concerned else None

    @property
    def is_held(self) -> bool:
        """Whether people hold it before it leaves, because there are suddenly many (notice.sending_hold)."""
        return self.notice.held_at is not None and self.status == Status.ENTERED

    @property
    def was_refused_here(self) -> bool:
        """Whether the bureau refused it before it left: nothing of it has reached the provider."""
        failures = [entry for entry in self.history if entry.kind == ReceiptKind.UNDELIVERED]
        return self.status == Status.UNDELIVERED and failures[-1].never_sent

    @property
    def awaits_holder(self) -> bool:
        """Whether the holder of the contract, who is not the mover, has to confirm it before it leaves."""
        return self.notice.holder == HolderState.WAITS and self.status == Status.ENTERED

    @property
    def awaits_login(self) -> bool:
        """Whether the holder of the contract has to prove by an identity login who they are before it leaves."""
        return self.notice.login == LoginState.WAITS and self.status == Status.ENTERED

    @property
    def login_asked(self) -> tuple[str, ...]:
        """The claims of an identity login that the provider asks for, where it is not proved for this notice."""
        if self.sheet is None or self.notice.login == LoginState.PROVED or self.is_withdrawn:
            return ()
        return self.sheet.assurance.login

    @property
    def is_stopped(self) -> bool:
        """Whether the mover cannot go on to the provider's site, because the operator has paused that."""
        return self.notice.carried and self.pause is not None

    @property
    def not_connected(self) -> OperatorDecision | None:
        """The operator's decision to have its provider only listed for now."""
        return not_connected_mark(self.notice.provider) if self.listed and self.notice.provider else None

    @property
    def in_window(self) -> bool:
        """Whether the provider takes the move's day through its form today."""
        return self.sheet is None or self.apply_by.standing(timezone.now()) not in ("refused", "closed", "not_yet")

    @property
    def awaits_mover(self) -> bool:
        """Whether the mover has to act next."""
        return not self.own_word_at and not self.done and not self.status.awaits_answer

    @property
    def may_begin(self) -> bool:
        """Whether the button 手続 is shown."""
        begins = may_happen(ReceiptKind.ENTERED, self.status) and not self.listed and self.in_window
        return begins and not self.is_stopped

    @property
    def may_change(self) -> bool:
        """Whether the button 変更 is shown: until 受理, and never for a form on the provider's own site."""
        changeable = bool(self.sheet and self.sheet.changeable)
        return may_happen(ReceiptKind.REPLACED, self.status) and changeable and not self.too_late

    @property
    def too_late(self) -> bool:
        """Whether the provider has it and takes no change any more. A returned notice can be sent again."""
        return self._passed(self.change_until)

    @property
    def too_late_to_withdraw(self) -> bool:
        """Whether the provider has it and takes no withdrawal any more."""
        return self._passed(self.withdraw_until)

    def _passed(self, last: date | None) -> bool:
        return self.status.awaits_answer and last is not None and timezone.localdate() > last

    @property
    def may_withdraw(self) -> bool:
        """Whether it can be taken back here."""
        takes = may_happen(ReceiptKind.WITHDRAWN, self.status) and not self.too_late_to_withdraw
        return takes and not self.own_word_at

    @property
    def closed_as_not_done(self) -> bool:
        """Whether the mover carried it to the provider's site, and then said that it was not done there."""
        was_carried = any(entry.kind == ReceiptKind.HANDED_OVER for entry in self.history)
        return self.status == Status.WITHDRAWN and was_carried

    @property
    def withdrawal_lost(self) -> bool:
        """Whether the provider may not know that it was withdrawn."""
        told = (ReceiptKind.WITHDRAWAL_SENT, ReceiptKind.WITHDRAWAL_UNDELIVERED)
        kinds = [entry.kind for entry in self.history if entry.kind in told]
        return kinds[-1:] == [ReceiptKind.WITHDRAWAL_UNDELIVERED]

    @property
    def fresh(self) -> bool:
        """Whether it was accepted just now: the page shows the stamp coming down."""
        return self.accepted_at is not None and timezone.now() - self.accepted_at < _FRESH

    @property
    def is_accepted(self) -> bool:
        """Whether it bears the stamp."""
        return self.status == Status.ACCEPTED

    @property
    def is_handed_over(self) -> bool:
        """Whether the mover goes on with it on the provider's own site."""
        return self.status == Status.HANDED_OVER

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back, or closed as not done."""
        return self.status == Status.WITHDRAWN

    @property
    def done(self) -> bool:
        """Whether no status can follow this one."""
        return self.status in FINAL_STATUSES


def notice_views(book: Book) -> list[NoticeView]:
    """The views of all notices of the book that were not replaced by a newer one, in the order they were chosen."""
    return _views(book, book.notices.all(), Receipt.objects.filter(notice__book=book))


def beginnable_views(book: Book) -> list[NoticeView]:
    """The views of the book's notices that can be begun here, the most urgent first. No other one is opened."""
    statuses = statuses_before(ReceiptKind.ENTERED)
    receipts = Receipt.objects.filter(notice__book=book, notice__status__in=statuses)
    views = _views(book, book.notices.filter(status__in=statuses), receipts)
    return in_order_of_deadline(view for view in views if view.may_begin)


def _views(book: Book, notices: QuerySet[Notice], receipts: QuerySet[Receipt]) -> list[NoticeView]:
    by_notice: dict[UUID, list[Receipt]] = defaultdict(list)
    for receipt in receipts.order_by("id"):
        by_notice[receipt.notice_id].append(receipt)
    entered = facts_of(entries_of(book))
    present = notices.filter(replaced_by=None).order_by("position")
    return [_view(notice, book, by_notice[notice.id], entered) for notice in present]


def in_order_of_deadline(views: Iterable[NoticeView]) -> list[NoticeView]:
    """Sort the views: the most urgent of those that await their mover first, then what awaits its provider, then what
    is done.
    """
    return sorted(
        views,
        key=lambda view: (
            not view.awaits_mover,
            not view.status.awaits_answer,
            view.apply_by.order if view.awaits_mover else _EARLIEST,
            view.on or date.max,
            view.notice.position,
        ),
    )


def notice_view(notice: Notice) -> NoticeView:
    """The view of one notice."""
    entered = facts_of(entries_of(notice.book))
    return _view(notice, notice.book, notice.receipts.order_by("id"), entered)


def _view(notice: Notice, book: Book, receipts: Iterable[Receipt], entered: Mapping[str, str]) -> NoticeView:
    notice.book = book
    told = frozen_form(notice) if notice.filled else None
    facts = told.facts if told else entered
    sheet, by_phone = _sheets(notice, told, entered)
    details = {receipt: evidence_of(receipt, notice) for receipt in receipts}
    latest = {ReceiptKind(receipt.kind): receipt for receipt in details}
    accepted, returned, own = (
        latest.get(kind) for kind in (ReceiptKind.ACCEPTED, ReceiptKind.RETURNED, ReceiptKind.OWN_WORD)
    )
    own_word = details[own] if own else None
    own_word = own_word if isinstance(own_word, OwnWord) else OwnWord(is_done=False)
    rules = sheet.rules if sheet else None
    change = rules.change_until if rules else None
    withdraw = (rules.withdraw_until if rules else None) or change
    return NoticeView(
        notice=notice,
        card=draft_of(notice).card,
        status=Status(notice.status),
        facts=facts,
        sheet=sheet,
        by_phone=by_phone,
        on=procedure_day(notice.procedure, facts),
        apply_by=apply_by(notice.procedure, sheet or by_phone, facts),
        change_until=change.last(facts) if change else None,
        withdraw_until=withdraw.last(facts) if withdraw else None,
        receipt_number=details[accepted].number_or_reason if accepted else "",
        accepted_at=(details[accepted].said_at or accepted.recorded_at) if accepted else None,
        reason=details[returned].number_or_reason if returned else "",
        own_word_at=own.recorded_at if own and own_word.is_done else None,
        own_word=own_word,
        history=tuple(_history_entry(receipt, evidence) for receipt, evidence in details.items()),
        through=relaying_portal(notice.provider),
        outdated=_is_outdated(told, entered),
    )


def _is_outdated(told: FilledSheet | None, entered: Mapping[str, str]) -> bool:
    """Whether something that was told is entered otherwise by now. What was withheld was not told."""
    said = told.facts.items() if told else ()
    return any(entered.get(name, "") != text for name, text in said if text or not (told and told.confidential))


def _sheets(notice: Notice, told: FilledSheet | None, entered: Mapping[str, str]) -> tuple[Sheet | None, Sheet | None]:
    """The form it was or would be told in, or else the form to telephone by."""
    try:
        return (frozen_sheet(notice, told) if told else sheet_for(notice.provider, notice.procedure, entered)), None
    except NoSuchSheet:
        place = frozen_municipality(notice, told) if told else municipality_of(notice.procedure, entered)
        return None, phone_sheet(notice.provider, notice.procedure, place)


def _history_entry(receipt: Receipt, evidence: Evidence) -> HistoryEntry:
    return HistoryEntry(
        ReceiptKind(receipt.kind),
        receipt.get_by_display(),
        receipt.recorded_at,
        evidence.number_or_reason,
        evidence.through,
        evidence.by_code,
        evidence.said_at,
        isinstance(evidence, OwnWord) and not evidence.is_done,
        isinstance(evidence, RefusedByBureau),
    )
