"""Provider actions: open, export, ask again, accept, return. The provider's word alone makes 受理.

Each act is one transaction: lock the notice, check the table of transitions, record the receipt with its evidence,
write the mover's mail and the audit rows. The actor is a required argument, so that no face can leave the audit log
out.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.lease import make_due
from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import NoticeHeading, write_notice_mail
from renrakucho.mover.book import contact_email, is_confidential
from renrakucho.notice.models import Notice, PeerOrigin, Procedure, Status
from renrakucho.notice.notice_form import ProviderCard, draft_of, frozen_day, frozen_title
from renrakucho.notice.outgoing_gate import MAY_LEAVE
from renrakucho.notice.row_security import all_rows
from renrakucho.provider.audit_log import AuditAction
from renrakucho.provider.models import Industry
from renrakucho.receipt.evidence import (
    AcceptedEvidence,
    ActEvidence,
    ChannelEvidence,
    ExportEvidence,
    PeerActor,
    ProviderActor,
    ReturnedEvidence,
    StaffActor,
    evidence_of,
)
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_answer import CheckMissing, ProviderAnswer, needs_identity_check
from renrakucho.receipt.transitions import (
    InvalidTransition,
    locked_notice,
    may_happen,
    may_move,
    record_receipt,
    statuses_before,
)
from renrakucho.sheet.form import CARRIED

_EXPORT_FORMS = {AuditAction.PRINTED: "pdf", AuditAction.TAKEN_CSV: "csv", AuditAction.TAKEN_SHIFT_JIS: "csv"}

AnswerResult = Literal[
    "accepted",
    "returned",
    "unknown",
    "unreadable",
    "unchecked",
    "withdrawn",
    "replaced",
    "already_accepted",
    "already_returned",
]


def answer_notice(notice: Notice, answer: ProviderAnswer, actor: ProviderActor) -> None:
    """Accept (受理) or return (差戻し) the notice. An answer that is given already changes nothing.

    Raises InvalidTransition, also for a second, different answer: the first one stands; and CheckMissing, where the
    provider has to say how it made sure of its customer first.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        if _is_given(notice, answer):
            return
        if answer.receipt_number and may_happen(ReceiptKind.ACCEPTED, notice.status):
            _require_check(notice, answer, actor)
        if actor.proves_arrival:
            mark_reached(notice, "answered")
        if answer.receipt_number:
            evidence = AcceptedEvidence(actor, answer.receipt_number, answer.check)
            record_receipt(notice, ReceiptKind.ACCEPTED, evidence, locked=notice)
            mail_mover_about(notice, MailKind.ACCEPTANCE, receipt_number=answer.receipt_number)
            actor.log_acts(AuditAction.ACCEPTED, [notice.number])
        else:
            record_receipt(notice, ReceiptKind.RETURNED, ReturnedEvidence(actor, answer.reason), locked=notice)
            mail_mover_about(notice, MailKind.RETURN)
            actor.log_acts(AuditAction.RETURNED, [notice.number])


def answer_by_number(provider: str, number: str, answer: ProviderAnswer, actor: ProviderActor) -> AnswerResult:
    """Answer the provider's notice with this number, and say how it ended. Given again, it ends the same."""
    if not answer.readable:
        return "unreadable"
    with transaction.atomic():
        found = answerable_notices(provider).filter(number=number).first()
        if found is None:
            return "unknown"
        notice = locked_notice(found)
        try:
            answer_notice(notice, answer, actor)
        except CheckMissing:
            return "unchecked"
        except InvalidTransition as error:
            return rejection_reason(notice, error)
    return "accepted" if answer.receipt_number else "returned"


def _require_check(notice: Notice, answer: ProviderAnswer, actor: ProviderActor) -> None:
    if answer.check is None and not actor.checks_elsewhere and needs_identity_check(notice):
        raise CheckMissing


def rejection_reason(notice: Notice, error: InvalidTransition) -> AnswerResult:
    """Why an act was refused: how the notice stands."""
    if Notice.objects.filter(replaces=notice).exists():
        return "replaced"
    if error.status == Status.ACCEPTED:
        return "already_accepted"
    return "already_returned" if error.status == Status.RETURNED else "withdrawn"


def is_answerable(notice: Notice) -> bool:
    """Whether the notice, as it stands, can be returned; and then accepted as well."""
    return may_happen(ReceiptKind.RETURNED, notice.status)


def mark_reached(notice: Notice, evidence: str) -> None:
    """The provider has it, whatever the portal knew of that: it was fetched, or answered."""
    if may_move(ReceiptKind.SENT, notice.status):
        record_receipt(notice, ReceiptKind.SENT, ChannelEvidence(evidence))
        mail_mover_about(notice, MailKind.SENT)


def mark_opened(notice: Notice, actor: ProviderActor) -> None:
    """到達: the provider has read it. The receipt is recorded once for each person at the desk, and once for all
    systems together; the audit log keeps every opening. Raises InvalidTransition where it has not reached the provider.
    """
    with transaction.atomic():
        if not notice.receipts.filter(kind=ReceiptKind.OPENED, staff=actor.staff).exists():
            record_receipt(notice, ReceiptKind.OPENED, ActEvidence(actor))
        actor.log_acts(AuditAction.SEEN, [notice.number])


def open_at_desk(notice: Notice, actor: StaffActor) -> None:
    """A person at the desk has it before their eyes. A withdrawn notice is only noted in the audit log."""
    with transaction.atomic():  # two windows at once open it once
        if locked_notice(notice).status == Status.WITHDRAWN:
            actor.log_acts(AuditAction.SEEN, [notice.number])
        else:
            mark_opened(notice, actor)


def mark_exported(notices: Sequence[Notice], actor: StaffActor, action: AuditAction) -> None:
    """Copies have left for the provider's own files; kept every time. action: one of the three exports.

    Raises InvalidTransition.
    """
    with transaction.atomic():
        for notice in notices:
            record_receipt(notice, ReceiptKind.TAKEN, ExportEvidence(actor, _EXPORT_FORMS[action]))
        actor.log_acts(action, [notice.number for notice in notices])


def mark_exported_at_peer(notice: Notice, actor: PeerActor) -> None:
    """Another portal's desk has exported it, in a form that is not told. Raises InvalidTransition."""
    record_receipt(notice, ReceiptKind.TAKEN, ExportEvidence(actor, ""))


def request_resend(notice: Notice, actor: ProviderActor) -> None:
    """Have it delivered once more, by the channel it went before; what is on its way already only goes on.

    Raises InvalidTransition, also for what was answered: that can be read, and need not come again.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        on_its_way = notice.status in (Status.ENTERED, Status.WITHDRAWN) or is_resend_requested(notice)
        if notice.due_at is not None and on_its_way:
            return
        record_receipt(notice, ReceiptKind.ASKED_AGAIN, ActEvidence(actor), locked=notice)
        if not notice.leased_until:  # the worker that has it in hand finds out when it is through
            make_due(notice)
        actor.log_acts(AuditAction.ASKED_AGAIN, [notice.number])


def is_resend_requested(notice: Notice) -> bool:
    """Whether the provider asked for it again, and it has not been delivered since."""
    last = (
        notice.receipts.filter(kind__in=(ReceiptKind.SENT, ReceiptKind.UNDELIVERED, ReceiptKind.ASKED_AGAIN))
        .order_by("id")
        .last()
    )
    return last is not None and last.kind == ReceiptKind.ASKED_AGAIN


def receipt_number_of(notice: Notice) -> str:
    """事業者受付番号; empty where there is none."""
    return _answered(notice, ReceiptKind.ACCEPTED)


def return_reason_of(notice: Notice) -> str:
    """Why it was returned; empty where it was not."""
    return _answered(notice, ReceiptKind.RETURNED)


def mail_mover_about(notice: Notice, kind: MailKind, *, receipt_number: str = "", about: UUID | None = None) -> None:
    """Write the mover a mail about the notice: one a kind, or one for each `about`. Another portal mails its own
    movers: it hears of the receipt.
    """
    if PeerOrigin.objects.filter(notice=notice).exists():
        return
    write_notice_mail(
        notice.book,
        kind,
        _heading(notice),
        about=about or notice.id,
        to=contact_email(notice.book),
        receipt_number=receipt_number,
        form_title="" if is_confidential(notice.book) else frozen_title(notice),
        held_at=notice.held_at,
    )


def _heading(notice: Notice) -> NoticeHeading:
    card = draft_of(notice).card
    if is_confidential(notice.book):  # a waterworks' name says where its customer moves to
        with override(settings.LANGUAGE_CODE):
            card = ProviderCard(_("事業者"))
    with override(settings.LANGUAGE_CODE), all_rows():
        counted = notice.book.notices.filter(replaced_by=None).aggregate(
            before=Count("id", filter=Q(position__lt=notice.position)), of=Count("id")
        )
        return NoticeHeading(
            industry=Industry(notice.industry).label,
            procedure=Procedure(notice.procedure).label,
            provider=card.name,
            on=frozen_day(notice),
            phones=card.phones,
            number=in_fours(notice.number),
            place=counted["before"] + 1,
            of=counted["of"],
        )


def answerable_notices(provider: str) -> QuerySet[Notice]:
    """Notices that were written for this provider. A web link's is not among them: perhaps it never arrived."""
    return Notice.objects.filter(MAY_LEAVE, provider=provider, written_at__isnull=False).exclude(channel=CARRIED)


def notices_on_desk(provider: str) -> QuerySet[Notice]:
    """Every notice that ever reached the provider, by fax or system too: it can be answered here as well.

    Not what a mover's own browser carries: that is answered on the provider's own site.
    """
    reached = Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=ReceiptKind.SENT))
    here = Q(status__in=statuses_before(ReceiptKind.OPENED))
    rows = Notice.objects.filter(MAY_LEAVE, here | Q(status=Status.WITHDRAWN) & reached, provider=provider)
    return rows.exclude(channel=CARRIED)


def count_waiting(provider: str, since: datetime, until: datetime) -> int:
    """How many arrived after `since` and up to `until`, and still wait for an answer."""
    arrived = Receipt.objects.filter(
        notice=OuterRef("pk"), kind=ReceiptKind.SENT, recorded_at__gt=since, recorded_at__lte=until
    )
    return notices_on_desk(provider).filter(Exists(arrived), status=Status.SENT).count()


def _is_given(notice: Notice, answer: ProviderAnswer) -> bool:
    if answer.receipt_number:
        return notice.status == Status.ACCEPTED and receipt_number_of(notice) == answer.receipt_number
    return notice.status == Status.RETURNED and return_reason_of(notice) == answer.reason


def _answered(notice: Notice, kind: ReceiptKind) -> str:
    receipt = notice.receipts.filter(kind=kind).first()
    return evidence_of(receipt, notice).number_or_reason if receipt else ""
