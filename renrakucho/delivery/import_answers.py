"""Import of answers that a provider hands in many at once: each row is recorded once, and its result goes back."""

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

RESULT_TEXTS: dict[AnswerResult, str] = {
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
    """Import every file of answers. Returns how many rows each had, by `<provider>/<name>`, and the providers whose
    files could not be read, or not be answered: those files stay where they are, and hold up no other.
    """
    imported: dict[str, int] = {}
    failed: list[str] = []
    for provider, connection in local_connections().items():
        for name, table in connection.tables.items():
            channel = CHANNELS[name]
            if channel.read_answers is None:
                continue
            try:
                for file in channel.read_answers(table):
                    results = [_(RESULT_TEXTS[_record_row(provider, row, file.name)]) for row in file.rows]
                    file.settle(results or [_(file.mistake or _NO_ROWS)])
                    imported[f"{provider}/{file.name}"] = len(file.rows)
            except OSError as error:
                log.error("answers of %s: %s", provider, type(error).__name__)
                failed.append(provider)
    return imported, failed


def _record_row(provider: str, row: AnswerRow, name: str) -> AnswerResult:
    answer = ProviderAnswer(row.receipt_number, row.reason)
    return answer_by_number(provider, ascii_digits(row.number), answer, FileActor(name))
