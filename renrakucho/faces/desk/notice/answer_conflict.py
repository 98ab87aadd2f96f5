"""What came in between, told to the clerk who was too late: what happened, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from renrakucho.faces.desk.receipt_history import HistoryLine
from renrakucho.notice.models import Notice, Status
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.receipt.models import ReceiptKind


@dataclass(frozen=True)
class AnswerConflict:
    """title: what happened; advice: what to do; typed: what was not recorded."""

    title: str
    advice: str
    typed: str


def answer_conflict(notice: Notice, history: Sequence[HistoryLine], typed: str) -> AnswerConflict:
    """For a notice that has left the stack since its page was opened."""
    kinds = {
        Status.ACCEPTED.value: (ReceiptKind.ACCEPTED,),
        Status.RETURNED.value: (ReceiptKind.RETURNED,),
        Status.WITHDRAWN.value: (ReceiptKind.WITHDRAWN, ReceiptKind.REPLACED),
    }[notice.status]
    came = next(each for each in reversed(history) if each.kind in kinds)
    words = {"when": f"{format_day(came.at)} {format_clock(came.at)}", "who": came.who, "number": came.word}
    title, advice = _WORDS[came.kind]()
    return AnswerConflict(title % words, advice % words, typed)


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


_WORDS = {
    ReceiptKind.ACCEPTED: _accepted,
    ReceiptKind.RETURNED: _returned,
    ReceiptKind.WITHDRAWN: _withdrawn,
    ReceiptKind.REPLACED: _replaced,
}
