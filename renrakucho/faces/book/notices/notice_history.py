"""A notice's story as its mover reads it: what happened, and what was tried and did not arrive."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.address_verification import awaits_verification
from renrakucho.delivery.models import Attempt
from renrakucho.notice.models import Status
from renrakucho.page.formatting import format_clock, format_day
from renrakucho.receipt.answer_by_code import BY_CODE
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.notice_view import HistoryEntry, NoticeView

_ARRIVED = (ReceiptKind.SENT, ReceiptKind.WITHDRAWAL_SENT)


@dataclass(frozen=True)
class HistoryEvent:
    """One line. note: receipt number, reason, or by which way it went; heard: from which other portal it is known."""

    at: datetime
    words: str
    note: str = ""
    heard: str = ""


def notice_history(leaf: NoticeView, attempts: list[Attempt]) -> list[HistoryEvent]:
    """Receipts and tries that did not arrive, in the order they happened."""
    channel = CHANNELS.get(leaf.notice.channel)
    way = leaf.through or (_(channel.label) if channel else "")
    events = [
        HistoryEvent(each.at, _words(each), each.note or (way if each.kind in _ARRIVED else ""), _heard(each))
        for each in leaf.history
    ]
    # What arrived has its receipt, and what is under way is told by waiting().
    events += [HistoryEvent(each.started_at, _tried(each)) for each in attempts if _tried(each)]
    return sorted(events, key=lambda event: event.at)


def _heard(each: HistoryEntry) -> str:
    """From whom it is known, and when it was recorded there."""
    if not each.through or each.said_at is None:
        return ""
    when = f"{format_day(each.said_at)} {format_clock(each.said_at)}"
    return _("%(portal)sからの知らせ（%(when)sの記録）") % {"portal": each.through, "when": when}


def _words(each: HistoryEntry) -> str:
    label = str(each.kind.label)
    return _("%(what)s（紙にある回答コードから）") % {"what": label} if each.how == BY_CODE else label


def waiting_note(leaf: NoticeView, attempts: list[Attempt]) -> str:
    """What is going on with a notice that was entered and has not arrived; empty for any other."""
    if leaf.status != Status.ENTERED:
        return ""
    if attempts and attempts[-1].outcome == OutcomeKind.UNDER_WAY and not leaf.through:
        return _under_way(leaf)
    if awaits_verification(leaf.notice):
        return _(
            "この事業者の送り先の番号を確かめているところなので、まだ何も送っていません。確かめられしだい送ります。"
            "お急ぎのときは、事業者へお電話ください。"
        )
    failed = sum(bool(_tried(each)) for each in attempts)
    due_at = leaf.notice.due_at
    if leaf.through and (not failed or due_at is None):
        return _("%(portal)sを通して、事業者へ送っています。事業者に届くと「送信済」になります。") % {
            "portal": leaf.through
        }
    if not failed or due_at is None:
        return _("事業者の窓口へ送っています。届くと「送信済」になります。")
    return _(
        "まだ事業者に届いていません。これまでに%(count)s回送りました。つぎは%(when)sごろ、もう一度送ります。"
        "お急ぎのときは、事業者へお電話ください。"
    ) % {"count": failed, "when": f"{format_day(due_at)} {format_clock(due_at)}"}


def _under_way(leaf: NoticeView) -> str:
    channel = CHANNELS.get(leaf.notice.channel)
    return _("%(way)sで送っています。届いたかどうかは、まだ分かりません。分かると「送信済」になります。") % {
        "way": _(channel.label) if channel else ""
    }


def _tried(attempt: Attempt) -> str:
    """What came of it where it did not arrive; empty where it did, or is still under way."""
    if attempt.withdrawal:
        words = {
            OutcomeKind.TRY_LATER: _("取消を送りましたが、届きませんでした"),
            OutcomeKind.REFUSED: _("取消を送りましたが、受け取られませんでした"),
            OutcomeKind.UNKNOWN: _("取消を送りましたが、届いたかどうか分かりませんでした"),
        }
    else:
        words = {
            OutcomeKind.TRY_LATER: _("送りましたが、届きませんでした"),
            OutcomeKind.REFUSED: _("送りましたが、受け取られませんでした"),
            OutcomeKind.UNKNOWN: _("送りましたが、届いたかどうか分かりませんでした"),
        }
    return words.get(OutcomeKind(attempt.outcome), "") if attempt.outcome else ""
