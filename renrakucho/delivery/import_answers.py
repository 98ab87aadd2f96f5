"""Answers that providers brought many at once: each row is given once, and what came of it goes back."""

import logging

from django.utils.translation import gettext as _

from renrakucho.channel.channel import AnswerRow
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.message_text import N_
from renrakucho.lib.width import ascii_digits
from renrakucho.notice.connected_providers import local_connections
from renrakucho.receipt.evidence import FileActor
from renrakucho.receipt.provider_actions import AnswerResult, ProviderAnswer, answer_by_number

log = logging.getLogger(__name__)

WORDS: dict[AnswerResult, str] = {
    "accepted": N_("受理しました"),
    "returned": N_("差し戻しました"),
    "unknown": N_("この番号のれんらくは、貴社あてにありません。番号をお確かめください"),
    "unreadable": N_(
        "受付番号か差戻しの理由の、どちらか一つを入れてください。長すぎる文と目に見えない文字は使えません"
    ),
    "withdrawn": N_("お客さまが取り消しています。登録ずみなら取り消してください"),
    "replaced": N_("お客さまが内容を変更しています。新しい番号で答えてください"),
    "already_accepted": N_("すでに受理されています。受付番号は変えられません"),
    "already_returned": N_("すでに差し戻されています"),
}
_NO_ROWS = N_("行がありません")


def import_answers() -> tuple[dict[str, int], list[str]]:
    """Take what was brought. Returns how many rows were read of it, by `<provider>/<name>`, and whose answers could not
    be taken, or not be told what came of them: they lie there still. What is wrong with one keeps no other waiting.
    """
    taken: dict[str, int] = {}
    failed: list[str] = []
    for provider, way in local_connections().items():
        for name, table in way.tables.items():
            channel = CHANNELS[name]
            if channel.read_answers is None or not channel.ready(table):
                continue
            try:
                for it in channel.read_answers(table):
                    results = [_(WORDS[_given(provider, row, it.name)]) for row in it.rows]
                    it.settle(results or [_(it.mistake or _NO_ROWS)])
                    taken[f"{provider}/{it.name}"] = len(it.rows)
            except OSError as error:
                log.error("answers of %s: %s", provider, type(error).__name__)
                failed.append(provider)
    return taken, failed


def _given(provider: str, row: AnswerRow, name: str) -> AnswerResult:
    answer = ProviderAnswer(row.receipt_number, row.reason)
    return answer_by_number(provider, ascii_digits(row.number), answer, FileActor(name))
