"""Test server of the mutation run: forks a process a run, so that no run waits for pytest and Django to be imported.

usage: python -m bootstrap.mutant_tests     in a checkout, with one run a line on standard input

A run is a JSON object: `seconds` (the most it may take) and `arguments` (of pytest). The reply is one line of JSON:
`status` (pytest's exit status, or null when the time was up) and `output`. What every run needs is imported once by
`installed` (names of installed modules) and `own` (of the project's, none of which imports the one with the mutant).
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import django
import pytest

PAUSE = 0.01


def serve_runs() -> None:
    """Answer each line of standard input until it ends."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    for line in sys.stdin:
        run = json.loads(line)
        if "installed" in run:
            _import_modules(run["installed"])
            if run["own"]:
                os.environ["DJANGO_SETTINGS_MODULE"] = "renrakucho.config.settings"
                django.setup()
                _import_modules(run["own"])
            reply: dict[str, object] = {"loaded": list(sys.modules)}
        else:
            reply = _run_tests(run["seconds"], run["arguments"])
        print(json.dumps(reply), file=replies, flush=True)


def _import_modules(names: list[str]) -> None:
    """Import what a run has imported, as far as that works."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _run_tests(seconds: float, arguments: list[str]) -> dict[str, object]:
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if not child:
            _exit_with_tests(output.fileno(), arguments)
        status = _wait_for(child, time.monotonic() + seconds)
        output.seek(0)
        return {"status": status, "output": output.read().decode("utf-8", "replace")}


def _exit_with_tests(output: int, arguments: list[str]) -> None:
    status = 1
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        status = int(pytest.main(arguments))
        Path("modules.json").write_text(json.dumps(list(sys.modules)), "utf-8")
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _wait_for(child: int, end: float) -> int | None:
    """The exit status of a run. Ends the run and all that it started when the time is up."""
    status = None
    while True:
        ended, code = os.waitpid(child, os.WNOHANG)
        if ended:
            status = os.waitstatus_to_exitcode(code)
            break
        if time.monotonic() > end:
            break
        time.sleep(PAUSE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    return status


if __name__ == "__main__":
    serve_runs()
