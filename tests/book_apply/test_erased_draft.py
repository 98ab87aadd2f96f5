"""After a draft or a book was erased, the raw files of the database have no sealed text of it that could be opened."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def look(tmp_path: Path, *taken_out: str) -> list[int]:
    """Pieces of the sealed texts of the draft, its session and a registered book in the raw files, before and after."""
    variables = {
        name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_", "DJANGO_"))
    }
    variables |= {"RENRAKUCHO_VAR": str(tmp_path), "RENRAKUCHO_SANDBOX": "1", "PYTHONPATH": str(ROOT)}
    variables["DJANGO_SETTINGS_MODULE"] = "renrakucho.config.settings"
    program = [sys.executable, "-m", "tests.book_apply.erasure_program", *taken_out]
    done = subprocess.run(program, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


def test_what_was_erased_is_in_no_file(tmp_path: Path) -> None:
    *before, draft, session, book = look(tmp_path)
    assert min(before) > 5
    assert (draft, session, book) == (0, 0, 0)


@pytest.mark.parametrize("defence", ["secure_delete", "write_ahead_log"])
def test_without_the_defence_it_would_be(tmp_path: Path, defence: str) -> None:
    """The mutants: each of the two alone leaves pieces of sealed text behind."""
    assert sum(look(tmp_path, defence)[3:]) > 0
