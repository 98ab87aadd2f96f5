"""What a provider can do with a notice: its word alone makes 受理."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from renrakucho.lib.identifiers import LONGEST_NUMBER as LONGEST_NUMBER  # for the forms of every face
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.lease import make_due
from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import write_notice_mail
from renrakucho.mover.book import entries_of, open_for_book
from renrakucho.notice.models import Notice, PeerOrigin, Procedure, Status
from renrakucho.notice.notice_form import draft_of, frozen_form
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import locked_notice, record_receipt
from renrakucho.sheet.form import CARRIED

LONGEST_REASON = 500


def mark_reached(notice: Notice, evidence: str) -> None:
    """The provider has it, whatever the portal knew of that: it was fetched, or answered."""
    if notice.status in (Status.ENTERED, Status.UNDELIVERED):
        record_receipt(notice, ReceiptKind.SENT, detail={"evidence": evidence})


def mark_opened(notice: Notice, staff: Staff | None, *, system: str = "") -> None:
    """A clerk has it before their eyes, or the provider's system has read it (None; `system` is its name); noted once
    for each. Raises OutOfTurn where it has not reached the provider.
    """
    if not notice.receipts.filter(kind=ReceiptKind.OPENED, staff=staff).exists():
        record_receipt(notice, ReceiptKind.OPENED, staff=staff, detail={"system": system} if system else None)


def request_resend(notice: Notice, *, staff: Staff | None = None, system: str = "") -> None:
    """Have it delivered once more, by the way it went before; what is on its way already only goes on.

    Raises OutOfTurn, also for what was answered: that can be read, and need not come again.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        on_its_way = notice.status in (Status.ENTERED, Status.WITHDRAWN) or is_resend_requested(notice)
        if notice.due_at is not None and on_its_way:
            return
        record_receipt(notice, ReceiptKind.ASKED_AGAIN, staff=staff, detail={"system": system} if system else None)
        if not notice.leased_until:  # whoever has it in hand finds out when he is through
            make_due(notice, timezone.now())


def is_resend_requested(notice: Notice) -> bool:
    """Whether the provider asked for it again, and it has not been delivered since."""
    last = (
        notice.receipts.filter(kind__in=(ReceiptKind.SENT, ReceiptKind.UNDELIVERED, ReceiptKind.ASKED_AGAIN))
        .order_by("id")
        .last()
    )
    return last is not None and last.kind == ReceiptKind.ASKED_AGAIN


def mark_exported(notice: Notice, staff: Staff | None, form: str) -> None:
    """A copy has left for the provider's own files, as `form` («csv», «pdf»); noted every time. Raises OutOfTurn."""
    record_receipt(notice, ReceiptKind.TAKEN, staff=staff, detail={"as": form})


def accept_notice(notice: Notice, staff: Staff, number: str) -> None:
    """受理, with the provider's own receipt number. Raises OutOfTurn, also for a second, different number."""
    accept_on_evidence(notice, {"number": number}, staff=staff)


def accept_on_evidence(notice: Notice, detail: dict[str, str], *, staff: Staff | None = None) -> None:
    """受理 on evidence: `detail` has the number, and whatever proves whose word it is. Raises OutOfTurn."""
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.ACCEPTED and receipt_number_of(notice) == detail["number"]:
            return
        record_receipt(notice, ReceiptKind.ACCEPTED, staff=staff, detail=detail)
        mail_mover_about(notice, MailKind.ACCEPTANCE, number=detail["number"])


def return_notice(notice: Notice, staff: Staff, reason: str) -> None:
    """差戻し, with what the mover has to put right. Raises OutOfTurn, also for a second, different reason."""
    return_on_evidence(notice, {"reason": reason}, staff=staff)


def return_on_evidence(notice: Notice, detail: dict[str, str], *, staff: Staff | None = None) -> None:
    """差戻し on evidence: `detail` has the reason, and whatever proves whose word it is. Raises OutOfTurn, also for a
    second, different reason: what was returned stays as it was returned first.
    """
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.status == Status.RETURNED and return_reason_of(notice) == detail["reason"]:
            return
        record_receipt(notice, ReceiptKind.RETURNED, staff=staff, detail=detail)
        mail_mover_about(notice, MailKind.RETURN)


def receipt_number_of(notice: Notice) -> str:
    """事業者受付番号; empty where there is none."""
    receipt = notice.receipts.filter(kind=ReceiptKind.ACCEPTED).first()
    return str(evidence_of(receipt, notice).get("number", "")) if receipt else ""


def return_reason_of(notice: Notice) -> str:
    """Why it was sent back; empty where it was not."""
    receipt = notice.receipts.filter(kind=ReceiptKind.RETURNED).first()
    return str(evidence_of(receipt, notice).get("reason", "")) if receipt else ""


def evidence_of(receipt: Receipt, notice: Notice) -> dict[str, str]:
    """The receipt's sealed detail; `notice` spares a look-up of its book."""
    if not receipt.detail:
        return {}
    detail: dict[str, str] = open_for_book(notice.book, f"receipt:{receipt.id}", receipt.detail)
    return detail


def mail_mover_about(notice: Notice, kind: MailKind, number: str = "") -> None:
    """Write the mover a mail about the notice. Those of another portal's are told by it, which hears of the receipt."""
    if PeerOrigin.objects.filter(notice=notice).exists():
        return
    card = draft_of(notice).card
    write_notice_mail(
        notice.book,
        kind,
        about=notice.id,
        to=entries_of(notice.book).items["contact.email"],
        provider=card.name,
        procedure=_procedure(notice),
        number=number,
        notice_number=in_fours(notice.number),
        title=frozen_form(notice).title if notice.filled else "",
        phones=card.phones,
    )


def _procedure(notice: Notice) -> str:
    """停止, for a mail: in Japanese, whatever the language of the page that brought the provider's word."""
    with override(settings.LANGUAGE_CODE):
        return str(Procedure(notice.procedure).label)


def notices_on_desk(provider: str) -> QuerySet[Notice]:
    """Every notice that ever reached the provider, by fax or system too: it can be answered here as well.

    Not what a mover's own browser carries: that is answered on the provider's own site.
    """
    reached = Exists(Receipt.objects.filter(notice=OuterRef("pk"), kind=ReceiptKind.SENT))
    here = Q(status__in=(Status.SENT, Status.ACCEPTED, Status.RETURNED))
    return Notice.objects.filter(here | Q(status=Status.WITHDRAWN) & reached, provider=provider).exclude(
        channel=CARRIED
    )


def count_waiting(provider: str, since: datetime, until: datetime) -> int:
    """How many arrived after `since` and up to `until`, and still wait for an answer."""
    arrived = Receipt.objects.filter(
        notice=OuterRef("pk"), kind=ReceiptKind.SENT, recorded_at__gt=since, recorded_at__lte=until
    )
    return notices_on_desk(provider).filter(Exists(arrived), status=Status.SENT).count()
