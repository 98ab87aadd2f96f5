"""A notice's history as a clerk reads it, and the conflict that came in between when their answer was too late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from renrakucho.notice.models import Notice, Status
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptKind


@dataclass(frozen=True)
class HistoryLine:
    """One receipt. who: the clerk's name where it was one; word: receipt number or reason; check: how the provider made
    sure of its customer, with 受理.
    """

    kind: ReceiptKind
    at: datetime
    who: str
    word: str
    check: str = ""


@dataclass(frozen=True)
class AnswerConflict:
    """title: what happened; advice: what to do; typed: what was not recorded."""

    title: str
    advice: str
    typed: str


def receipt_history(notice: Notice) -> list[HistoryLine]:
    """All receipts, in order."""
    lines = []
    for receipt in notice.receipts.select_related("staff").order_by("id"):
        evidence, who = evidence_of(receipt, notice), receipt.staff.name if receipt.staff else receipt.get_by_display()
        kind = ReceiptKind(receipt.kind)
        lines.append(HistoryLine(kind, receipt.recorded_at, who, evidence.number_or_reason, evidence.check_said))
    return lines


def key_reads(notice: Notice) -> list[AuditEntry]:
    """The first time that each key of the provider's systems read the notice whole, or was told of it in a list."""
    reads = (AuditAction.LISTED_TO_KEY, AuditAction.READ_BY_KEY)
    entries = AuditEntry.objects.filter(provider=notice.provider, number=notice.number, deed__in=reads)
    return list(entries.select_related("key").order_by("id"))


def answer_conflict(notice: Notice, history: Sequence[HistoryLine], typed: str) -> AnswerConflict:
    """The conflict of a notice that was answered, withdrawn or replaced since its page was opened."""
    kinds = {
        Status.ACCEPTED.value: (ReceiptKind.ACCEPTED,),
        Status.RETURNED.value: (ReceiptKind.RETURNED,),
        Status.WITHDRAWN.value: (ReceiptKind.WITHDRAWN, ReceiptKind.REPLACED),
    }[notice.status]
    cause = next(line for line in reversed(history) if line.kind in kinds)
    values = {"when": f"{format_day(cause.at)} {format_clock(cause.at)}", "who": cause.who, "number": cause.word}
    title, advice = _CONFLICT_TEXTS[cause.kind]()
    return AnswerConflict(title % values, advice % values, typed)


def _accepted() -> tuple[str, str]:
    return (
        _("%(who)sさんが%(when)sに、受付番号「%(number)s」で受理しています"),
        _("受付番号はあとから変えられません。ちがう番号で登録されたときは、お客さまに電話でお伝えください。"),
    )


def _returned() -> tuple[str, str]:
    return (
        _("%(who)sさんが%(when)sに差し戻しています"),
        _("お客さまがなおすと、新しいれんらくとして届きます。そちらで受理してください。"),
    )


def _withdrawn() -> tuple[str, str]:
    return (
        _("お客さまが%(when)sに取り消しました"),
        _("この手続は要らなくなりました。すでに貴社のシステムに登録されたときは、取り消してください。"),
    )


def _replaced() -> tuple[str, str]:
    return (
        _("お客さまが%(when)sに内容を変更しました"),
        _("変更後の内容が、新しいれんらくとして届きます。そちらで受理してください。この番号では受理できません。"),
    )


_CONFLICT_TEXTS = {
    ReceiptKind.ACCEPTED: _accepted,
    ReceiptKind.RETURNED: _returned,
    ReceiptKind.WITHDRAWN: _withdrawn,
    ReceiptKind.REPLACED: _replaced,
}
