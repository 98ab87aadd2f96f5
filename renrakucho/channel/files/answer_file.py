"""Answer files: what a provider puts into the folder `answers`, whatever a spreadsheet or system has made of it.

Each file is read, or its result says why not; either way it moves to `answers/done`. Only what may still be uploading
stays.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any

from renrakucho.channel.channel import AnswerFile, AnswerRow
from renrakucho.channel.files.exchange_folder import put_file, refuse_symlink
from renrakucho.lib.csv_file import BadCsv, code_of_cell, csv_bytes, is_scientific, read_columns, spreadsheet_code
from renrakucho.lib.message_text import N_

ANSWERS, DONE, RESULTS = "answers", "done", "results"
LARGEST = 5 * 1024 * 1024  # bytes of a file of answers
SETTLED = 60  # seconds without a change: a younger file may still be uploading
ABANDONED = 24 * 60 * 60  # seconds: an upload that was broken off so long ago is not resumed
_UPLOAD_STARTS, _UPLOAD_ENDS = (".", "~$"), (".part", ".partial", ".filepart", ".tmp", ".crdownload")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, .xls
NUMBER, RECEIPT_NUMBER, REASON, RESULT = N_("れんらく番号"), N_("受付番号"), N_("差戻しの理由"), N_("結果")
CHECK, CHECK_NOTE = N_("確かめ方"), N_("確かめ方の説明")
_COLUMNS, _OPTIONAL = (NUMBER, RECEIPT_NUMBER, REASON), (CHECK, CHECK_NOTE)
_MOST = 20_000  # rows
_SHORTENED = N_("表計算ソフトが番号を短く書きかえています(例 5.6E+11)。列を文字列にして、もとの番号を入れてください")


def read_answer_files(table: Mapping[str, Any]) -> Iterator[AnswerFile]:
    """Every settled file, the oldest first. Raises OSError where the folder is no folder of its own."""
    folder = Path(table["folder"])
    for path in waiting_answer_files(folder):
        cells, mistake = _cells(path)
        yield AnswerFile(
            name=_shown_name(path),
            rows=tuple(_answer_row(*row) for row in cells),
            mistake=mistake,
            settle=partial(_settle, folder, path, cells),
        )


def waiting_answer_files(folder: Path) -> list[Path]:
    """Everything in `answers` that has not changed for a minute, even if it is no file, the oldest first."""
    answers = folder / ANSWERS
    refuse_symlink(answers)
    if not answers.exists():
        return []
    found = [(path.lstat(), path) for path in answers.iterdir() if path.name != DONE]
    found.sort(key=lambda each: (each[0].st_mtime, each[1].name))
    now = time.time()
    return [path for stat, path in found if _age(stat, now) >= (ABANDONED if _is_upload(path) else SETTLED)]


def _age(stat: os.stat_result, now: float) -> float:
    """Seconds since the last change. Whoever uploads can date a file as they like: where the date is ahead, when it got
    that date counts; and where this machine's clock is no judge of it either, it has been at rest for ever.
    """
    if stat.st_mtime <= now:
        return now - stat.st_mtime
    return now - stat.st_ctime if stat.st_ctime <= now + SETTLED else ABANDONED


def _is_upload(path: Path) -> bool:
    return path.name.startswith(_UPLOAD_STARTS) or path.name.lower().endswith(_UPLOAD_ENDS)


def _shown_name(path: Path) -> str:
    """The name as text: an SFTP client on Windows may send it in Shift_JIS."""
    name = os.fsencode(path.name)
    for encoding in ("utf-8", "cp932"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("ascii", "backslashreplace")


def answer_file_content(answer: Path) -> bytes | None:
    """The content of an answer file; None where it is larger than LARGEST. Raises OSError for what is no plain file."""
    with os.fdopen(os.open(answer, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IsADirectoryError(answer.name)
        content = file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else None


def _cells(path: Path) -> tuple[list[list[str]], str]:
    if _is_upload(path):
        return [], N_("送信の途中で止まったようです。もう一度、別の名前で入れてください。")
    try:
        content = answer_file_content(path)
    except OSError:  # a folder, a link, or not to be read by the worker's user
        return [], N_("ファイルとして開けません。読み取れる普通のファイルを入れてください。")
    if content is None:
        return [], N_("ファイルが大きすぎます。分けて入れてください。")
    if content.startswith(_WORKBOOKS):
        return [], N_("Excelのファイルは読めません。「CSV UTF-8」の形式で保存して入れてください。")
    try:
        rows = read_columns(content, _COLUMNS, _OPTIONAL)
    except BadCsv as error:
        if str(error) == "headings":
            return [], N_("一行目に、れんらく番号、受付番号、差戻しの理由の3つの見出しが要ります。")
        return [], N_("CSVとして読めません。文字コードと引用符をお確かめください。")
    if len(rows) > _MOST:
        return [], N_("行が多すぎます。分けて入れてください。")
    return rows, "" if rows else N_("行がありません")


def _answer_row(number: str, receipt_number: str, reason: str, check_way: str, check_note: str) -> AnswerRow:
    mistake = _SHORTENED if is_scientific(number) or is_scientific(receipt_number) else ""
    whole, dot, zeros = code_of_cell(number).partition(".")
    if dot and not zeros.strip("0０"):
        number = whole  # 561968857794.0
    return AnswerRow(number, code_of_cell(receipt_number), reason, mistake, check_way, check_note)


def _settle(folder: Path, path: Path, cells: Sequence[Sequence[str]], results: Sequence[str]) -> None:
    heads = (*_COLUMNS, *_OPTIONAL) if any(any(row[len(_COLUMNS) :]) for row in cells) else _COLUMNS
    cells = [row[: len(heads)] for row in cells]
    told = [
        [number, spreadsheet_code(code_of_cell(receipt_number)), *others, result]
        for (number, receipt_number, *others), result in zip(cells or [[""] * len(heads)], results, strict=True)
    ]
    # Always in UTF-8: a cell that the other encoding lacks must not keep the result from being written.
    settle_answer_file(folder, path, csv_bytes([[*heads, RESULT], *told], "UTF-8"))


def settle_answer_file(folder: Path, answer: Path, result: bytes) -> None:
    """Write the result as `results/<name>.csv`, and move the answers to `done`. A name that was used before gets a hash
    in it.
    """
    done, name = folder / ANSWERS / DONE, answer.name
    if (done / name).exists() or (folder / RESULTS / _result_name(name)).exists():
        date = str(answer.lstat().st_mtime_ns).encode()
        name = f"{answer.stem}-{sha256(result + date).hexdigest()[:12]}{answer.suffix}"
    put_file(folder / RESULTS, _result_name(name), result)
    refuse_symlink(done)
    done.mkdir(exist_ok=True)
    answer.rename(done / name)


def _result_name(name: str) -> str:
    return name if name.endswith(".csv") else f"{name}.csv"
