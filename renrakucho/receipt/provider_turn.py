"""What a provider can do with a notice: its word alone makes 受理."""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.lease import make_due
from renrakucho.lib.legible import in_fours
from renrakucho.mail.models import MailKind
from renrakucho.mail.write import write_about
from renrakucho.mover.book import entries_of
from renrakucho.mover.sealed import open_for
from renrakucho.notice.draft import draft_of
from renrakucho.notice.models import Notice, Origin, Procedure, Status
from renrakucho.notice.writing import told
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Kind, Receipt
from renrakucho.receipt.record import locked, record
from renrakucho.sheet.receipt_number import LONGEST_NUMBER as LONGEST_NUMBER  # theirs who take one in

LONGEST_REASON = 500


def reached(notice: Notice, evidence: str) -> None:
    """The provider has it, whatever the portal knew of that: it was fetched, or answered."""
    if notice.status in (Status.ENTERED, Status.UNDELIVERED):
        record(notice, Kind.SENT, detail={"evidence": evidence})


def opened(notice: Notice, staff: Staff | None, *, system: str = "") -> None:
    """A clerk has it before their eyes, or the provider's system has read it (None; `system` is its name); noted once
    for each. Raises OutOfTurn where it has not reached the provider.
    """
    if not notice.receipts.filter(kind=Kind.OPENED, staff=staff).exists():
        record(notice, Kind.OPENED, staff=staff, detail={"system": system} if system else None)


def ask_again(notice: Notice, *, staff: Staff | None = None, system: str = "") -> None:
    """Have it delivered once more, by the way it went before; what is on its way already only goes on.

    Raises OutOfTurn, also for what was answered: that can be read, and need not come again.
    """
    with transaction.atomic():
        notice = locked(notice)
        on_its_way = notice.status in (Status.ENTERED, Status.WITHDRAWN) or is_asked_again(notice)
        if notice.due_at is not None and on_its_way:
            return
        record(notice, Kind.ASKED_AGAIN, staff=staff, detail={"system": system} if system else None)
        if not notice.leased_until:  # whoever has it in hand finds out when he is through
            make_due(notice, timezone.now())


def is_asked_again(notice: Notice) -> bool:
    """Whether the provider asked for it again, and it has not been delivered since."""
    last = notice.receipts.filter(kind__in=(Kind.SENT, Kind.UNDELIVERED, Kind.ASKED_AGAIN)).order_by("id").last()
    return last is not None and last.kind == Kind.ASKED_AGAIN


def taken(notice: Notice, staff: Staff | None, form: str) -> None:
    """A copy has left for the provider's own files, as `form` («csv», «pdf»); noted every time. Raises OutOfTurn."""
    record(notice, Kind.TAKEN, staff=staff, detail={"as": form})


def accept(notice: Notice, staff: Staff, number: str) -> None:
    """受理, with the provider's own receipt number. Raises OutOfTurn, also for a second, different number."""
    accept_with(notice, {"number": number}, staff=staff)


def accept_with(notice: Notice, detail: dict[str, str], *, staff: Staff | None = None) -> None:
    """受理 on evidence: `detail` has the number, and whatever proves whose word it is. Raises OutOfTurn."""
    with transaction.atomic():
        notice = locked(notice)
        if notice.status == Status.ACCEPTED and receipt_number(notice) == detail["number"]:
            return
        record(notice, Kind.ACCEPTED, staff=staff, detail=detail)
        tell(notice, MailKind.ACCEPTANCE, number=detail["number"])


def send_back(notice: Notice, staff: Staff, reason: str) -> None:
    """差戻し, with what the mover has to put right. Raises OutOfTurn, also for a second, different reason."""
    send_back_with(notice, {"reason": reason}, staff=staff)


def send_back_with(notice: Notice, detail: dict[str, str], *, staff: Staff | None = None) -> None:
    """差戻し on evidence: `detail` has the reason, and whatever proves whose word it is. Raises OutOfTurn, also for a
    second, different reason: what was returned stays as it was returned first.
    """
    with transaction.atomic():
        notice = locked(notice)
        if notice.status == Status.RETURNED and reason_of(notice) == detail["reason"]:
            return
        record(notice, Kind.RETURNED, staff=staff, detail=detail)
        tell(notice, MailKind.RETURN)


def receipt_number(notice: Notice) -> str:
    """事業者受付番号; empty where there is none."""
    receipt = notice.receipts.filter(kind=Kind.ACCEPTED).first()
    return str(detail_of(receipt, notice).get("number", "")) if receipt else ""


def reason_of(notice: Notice) -> str:
    """Why it was sent back; empty where it was not."""
    receipt = notice.receipts.filter(kind=Kind.RETURNED).first()
    return str(detail_of(receipt, notice).get("reason", "")) if receipt else ""


def detail_of(receipt: Receipt, notice: Notice) -> dict[str, str]:
    """The receipt's sealed detail; `notice` spares a look-up of its book."""
    if not receipt.detail:
        return {}
    detail: dict[str, str] = open_for(notice.book, f"receipt:{receipt.id}", receipt.detail)
    return detail


def tell(notice: Notice, kind: MailKind, number: str = "") -> None:
    """Write the mover a mail about the notice. Those of another portal's are told by it, which hears of the receipt."""
    if Origin.objects.filter(notice=notice).exists():
        return
    card = draft_of(notice).card
    write_about(
        notice.book,
        kind,
        about=notice.id,
        to=entries_of(notice.book).items["contact.email"],
        provider=card.name,
        procedure=str(Procedure(notice.procedure).label),
        number=number,
        notice_number=in_fours(notice.number),
        title=told(notice).title if notice.filled else "",
        phones=card.phones,
    )
