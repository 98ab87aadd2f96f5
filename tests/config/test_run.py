"""`renrakucho run` keeps its parts running, and leaves nothing behind."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from renrakucho.config.run.processes import BadPort, ProcessSpec, plan_run, port_problem
from renrakucho.config.run.supervisor import Supervisor

PATIENCE = 30  # seconds until a test gives up waiting; nothing is measured by it


class PrintedLines:
    """The lines that the supervisor printed, and waiting for one of them."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._news = threading.Condition()

    def print_line(self, name: str, line: str) -> None:
        with self._news:
            self.lines.append((name, line))
            self._news.notify_all()

    def wait_for(self, *wanted: tuple[str, str]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: all(line in self.lines for line in wanted), PATIENCE), self.lines


Start = Callable[..., tuple[Supervisor, PrintedLines]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a supervisor over processes given as name=Python source; stops it after the test."""
    started: list[Supervisor] = []

    def run(
        restart_delays: tuple[float, ...] = (0,), stable_after: float = 1000, **sources: str
    ) -> tuple[Supervisor, PrintedLines]:
        processes = [ProcessSpec(name, (sys.executable, "-c", source)) for name, source in sources.items()]
        printed = PrintedLines()
        supervisor = Supervisor(processes, os.environ, tmp_path, printed.print_line, restart_delays, stable_after)
        started.append(supervisor)
        supervisor.start()
        return supervisor, printed

    yield run
    for supervisor in started:
        supervisor.stop(grace=0)


WAITS = "import signal; print('ready', flush=True); signal.pause()"
# Dies at its first start, stays at its second.
DIES_ONCE = f"import pathlib; p = pathlib.Path('second')\nif not p.exists(): p.touch(); raise SystemExit(7)\n{WAITS}"


def test_a_process_that_dies_is_restarted_while_the_others_stay(start: Start) -> None:
    supervisor, printed = start(worker=DIES_ONCE, portal=WAITS)
    printed.wait_for(("worker", "ready"), ("portal", "ready"))
    said = [line for name, line in printed.lines if name == "worker" and "終了コード 7" in line]
    assert len(said) == 1
    assert printed.lines.count(("portal", "ready")) == 1
    assert not supervisor.ended.is_set()


def test_a_process_that_cannot_start_ends_all(start: Start) -> None:
    supervisor, printed = start(restart_delays=(0, 0), worker="raise SystemExit(3)", portal=WAITS)
    assert supervisor.ended.wait(PATIENCE)
    assert supervisor.failed
    assert supervisor.failed.name == "worker"
    assert sum("終了コード 3" in line for _, line in printed.lines) == 3


def test_failures_far_apart_do_not_end_the_supervisor(start: Start) -> None:
    source = "import pathlib; p = pathlib.Path('n'); n = len(p.read_text()) if p.exists() else 0\n"
    source += "p.write_text('x' * (n + 1)); print(n, flush=True); raise SystemExit(1)"
    supervisor, printed = start(restart_delays=(0,), stable_after=0, worker=source)
    printed.wait_for(("worker", "4"))
    assert not supervisor.ended.is_set()


def test_stopping_ends_every_child_process(start: Start) -> None:
    child = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
    parent = (
        f"import subprocess, sys, signal; c = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "print('child', c.pid, flush=True); print('ready', flush=True); signal.pause()"
    )
    supervisor, printed = start(portal=parent, worker=WAITS)
    printed.wait_for(("worker", "ready"), ("portal", "ready"))
    pid = next(int(line.removeprefix("child ")) for _, line in printed.lines if line.startswith("child "))
    supervisor.stop()
    assert until(lambda: not runs(pid))


def runs(pid: int) -> bool:
    """Whether the process is alive. A dead one may still wait there for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def until(true: Callable[[], bool]) -> bool:
    return any(true() or threading.Event().wait(0.05) for _ in range(PATIENCE * 20))


def test_a_port_in_use_is_named_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert port_problem(port)
        run = [sys.executable, "-c", "from renrakucho.config.command import main; main()", "run"]
        done = subprocess.run(run, env={**os.environ, "PORT": str(port)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"ポート{port}を使えません" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "[prepare]" not in done.stdout
    assert not port_problem(port)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "８０００"])
def test_a_bad_port_number_is_refused(text: str) -> None:
    with pytest.raises(BadPort, match="SANDBOX_PORT"):
        plan_run({"SANDBOX_PORT": text})


def test_each_process_gets_the_addresses_of_the_others() -> None:
    plan = plan_run({"PORT": "9000", "SANDBOX_PORT": "9100", "SANDBOX_SMTP_PORT": "9125"})
    assert [part.name for part in plan.processes] == ["sandbox", "portal", "worker"]
    assert plan.environment["RENRAKUCHO_BASE_URL"] == "http://localhost:9000"
    assert plan.environment["RENRAKUCHO_SANDBOX_URL"] == "http://localhost:9100"
    assert plan.environment["RENRAKUCHO_SMTP_PORT"] == "9125"
    assert plan.environment["RENRAKUCHO_SANDBOX"] == "1"


def test_variables_set_by_hand_are_kept() -> None:
    plan = plan_run({"RENRAKUCHO_SANDBOX": "0", "RENRAKUCHO_BASE_URL": "https://portal.example"})
    assert plan.environment["RENRAKUCHO_BASE_URL"] == "https://portal.example"
    assert [part.name for part in plan.processes] == ["portal", "worker"]
    assert list(plan.ports) == ["PORT"]
