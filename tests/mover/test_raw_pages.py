"""PostgreSQL keeps deleted rows in its files for a while: what is found there opens with no key that is left.

VACUUM overwrites nothing, and the write-ahead log is recycled, not emptied. So a deleted book is out of reach by the
destruction of its period's key, and not by that of its bytes.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def look(database: str, tmp_path: Path, *words: str) -> list[int]:
    variables = {
        name: text for name, text in os.environ.items() if not name.startswith(("RENRAKUCHO_", "DATABASE_", "DJANGO_"))
    }
    variables |= {"RENRAKUCHO_VAR": str(tmp_path), "RENRAKUCHO_SANDBOX": "1", "PYTHONPATH": str(ROOT)}
    variables |= {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings"}
    program = [sys.executable, "-m", "tests.mover.raw_pages_program", *words]
    done = subprocess.run(program, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [int(word) for word in done.stdout.split()]


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_what_postgresql_still_has_opens_with_no_key_that_is_left(database: str, tmp_path: Path) -> None:
    left, opened, named = look(database, tmp_path)
    assert left > 0  # else this test would show nothing
    assert (opened, named) == (0, 0)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_were_the_periods_key_kept_it_would_open(database: str, tmp_path: Path) -> None:
    """The mutant: no key is destroyed."""
    left, opened, _named = look(database, tmp_path, "kept")
    assert opened == left > 0
