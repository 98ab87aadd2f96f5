"""Several workers, a provider that answers meanwhile, and kill -9: nobody is told twice, and nobody after 受理."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.own_database import own_connection
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
PROGRAM = Path(__file__).with_name("clock_worker.py")
COUNT = 24
BOTH = ["operator", "mover"]


@pytest.fixture
def environment(migrated_database: str, tmp_path: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": migrated_database,
        "RENRAKUCHO_VAR": str(tmp_path),
        "PYTHONPATH": str(PROGRAM.parents[2]),
        "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
    }


def begun(environment: Mapping[str, str], *acts: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(PROGRAM), *acts], env=environment)


def run(environment: Mapping[str, str], *acts: str) -> str:
    """The acts one after another, in one process."""
    command = [sys.executable, str(PROGRAM), *acts]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def reported(environment: Mapping[str, str], *acts: str) -> dict[str, Any]:
    """How it stands after these acts."""
    found: dict[str, Any] = json.loads(run(environment, *acts, "report"))
    return found


def count_reminders(database: str) -> int:
    """How many steps were taken. A process that asked by way of the portal's code would take seconds to start."""
    with own_connection(database) as connection:
        found = connection.execute("SELECT count(*) FROM delivery_answerreminder").fetchone()
    assert found
    return int(found[0])


def test_three_workers_tell_each_step_once_though_one_is_killed(environment: Mapping[str, str]) -> None:
    run(environment, "prepare")
    workers = [begun(environment, "remind") for _each in range(3)]
    wait_until(lambda: count_reminders(environment["DATABASE_URL"]), 60, "nobody was told")
    workers[0].kill()
    assert [worker.wait(60) for worker in workers[1:]] == [0, 0]
    workers[0].wait(60)
    found = reported(environment, "remind")
    assert found["steps"] == [BOTH] * COUNT
    assert found["mails"] == COUNT


def test_nobody_is_told_after_an_answer_that_comes_in_the_same_moment(environment: Mapping[str, str]) -> None:
    run(environment, "prepare")
    acts = [begun(environment, act) for act in ("remind", "accept", "remind")]
    assert [act.wait(90) for act in acts] == [0, 0, 0]
    found = reported(environment, "remind")
    assert (found["late"], found["accepted"], found["mails"]) == (0, COUNT, 0)
    assert all(steps in ([], BOTH) for steps in found["steps"])


def test_the_test_would_catch_a_worker_that_believes_its_query(environment: Mapping[str, str]) -> None:
    assert reported(environment, "prepare", "remind-unlocked")["late"] > 0
