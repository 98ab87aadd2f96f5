"""Process supervisor: restarts what dies after a growing delay, prints what all say, stops all together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from renrakucho.config.run.processes import ProcessSpec

PrintLine = Callable[[str, str], None]  # a process's name, one line
Child = subprocess.Popen[str]


class Supervisor:
    """Runs the processes until stop().

    A process that dies is restarted after a delay in seconds, the next of `restart_delays` each time. One that dies
    again within `stable_after` seconds when no delay is left cannot start: `ended` is set, and `failed` names it.
    """

    def __init__(
        self,
        processes: Sequence[ProcessSpec],
        environment: Mapping[str, str],
        folder: Path,
        print_line: PrintLine,
        restart_delays: Sequence[float] = (1, 2, 4, 8),
        stable_after: float = 10,
    ) -> None:
        self.ended = threading.Event()
        self.failed: ProcessSpec | None = None
        self._processes = processes
        self._environment = environment
        self._folder = folder
        self._print_line = print_line
        self._restart_delays = restart_delays
        self._stable_after = stable_after
        self._children: dict[str, Child] = {}
        self._start_lock = threading.Lock()  # no child may start while all are being stopped
        self._threads = [
            threading.Thread(target=self._supervise, args=(process,), daemon=True) for process in processes
        ]

    def start(self) -> None:
        """Start every process."""
        for thread in self._threads:
            thread.start()

    def stop(self, grace: float = 15) -> None:
        """Ask every child to end, and after `grace` seconds end it. Returns when all have ended."""
        with self._start_lock:
            self.ended.set()
        for child in self._children.values():
            child.terminate()
        deadline = time.monotonic() + grace
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0, deadline - time.monotonic()))
            _end_group(child)
        for thread in self._threads:
            thread.join()

    def _supervise(self, process: ProcessSpec) -> None:
        failures = 0
        while child := self._start(process):
            started = time.monotonic()
            reader = threading.Thread(target=self._forward_output, args=(process, child), daemon=True)
            reader.start()
            status = child.wait()
            _end_group(child)  # a server's workers must not outlive it: they hold its port
            reader.join()
            if self.ended.is_set():
                return
            failures = failures + 1 if time.monotonic() - started < self._stable_after else 1
            if failures > len(self._restart_delays):
                self._print_line(process.name, f"始められません (終了コード {status}) / cannot start")
                self.failed = process
                self.ended.set()
                return
            delay = self._restart_delays[failures - 1]
            again = f"{delay:g}秒後に始め直します / died, starting again in {delay:g} s"
            self._print_line(process.name, f"止まりました (終了コード {status})。{again}")
            self.ended.wait(delay)

    def _start(self, process: ProcessSpec) -> Child | None:
        with self._start_lock:
            if self.ended.is_set():
                return None
            child = subprocess.Popen(
                process.command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
            )
            self._children[process.name] = child
            return child

    def _forward_output(self, process: ProcessSpec, child: Child) -> None:
        assert child.stdout
        with child.stdout as lines:
            for line in lines:
                self._print_line(process.name, line.rstrip("\n"))


def _end_group(child: Child) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
