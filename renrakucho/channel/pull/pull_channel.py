"""Pull channel: this system keeps the notice, and the provider's own system reads it by the API.

[some-internet.pull]              # the table is empty; the key is made by `renrakucho keys make`
"""

from typing import TypedDict

from renrakucho.channel.channel import Channel
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.lib.message_text import N_


class PullTable(TypedDict):
    """[<provider>.pull]. It is empty."""


def send_to_pull(message: NoticeMessage) -> Outcome:
    """SENT at once: the recorded status is what puts a notice on the list that the API returns."""
    return Outcome(OutcomeKind.SENT, f"list of {message.provider}")


PULL = Channel(
    label=N_("システム連携(取得)"),
    needs=N_("HTTPSでAPIを呼べるシステムと、システム鍵。外からの入口は要らない。"),
    arrived=N_("APIの一覧に載ったこと(送信済)と、事業者のシステムが中身を読んだこと(到達、いつ)。"),
    accepted=N_("事業者のシステムが、自分の鍵でAPIに受付番号を入れたこと。どの鍵でいつかを記録する。"),
    failing=N_(
        "一覧に載せること自体は失敗しない。読まれないあいだは到達が付かず、送信済のまま残る。"
        "システムが止まっていても、あとから続きを読める。"
    ),
    send=send_to_pull,
    table=PullTable,
    local=True,
)
