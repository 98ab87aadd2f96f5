"""Import of answers that a provider hands in many at once: each row is recorded once, and its result goes back."""

import logging

from django.db import DatabaseError
from django.utils.translation import gettext as _

from renrakucho.channel.channel import AnswerFile, AnswerRow
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.message_text import N_
from renrakucho.lib.typed_text import clean_line
from renrakucho.lib.width import ascii_digits
from renrakucho.notice.connected_providers import local_connections
from renrakucho.receipt.evidence import FileActor
from renrakucho.receipt.provider_actions import AnswerResult, answer_by_number
from renrakucho.receipt.provider_answer import ProviderAnswer, read_check

log = logging.getLogger(__name__)

RESULT_TEXTS: dict[AnswerResult, str] = {
    "accepted": N_("受理しました"),
    "returned": N_("差し戻しました"),
    "unknown": N_("この番号のれんらくは、貴社あてにありません。番号をお確かめください"),
    "unreadable": N_(
        "受付番号か差戻しの理由の、どちらか一つを入れてください。長すぎる文と目に見えない文字は使えません"
    ),
    "unchecked": N_(
        "お客さま番号がないれんらくです。「確かめ方」の列に、どう確かめたかを入れてください"
        "（number_matched、called_back、visited。ほかのときは other と「確かめ方の説明」）"
    ),
    "withdrawn": N_("お客さまが取り消しています。登録ずみなら取り消してください"),
    "replaced": N_("お客さまが内容を変更しています。新しい番号で答えてください"),
    "already_accepted": N_("すでに受理されています。受付番号は変えられません"),
    "already_returned": N_("すでに差し戻されています"),
}
_UNREADABLE_CHECK = N_(
    "確かめ方が読めません。number_matched、called_back、visited、otherのどれかを入れてください。otherには説明が要ります"
)
_OUR_FAULT = N_(
    "こちらの不具合で、この行を記録できませんでした。運営者が確かめます。同じ行をあとでもう一度入れてください"
)


def import_answers() -> tuple[dict[str, int], list[str]]:
    """Import every file of answers. Returns how many rows each had, by `<provider>/<name>`, and what went wrong: files
    that could not be taken, whose results say why, and those and providers whose answers could not be read or given.
    One of these holds up no other.
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
                    imported[f"{provider}/{file.name}"] = len(file.rows)
                    if not _import_file(provider, file):
                        failed.append(f"{provider}/{file.name}")
            except Exception as error:
                log.error("answers of %s: %s", provider, type(error).__name__)
                failed.append(provider)
    return imported, failed


def _import_file(provider: str, file: AnswerFile) -> bool:
    """Record the rows and write their results. False: not all of it could be taken."""
    try:
        results = [_record_row(provider, row, file.name) for row in file.rows]
        file.settle([_(text) for text in results] or [_(file.mistake)])
    except (OSError, DatabaseError) as error:  # the file stays, and is read again
        log.error("answers of %s: %s", provider, type(error).__name__)
        return False
    return not file.mistake and _OUR_FAULT not in results


def _record_row(provider: str, row: AnswerRow, name: str) -> str:
    """Record one answer, and return the text that says what came of it. Raises DatabaseError."""
    if row.mistake:
        return row.mistake
    check = read_check(clean_line(row.check_way), clean_line(row.check_note))
    if check and not check.readable:
        return _UNREADABLE_CHECK
    answer = ProviderAnswer(row.receipt_number, row.reason, check)
    try:
        return RESULT_TEXTS[answer_by_number(provider, ascii_digits(row.number), answer, FileActor(name))]
    except DatabaseError:
        raise
    except Exception as error:  # a notice that does not open, for instance
        log.error("an answer of %s: %s", provider, type(error).__name__)
        return _OUR_FAULT
