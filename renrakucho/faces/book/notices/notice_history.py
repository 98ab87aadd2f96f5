"""Notice history for the mover: what happened, and the attempts that did not arrive."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.address_verification import awaits_verification
from renrakucho.delivery.models import Attempt
from renrakucho.notice.models import Status
from renrakucho.page.formatting import channel_label, format_clock, format_day
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.notice_view import HistoryEntry, NoticeView

_ARRIVED = (ReceiptKind.SENT, ReceiptKind.WITHDRAWAL_SENT)


@dataclass(frozen=True)
class HistoryEvent:
    """One line. note: receipt number, reason, or the channel that it went by; heard: the peer portal that said so."""

    at: datetime
    words: str
    note: str = ""
    heard: str = ""


def notice_history(view: NoticeView, attempts: list[Attempt]) -> list[HistoryEvent]:
    """Return receipts and failed attempts, in the order in which they happened."""
    carrier = view.through or channel_label(view.notice.channel)
    events = [
        HistoryEvent(
            each.at, _event_text(each, view), each.note or (carrier if each.kind in _ARRIVED else ""), _heard(each)
        )
        for each in view.history
    ]
    # An attempt that arrived has its receipt, and waiting_note() tells of one that is under way.
    events += [HistoryEvent(each.started_at, _failure_text(each)) for each in attempts if _failure_text(each)]
    return sorted(events, key=lambda event: event.at)


def _carrier_of(each: HistoryEntry, carrier: str) -> str:
    return carrier if each.kind in _ARRIVED else ""


def _heard(each: HistoryEntry) -> str:
    """The peer portal that said so, and when it had recorded it."""
    if not each.through or each.said_at is None:
        return ""
    when = f"{format_day(each.said_at)} {format_clock(each.said_at)}"
    return _("%(portal)sからの知らせ（%(when)sの記録）") % {"portal": each.through, "when": when}


def _event_text(each: HistoryEntry, view: NoticeView) -> str:
    if each.kind == ReceiptKind.WITHDRAWN and view.closed_as_not_done:
        return _("「手続しなかった」とお客さまが記録しました（事業者には何も伝えていません）")
    if each.taken_back:
        return _("「手続を終えた」という記録を、お客さまが取り消しました")
    if each.never_sent:
        return _("事務局が、ここからは送らないことにしました（事業者には何も届いていません）")
    label = str(each.kind.label)
    return _("%(what)s（紙にある回答コードから）") % {"what": label} if each.by_code else label


def waiting_note(view: NoticeView, attempts: list[Attempt]) -> str:
    """Say what is going on with a notice that was entered and has not arrived; "" for any other."""
    if view.status != Status.ENTERED:
        return ""
    if attempts and attempts[-1].outcome == OutcomeKind.UNDER_WAY and not view.through:
        return _under_way(view)
    if awaits_verification(view.notice):
        return _(
            "この事業者の送り先の番号を確かめているところなので、まだ何も送っていません。確かめられしだい送ります。"
            "お急ぎのときは、事業者へお電話ください。"
        )
    failed = sum(bool(_failure_text(each)) for each in attempts)
    due_at = view.notice.due_at
    if view.through and (not failed or due_at is None):
        return _("%(portal)sを通して、事業者へ送っています。事業者に届くと「送信済」になります。") % {
            "portal": view.through
        }
    if not failed or due_at is None:
        return _("事業者の窓口へ送っています。届くと「送信済」になります。")
    return ngettext(
        "まだ事業者に届いていません。これまでに%(count)s回送りました。つぎは%(when)sごろ、もう一度送ります。"
        "お急ぎのときは、事業者へお電話ください。",
        "まだ事業者に届いていません。これまでに%(count)s回送りました。つぎは%(when)sごろ、もう一度送ります。"
        "お急ぎのときは、事業者へお電話ください。",
        failed,
    ) % {"count": failed, "when": f"{format_day(due_at)} {format_clock(due_at)}"}


def _under_way(view: NoticeView) -> str:
    return _("%(way)sで送っています。届いたかどうかは、まだ分かりません。分かると「送信済」になります。") % {
        "way": channel_label(view.notice.channel)
    }


def _failure_text(attempt: Attempt) -> str:
    """How the attempt failed; "" where it arrived or is under way."""
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
