"""Test isolation: a test opens no connection to another machine and never sleeps.

pytest-socket refuses the connections (its options are in pyproject.toml); this plugin refuses `time.sleep` when the
project's own code calls it in the tests' process. Programs that a test starts may sleep, and so may libraries.
A test that waits for another process uses `tests.waiting`; project code takes its clock or event as an argument.
"""

import sys
import time
from pathlib import Path
from typing import SupportsIndex

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_OWN_CODE = tuple(f"{_ROOT / folder}/" for folder in ("renrakucho", "sandbox", "tests"))
_sleep = time.sleep


class SleepRefused(BaseException):
    """Project code called `time.sleep` in the tests' process. No `except Exception` may swallow it."""


def _refuse_own_sleep(seconds: SupportsIndex | float, /) -> None:
    caller = sys._getframe(1)
    if caller.f_code.co_filename.startswith(_OWN_CODE):
        raise SleepRefused(f"{caller.f_code.co_filename}:{caller.f_lineno} sleeps for {seconds} s: see tests.waiting")
    _sleep(seconds)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Replace `time.sleep` before a module of the project is imported and keeps it under a name of its own."""
    time.sleep = _refuse_own_sleep


def pytest_unconfigure() -> None:
    """Put `time.sleep` back for a process that goes on after the tests."""
    time.sleep = _sleep
