"""Files channel: one CSV of notices a night into the provider's folder, and its answers in CSV files from there.

[some-water.files]
folder = "/srv/sftp/some-water"     # the home of the provider's SFTP account
encoding = "UTF-8"                  # or Shift_JIS
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from renrakucho.channel.channel import Channel
from renrakucho.channel.files.answer_file import read_answer_files
from renrakucho.channel.files.exchange_folder import (
    DifferentFileExists,
    batch_encoding,
    keep_serial,
    known_serials,
    put_file,
)
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.table_faults import TableFault
from renrakucho.lib.browser_encoding import UnencodableText
from renrakucho.lib.csv_file import ENCODINGS, BadCsv, csv_bytes, read_csv
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.message_text import N_
from renrakucho.sheet.assurance import ASSURANCE_TITLE, WITHDRAWN_REPORTED, assurance_text
from renrakucho.sheet.procedure import PROCEDURE_LABELS
from renrakucho.sheet.window import JAPAN


class FilesTable(TypedDict):
    """[<provider>.files] over [here.files]"""

    folder: str
    encoding: NotRequired[str]


_WAITING = "waiting"
_A_DAY = timedelta(days=1)
_NAME_TAKEN = Outcome(OutcomeKind.TRY_LATER, "another file has this serial", name_taken=True)


def wait_for_batch(message: NoticeMessage) -> Outcome:
    """UNDER_WAY until the next batch is written; REFUSED now where the encoding lacks a character."""
    if not has_exchange_folder(message.table):
        return Outcome(OutcomeKind.REFUSED, "no folder, or no such encoding")
    try:
        batch_rows([message], batch_encoding(message.table))
    except UnencodableText as error:
        return Outcome(OutcomeKind.REFUSED, str(error))
    return Outcome(OutcomeKind.UNDER_WAY, reference=message.reference or _WAITING, retry_after=_A_DAY)


def write_batch(messages: Sequence[NoticeMessage], name: str) -> Outcome:
    """Write one CSV with all messages. Repeating it with the same name and messages changes nothing, and with some of
    them neither: a run that died had told the others too, of which one was taken back since. Where another file has or
    had this serial, the provider may have fetched that one: then nothing is written, and the name counts as taken.
    """
    first, serial = messages[0], int(name.rpartition("-")[2])
    folder, encoding, file = Path(first.table["folder"]), batch_encoding(first.table), f"{first.provider}-{name}.csv"
    try:
        content = batch_rows(messages, encoding)
        if has_rows(folder / file, messages, encoding):
            content = (folder / file).read_bytes()
        elif serial in known_serials(folder, first.provider):
            return _NAME_TAKEN
        digest = put_file(folder, file, content)
        keep_serial(folder, first.provider, serial)
    except DifferentFileExists:
        return _NAME_TAKEN
    except (OSError, UnencodableText) as error:
        return Outcome(OutcomeKind.TRY_LATER, type(error).__name__)
    return Outcome(OutcomeKind.SENT, f"{file} sha256 {digest}")


def _last_serial(table: Mapping[str, Any], provider: str) -> int:
    folder = table.get("folder")  # none where the connection has got a mistake meanwhile
    return max(known_serials(Path(folder), provider), default=0) if folder else 0


def has_rows(file: Path, messages: Sequence[NoticeMessage], encoding: str) -> bool:
    """Whether the file exists and tells each of these messages already. Raises OSError."""
    if not file.is_file():
        return False
    try:
        rows = {tuple(row[: len(HEADINGS)]) for row in read_csv(file.read_bytes(), encoding)}
    except BadCsv:
        return False
    return all(tuple(_fixed_cells(message)) in rows for message in messages)


def has_exchange_folder(table: Mapping[str, Any]) -> bool:
    """Whether the table has a folder, and an encoding that can be written."""
    return bool(table.get("folder")) and batch_encoding(table) in ENCODINGS


def _faults(table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    if batch_encoding(table) not in ENCODINGS:
        names = ", ".join(ENCODINGS)
        yield TableFault(("encoding",), f"encodingは{names}のどれかです", f"encoding is not one of {names}")
    folder = Path(table["folder"])
    if not folder.is_absolute():
        yield TableFault(("folder",), "folderは/から書きます", "folder does not begin with /")
    elif folder.exists() and not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        yield TableFault(("folder",), "folderに書き込めません", "folder is none that can be written to")
    elif not folder.exists() and not _can_be_made(folder):
        yield TableFault(
            ("folder",), "folderがなく、作ることもできません", "folder is not there, and cannot be made either"
        )
    elif not folder.exists():
        yield TableFault(
            ("folder",),
            "folderがまだありません。最初の夜に作ります",
            "folder is not there yet; the first night makes it",
            warning=True,
        )


def _can_be_made(folder: Path) -> bool:
    above = next(each for each in folder.parents if each.exists())
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)


HEADINGS = (N_("れんらく番号"), N_("種類"), N_("差し替える番号"), N_("手続"), N_("様式"), N_("確認日時"))
NEW, CHANGED, WITHDRAWN = N_("新規"), N_("変更"), N_("取消")


def batch_rows(messages: Sequence[NoticeMessage], encoding: str) -> bytes:
    """CSV of the messages: headings, and a row each. Blanks with the same name and label share a column; a withdrawal
    has its number only. Raises UnencodableText.
    """
    texts = [
        {} if message.withdrawn else {(line.name, line.label): line.text for line in message.filled.visible_lines()}
        for message in messages
    ]
    columns = list(dict.fromkeys(column for lines in texts for column in lines))
    rows = [
        [
            *_fixed_cells(message),
            *(lines.get(column, "") for column in columns),
            WITHDRAWN_REPORTED if message.reported else assurance_text(message.filled.assurance),
        ]
        for message, lines in zip(messages, texts, strict=True)
    ]
    return csv_bytes([[*HEADINGS, *(label for _name, label in columns), ASSURANCE_TITLE], *rows], encoding)


def _fixed_cells(message: NoticeMessage) -> list[str]:
    kind = WITHDRAWN if message.withdrawn else CHANGED if message.replaces else NEW
    return [
        in_fours(message.number),
        kind,
        in_fours(message.replaces),
        PROCEDURE_LABELS[message.procedure],
        message.filled.sheet,
        f"{message.written_at.astimezone(JAPAN):%Y-%m-%d %H:%M}",
    ]


FILES = Channel(
    label=N_("夜間ファイル"),
    needs=N_("SFTPなどで読み書きできるフォルダー。UTF-8かShift_JISのCSVを取り込めること。"),
    arrived=N_(
        "その夜のファイルを、番号付きで書き終えたこと(送信済)。書くまでは送信済にならない。"
        "事業者が取り込んだことは、答えのファイルが来るまで分からない。"
    ),
    accepted=N_("事業者が答えのCSVに受付番号を入れて戻したこと。どのファイルかを記録し、一行ごとの結果を返す。"),
    failing=N_(
        "書けなかった夜は、同じ番号でもう一度書く。引越しに間に合わないときとShift_JISで書けない字があるときは"
        "未達になり、お客さまにメールで知らせる。"
    ),
    send=wait_for_batch,
    table=FilesTable,
    faults=_faults,
    send_batch=write_batch,
    last_serial=_last_serial,
    read_answers=read_answer_files,
    local=True,
    confidential=False,
)
