"""kill -9, at random moments, of the worker that delivers; and of a wrong one, which has to be caught."""

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from tests.waiting import wait_until

NOTICES, KILLS = 150, 8
PROGRAM = Path(__file__).with_name("chaos_worker.py")


def arrived_after_kills(how: str, database: str, tmp_path: Path) -> Counter[str]:
    """Deliver with a worker that is killed again and again; what arrived, by key."""
    letters = tmp_path / "letters"
    letters.touch()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "RENRAKUCHO_VAR": str(tmp_path),
        "RENRAKUCHO_SANDBOX": "1",
        "PYTHONPATH": str(PROGRAM.parents[2]),
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
    }
    subprocess.run([sys.executable, PROGRAM, "prepare", str(NOTICES)], env=environment, check=True)
    for kill in range(KILLS + 1):
        worker = subprocess.Popen([sys.executable, PROGRAM, how, letters], env=environment)
        if kill == KILLS:
            assert worker.wait(timeout=120) == 0
        else:
            seen = letters.stat().st_size
            wait_until(partial(at_work_or_ended, worker, letters, seen), 120, "no letter came", every=0.01)
            with suppress(subprocess.TimeoutExpired):
                worker.wait(random.uniform(0, 0.2))
            worker.kill()
            worker.wait()
    return Counter(letters.read_text().split())


def at_work_or_ended(worker: "subprocess.Popen[bytes]", letters: Path, seen: int) -> bool:
    return letters.stat().st_size != seen or worker.poll() is not None


@pytest.mark.slow
def test_nothing_is_lost_when_the_worker_is_killed(migrated_database: str, tmp_path: Path) -> None:
    arrived = arrived_after_kills("work", migrated_database, tmp_path)
    assert len(arrived) == NOTICES
    # What was under way may come again, under the same key: one a kill at most.
    assert sum(arrived.values()) - NOTICES <= KILLS


@pytest.mark.slow
@pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)
def test_the_test_would_catch_a_worker_that_records_before_it_sends(migrated_database: str, tmp_path: Path) -> None:
    arrived = arrived_after_kills("wrong", migrated_database, tmp_path)
    assert len(arrived) < NOTICES
