"""A rotation of the master key that is killed: run as a program by test_master_key_rotation.py, on its own database.

usage: rotation_program.py prepare COUNT | rotate ROWS | open KEYS
`rotate` dies by a failpoint after ROWS rows, in the middle of a transaction. `open` opens every book by its access key.
"""

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup

from renrakucho.mover import master_key_rotation  # noqa: E402
from renrakucho.mover.book import begin_draft, entries_of, open_with_access_key, register_draft  # noqa: E402
from renrakucho.mover.entries import MoveEntries  # noqa: E402
from renrakucho.mover.master_key_check import check_master_key  # noqa: E402

BATCH = 10


def prepare(count: int) -> None:
    """Books with their access keys."""
    check_master_key()
    keys = []
    for number in range(count):
        email = f"mover{number}@example.jp"
        book = begin_draft(MoveEntries(items={"contact.email": email}))
        keys.append([email, register_draft(book, email)])
    Path("keys.json").write_text(json.dumps(keys))


def rotate(rows: int) -> None:
    """Rotate, and die after so many rows."""
    master_key_rotation.BATCH = BATCH
    rewrap, done = master_key_rotation._rewrap_row, [0]

    def counted(*given: object) -> None:
        done[0] += 1
        if done[0] > rows:
            os._exit(9)
        rewrap(*given)  # type: ignore[arg-type]

    master_key_rotation._rewrap_row = counted  # type: ignore[assignment]
    call_command("master_key", "rotate", grace=0.0)


def open_books() -> None:
    """Open every book as its mover does."""
    check_master_key()
    for email, key in json.loads(Path("keys.json").read_text()):
        assert entries_of(open_with_access_key(email, key)).items["contact.email"] == email


if __name__ == "__main__":
    os.chdir(os.environ["RENRAKUCHO_VAR"])
    {"prepare": lambda: prepare(int(sys.argv[2])), "rotate": lambda: rotate(int(sys.argv[2])), "open": open_books}[
        sys.argv[1]
    ]()
