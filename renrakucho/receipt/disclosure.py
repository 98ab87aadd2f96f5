"""Disclosure: per provider, the items that it was told, when, how, and everybody who has opened, taken or read them.

It is put together from what is only ever added: the frozen form, the receipts, the audit log. Persons at a provider are
named by organisation and role, never by name. What was never recorded is listed as not known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import provider_name, relaying_portal
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import draft_of, frozen_form
from renrakucho.provider.audit_log import MOVERS_ACTS, AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU, StaffRole
from renrakucho.receipt.book_retention import erased_from
from renrakucho.receipt.evidence import ExportEvidence, evidence_of
from renrakucho.receipt.models import Receipt, ReceiptAuthor, ReceiptKind
from renrakucho.sheet.assurance import AssuranceLine
from renrakucho.sheet.filled import FilledLine

MOVER, PORTAL = "mover", "portal"

# A receipt proves these acts already.
_IN_RECEIPTS = frozenset(
    {AuditAction.ACCEPTED, AuditAction.RETURNED, AuditAction.ASKED_AGAIN, AuditAction.RETRIED, AuditAction.SWITCHED}
)
# The audit log has each time that a person did it, the receipts the first time only.
_IN_AUDIT_LOG = frozenset({ReceiptKind.OPENED, ReceiptKind.TAKEN})
_ARRIVED = frozenset(
    {ReceiptKind.SENT, ReceiptKind.HANDED_OVER, ReceiptKind.OPENED, ReceiptKind.TAKEN, ReceiptKind.ACCEPTED}
)
# About the book, and logged by the number of its first notice.
_OF_BOOK = frozenset({AuditAction.POSTCARD_MADE, AuditAction.POSTCARD_TAKEN})
_EXPORTS = frozenset({AuditAction.TAKEN_CSV, AuditAction.TAKEN_SHIFT_JIS, AuditAction.PRINTED})


@dataclass(frozen=True)
class DisclosureEvent:
    """One thing that happened to what was told. kind: a ReceiptKind or, where `is_audit`, an AuditAction.

    entity: MOVER, PORTAL, BUREAU or a provider's slug; role: a StaffRole's code, «system», or empty. means: the name of
    the system key, «csv», «pdf», the peer portal that it was heard from, or the bureau's reason.
    """

    at: datetime
    kind: str
    is_audit: bool
    entity: str
    role: str = ""
    means: str = ""

    @property
    def label(self) -> str:
        """The event in words."""
        return str(AuditAction(self.kind).label if self.is_audit else ReceiptKind(self.kind).label)

    @property
    def is_person(self) -> bool:
        """Whether a person of the role did it, at a provider or at the bureau."""
        return self.role in StaffRole.values


@dataclass(frozen=True)
class DisclosedNotice:
    """One notice that was told. proved: what its provider was told that this portal had proved of its mover, and what
    not. through: the peer portal that passes it on, or empty. deleted_at: when what the portal keeps of it is deleted,
    as it stands now (book_retention).
    """

    notice: Notice
    name: str
    office: str
    phones: tuple[str, ...]
    title: str
    sheet: str
    lines: tuple[FilledLine, ...]
    proved: tuple[AssuranceLine, ...]
    told_at: datetime
    through: str
    events: tuple[DisclosureEvent, ...]
    deleted_at: datetime

    @property
    def is_withdrawn(self) -> bool:
        """Whether the mover took it back, or replaced it."""
        return self.notice.status == Status.WITHDRAWN

    @property
    def has_arrived(self) -> bool:
        """Whether a receipt says that it has reached the provider, or its site."""
        return any(event.kind in _ARRIVED for event in self.events)

    @property
    def first_opened_at(self) -> datetime | None:
        """When somebody at the provider first had it before their eyes, as far as that is recorded."""
        opened = [event.at for event in self.events if event.kind in (ReceiptKind.OPENED, AuditAction.SEEN)]
        return min(opened, default=None)


@dataclass(frozen=True)
class Disclosure:
    """Everything that a book has told, in the order of telling. not_known: codes of what was never recorded.
    postcards: each printing of the name and the old address on a postcard, by the bureau.
    """

    book: Book
    notices: tuple[DisclosedNotice, ...]
    postcards: tuple[DisclosureEvent, ...] = ()
    not_known: tuple[str, ...] = field(default=())


NOT_KNOWN = ("confirmation_text", "later_key_reads")


def disclosure_of(book: Book) -> Disclosure:
    """Gather what the book's notices told, and to whom."""
    notices = list(book.notices.exclude(filled=None).order_by("written_at", "id"))
    receipts: dict[object, list[Receipt]] = defaultdict(list)
    for receipt in Receipt.objects.filter(notice__in=notices).select_related("staff").order_by("id"):
        receipts[receipt.notice_id].append(receipt)
    audited: dict[str, list[AuditEntry]] = defaultdict(list)
    places = {BUREAU, *(notice.provider for notice in notices)}
    numbers = [notice.number for notice in notices]
    entries = AuditEntry.objects.filter(provider__in=places, number__in=numbers).select_related("staff", "key")
    for entry in entries.exclude(deed__in=_IN_RECEIPTS | _OF_BOOK).order_by("id"):
        audited[entry.number].append(entry)
    disclosed, deleted_at = [], erased_from(book)
    for notice in notices:
        notice.book = book
        disclosed.append(_disclosed(notice, receipts[notice.id], audited[notice.number], deleted_at))
    return Disclosure(book, tuple(disclosed), tuple(_postcard_events(book)), NOT_KNOWN)


def _postcard_events(book: Book) -> Iterator[DisclosureEvent]:
    numbers = book.notices.values_list("number", flat=True)
    entries = AuditEntry.objects.filter(provider=BUREAU, number__in=numbers, deed__in=_OF_BOOK)
    for entry in entries.select_related("staff").order_by("id"):
        event = _audit_event(entry)
        yield replace(event, means="")


def _disclosed(
    notice: Notice, receipts: Iterable[Receipt], audited: list[AuditEntry], deleted_at: datetime
) -> DisclosedNotice:
    form, card = frozen_form(notice), draft_of(notice).card
    events = [*_receipt_events(notice, receipts, audited), *map(_audit_event, audited)]
    assert notice.written_at
    return DisclosedNotice(
        notice=notice,
        name=card.name or provider_name(notice.provider),
        office=card.office,
        phones=card.phones,
        title=form.title,
        sheet=form.sheet,
        lines=tuple(form.rows()),
        proved=form.assurance.lines() if form.assurance else (),
        told_at=notice.written_at,
        through=relaying_portal(notice.provider),
        events=tuple(sorted(events, key=lambda event: event.at)),
        deleted_at=deleted_at,
    )


def _receipt_events(
    notice: Notice, receipts: Iterable[Receipt], audited: list[AuditEntry]
) -> Iterator[DisclosureEvent]:
    openers = {entry.staff_id for entry in audited if entry.deed == AuditAction.SEEN}
    takers = {entry.staff_id for entry in audited if entry.deed in _EXPORTS}
    for receipt in receipts:
        kind = ReceiptKind(receipt.kind)
        logged = openers if kind == ReceiptKind.OPENED else takers
        if kind in _IN_AUDIT_LOG and receipt.staff_id in logged:
            continue
        yield _receipt_event(receipt, notice)


def _receipt_event(receipt: Receipt, notice: Notice) -> DisclosureEvent:
    evidence = evidence_of(receipt, notice)
    entity = {ReceiptAuthor.MOVER: MOVER, ReceiptAuthor.PORTAL: PORTAL}.get(ReceiptAuthor(receipt.by), notice.provider)
    system = evidence.actor.name if evidence.actor else ""
    form = evidence.form if isinstance(evidence, ExportEvidence) else ""
    carrier = notice.channel if receipt.kind in (ReceiptKind.SENT, ReceiptKind.WITHDRAWAL_SENT) else ""
    return DisclosureEvent(
        at=receipt.recorded_at,
        kind=receipt.kind,
        is_audit=False,
        entity=entity,
        role=receipt.staff.role if receipt.staff else ("system" if system else ""),
        means=evidence.through or system or form or carrier,
    )


def _audit_event(entry: AuditEntry) -> DisclosureEvent:
    named = entry.key.name if entry.key else ("" if entry.staff else entry.about)
    return DisclosureEvent(
        at=entry.done_at,
        kind=entry.deed,
        is_audit=True,
        entity=MOVER if entry.deed in MOVERS_ACTS else entry.provider,
        role=entry.staff.role if entry.staff else ("system" if entry.key else ""),
        means=entry.said if entry.provider == BUREAU else named,
    )
