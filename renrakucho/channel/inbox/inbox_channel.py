"""Inbox channel (ASP方式): this system keeps the notice, and the provider's staff read it at their desk."""

from typing import TypedDict

from renrakucho.channel.channel import Channel
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.message_text import N_


class InboxTable(TypedDict):
    """[<provider>.inbox], which is `desk = true` in other words. It is empty."""


def send_to_inbox(message: NoticeMessage) -> Outcome:
    """SENT at once: the recorded status is what puts a notice on the desk's list."""
    return Outcome(OutcomeKind.SENT, f"desk of {message.provider}")


INBOX = Channel(
    label=N_("受付窓口"),
    needs=N_("ブラウザと、担当者のログイン。機器もシステムも要らない。"),
    arrived=N_("窓口の一覧に載ったこと(送信済)と、担当者が開いたこと(到達、だれがいつ)。"),
    accepted=N_("担当者が受付番号を入れて受理したこと。だれがいつかを記録する。"),
    failing=N_("一覧に載せること自体は失敗しない。開かれないままなら、一覧の先頭に待ち日数つきで残る。"),
    send=send_to_inbox,
    table=InboxTable,
    local=True,
)
