"""Exchange folder: files written for a provider, and answer files read from it (over SFTP or otherwise)."""

import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from renrakucho.channel.channel import AnswerFile, AnswerRow
from renrakucho.lib.csv_file import BadCsv, csv_bytes, read_csv
from renrakucho.lib.errors import Conflict
from renrakucho.lib.message_text import N_

ANSWERS, DONE, RESULTS = "answers", "done", "results"
LARGEST = 5 * 1024 * 1024  # bytes of a file of answers
_SETTLED = 60  # seconds without a change: a younger file may still be uploading


class DifferentFileExists(Conflict, FileExistsError):
    """A file of this name exists with other content. It is left as it is."""


def put_file(folder: Path, name: str, content: bytes) -> str:
    """Write a file atomically, and then its SHA-256 beside it (`<name>.sha256`). Returns the SHA-256.

    Nothing is overwritten; repeating it with the same content changes nothing. Raises DifferentFileExists, OSError.
    """
    digest = sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / name, content)
    _put(folder / f"{name}.sha256", f"{digest}  {name}\n".encode())
    return digest


def waiting_answer_files(folder: Path) -> Iterator[Path]:
    """Answer files that have not changed for a minute, the oldest first."""
    if (folder / ANSWERS).is_symlink():
        return
    found = [path for path in (folder / ANSWERS).glob("*.csv") if path.is_file() and not path.is_symlink()]
    for path in sorted(found, key=lambda path: (path.stat().st_mtime, path.name)):
        if time.time() - path.stat().st_mtime >= _SETTLED:
            yield path


def settle_answer_file(folder: Path, answer: Path, result: bytes) -> None:
    """Write the result file, and move the answers to `done`. A name that was used before gets a hash in it."""
    name = answer.name
    if (folder / ANSWERS / DONE / name).exists() or (folder / RESULTS / name).exists():
        name = f"{answer.stem}-{sha256(result + answer.read_bytes()).hexdigest()[:12]}.csv"
    put_file(folder / RESULTS, name, result)
    done = folder / ANSWERS / DONE
    _refuse_symlink(done)
    done.mkdir(exist_ok=True)
    answer.rename(done / name)


def answer_file_content(answer: Path) -> bytes | None:
    """The content of an answer file; None where it is larger than LARGEST. Raises OSError for a symbolic link."""
    with os.fdopen(os.open(answer, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        content = file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else None


def _refuse_symlink(folder: Path) -> None:
    """A provider that may write here must not lead a write into another folder, such as another provider's."""
    if folder.is_symlink():
        raise NotADirectoryError(folder.name)


def _put(path: Path, content: bytes) -> None:
    _refuse_symlink(path.parent)
    partial_file = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with partial_file.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial_file, path)  # unlike a rename, it does not overwrite
        except FileExistsError:
            if path.read_bytes() != content:
                raise DifferentFileExists(path.name) from None
    finally:
        partial_file.unlink(missing_ok=True)


NUMBER, RECEIPT_NUMBER, REASON, RESULT = N_("れんらく番号"), N_("受付番号"), N_("差戻しの理由"), N_("結果")
_MOST = 20_000  # rows


def read_answer_files(table: Mapping[str, Any]) -> Iterator[AnswerFile]:
    """Every settled answer file, read, the oldest first."""
    folder, encoding = Path(table["folder"]), batch_encoding(table)
    for path in waiting_answer_files(folder):
        cells, mistake = _cells(path, encoding)
        yield AnswerFile(
            name=path.name,
            rows=tuple(AnswerRow(number, receipt_number, reason) for number, receipt_number, reason in cells),
            mistake=mistake,
            settle=partial(_settle, folder, path, cells),
        )


def _cells(path: Path, encoding: str) -> tuple[list[tuple[str, str, str]], str]:
    content = answer_file_content(path)
    if content is None:
        return [], N_("ファイルが大きすぎます。分けて入れてください。")
    try:
        head, *rows = read_csv(content, encoding) or [[]]
        at = [head.index(name) for name in (NUMBER, RECEIPT_NUMBER, REASON)]
    except BadCsv:
        return [], N_("CSVとして読めません。文字コードと引用符をお確かめください。")
    except ValueError:
        return [], N_("一行目に、れんらく番号、受付番号、差戻しの理由の3つの見出しが要ります。")
    if len(rows) > _MOST:
        return [], N_("行が多すぎます。分けて入れてください。")
    filled = [row + [""] * len(head) for row in rows]
    return [(row[at[0]], row[at[1]], row[at[2]]) for row in filled], ""


def _settle(folder: Path, path: Path, cells: Sequence[tuple[str, str, str]], results: Sequence[str]) -> None:
    rows = [[*row, result] for row, result in zip(cells or [("", "", "")], results, strict=True)]
    # Always in UTF-8: a cell that the other encoding lacks must not keep the result from being written.
    settle_answer_file(folder, path, csv_bytes([[NUMBER, RECEIPT_NUMBER, REASON, RESULT], *rows], "UTF-8"))


def batch_encoding(table: Mapping[str, Any]) -> str:
    """The encoding that the table names; UTF-8 by default."""
    return str(table.get("encoding", "UTF-8"))
