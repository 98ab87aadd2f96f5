"""The golden files: what arrives at a provider, for one mover. `python -m tests.providers.golden` writes them anew.

Web link: the exact bytes of the browser's POST. Inbox: a line for each blank, as «label: text».
"""

import sys
from pathlib import Path

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.carry import carry
from renrakucho.sheet.fill import fill
from renrakucho.sheet.form import Sheet
from tests.providers.cast import FOLDERS, SHEETS, answers, hard_mover


def golden_path(sheet: Sheet) -> Path:
    return FOLDERS[sheet.provider].path / f"{sheet.procedure}.golden"


def arriving(sheet: Sheet) -> bytes:
    filled = fill(sheet, hard_mover(sheet), answers(sheet))
    if sheet.channel == "weblink":
        entries = {sheet.procedure: "https://provider.example/"}
        return carry(filled, Connection(sheet.provider, entries=entries), sheet.procedure).body()
    return "".join(f"{line.label}: {line.text}\n" for line in filled.lines).encode()


if __name__ == "__main__":
    for one in SHEETS:
        new = arriving(one)
        if not golden_path(one).exists() or golden_path(one).read_bytes() != new:
            golden_path(one).write_bytes(new)
            sys.stdout.write(f"{golden_path(one)}\n")
