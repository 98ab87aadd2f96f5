"""Files of answers: れんらく番号, and 受付番号 or 差戻しの理由, a row each."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from renrakucho.channel.brought import Brought, Row
from renrakucho.channel.files.folder import answers, content, settle
from renrakucho.channel.files.send import encoding_of
from renrakucho.lib.csv_file import NoTable, read, written
from renrakucho.lib.translate import N_

NUMBER, RECEIPT_NUMBER, REASON, RESULT = N_("れんらく番号"), N_("受付番号"), N_("差戻しの理由"), N_("結果")
_MOST = 20_000  # rows


def brought(table: Mapping[str, Any]) -> Iterator[Brought]:
    """Every file that has come to rest, the oldest first."""
    folder, encoding = Path(table["folder"]), encoding_of(table)
    for path in answers(folder):
        cells, mistake = _cells(path, encoding)
        yield Brought(
            name=path.name,
            rows=tuple(Row(number, receipt_number, reason) for number, receipt_number, reason in cells),
            mistake=mistake,
            settle=partial(_settle, folder, path, cells),
        )


def _cells(path: Path, encoding: str) -> tuple[list[tuple[str, str, str]], str]:
    brought = content(path)
    if brought is None:
        return [], N_("ファイルが大きすぎます。分けて入れてください。")
    try:
        head, *rows = read(brought, encoding) or [[]]
        at = [head.index(name) for name in (NUMBER, RECEIPT_NUMBER, REASON)]
    except NoTable:
        return [], N_("CSVとして読めません。文字コードと引用符をお確かめください。")
    except ValueError:
        return [], N_("一行目に、れんらく番号、受付番号、差戻しの理由の3つの見出しが要ります。")
    if len(rows) > _MOST:
        return [], N_("行が多すぎます。分けて入れてください。")
    filled = [row + [""] * len(head) for row in rows]
    return [(row[at[0]], row[at[1]], row[at[2]]) for row in filled], ""


def _settle(folder: Path, path: Path, cells: Sequence[tuple[str, str, str]], results: Sequence[str]) -> None:
    rows = [[*row, result] for row, result in zip(cells or [("", "", "")], results, strict=True)]
    # In UTF-8 whatever came: a cell that nobody could read must not keep the result from being written.
    settle(folder, path, written([[NUMBER, RECEIPT_NUMBER, REASON, RESULT], *rows], "UTF-8"))
