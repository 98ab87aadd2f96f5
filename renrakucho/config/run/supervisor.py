"""Keeps processes running: says what they say, starts again what dies, and stops all together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from renrakucho.config.run.processes import ProcessSpec

Say = Callable[[str, str], None]  # a part's name, one line
Child = subprocess.Popen[str]


class Supervisor:
    """Runs the parts until stop().

    A part that dies is started again after a pause (seconds, the next one each time). One that dies within
    `settled` seconds again when no pause is left cannot start: `over` is set, and `failed` names it.
    """

    def __init__(
        self,
        parts: Sequence[ProcessSpec],
        environment: Mapping[str, str],
        folder: Path,
        say: Say,
        pauses: Sequence[float] = (1, 2, 4, 8),
        settled: float = 10,
    ) -> None:
        self.over = threading.Event()
        self.failed: ProcessSpec | None = None
        self._parts = parts
        self._environment = environment
        self._folder = folder
        self._say = say
        self._pauses = pauses
        self._settled = settled
        self._children: dict[str, Child] = {}
        self._starting = threading.Lock()  # no child may start while all are being stopped
        self._keepers = [threading.Thread(target=self._keep, args=(part,), daemon=True) for part in parts]

    def start(self) -> None:
        """Start every part."""
        for keeper in self._keepers:
            keeper.start()

    def stop(self, patience: float = 15) -> None:
        """Ask every child to end, and after `patience` seconds end it. Returns when all have ended."""
        with self._starting:
            self.over.set()
        for child in self._children.values():
            child.terminate()
        deadline = time.monotonic() + patience
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0, deadline - time.monotonic()))
            _end_group(child)
        for keeper in self._keepers:
            keeper.join()

    def _keep(self, part: ProcessSpec) -> None:
        deaths = 0
        while child := self._start(part):
            started = time.monotonic()
            reader = threading.Thread(target=self._pass_on, args=(part, child), daemon=True)
            reader.start()
            status = child.wait()
            _end_group(child)  # a server's workers must not outlive it: they hold its port
            reader.join()
            if self.over.is_set():
                return
            deaths = deaths + 1 if time.monotonic() - started < self._settled else 1
            if deaths > len(self._pauses):
                self._say(part.name, f"始められません (終了コード {status}) / cannot start")
                self.failed = part
                self.over.set()
                return
            pause = self._pauses[deaths - 1]
            again = f"{pause:g}秒後に始め直します / died, starting again in {pause:g} s"
            self._say(part.name, f"止まりました (終了コード {status})。{again}")
            self.over.wait(pause)

    def _start(self, part: ProcessSpec) -> Child | None:
        with self._starting:
            if self.over.is_set():
                return None
            child = subprocess.Popen(
                part.command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
            )
            self._children[part.name] = child
            return child

    def _pass_on(self, part: ProcessSpec, child: Child) -> None:
        assert child.stdout
        with child.stdout as lines:
            for line in lines:
                self._say(part.name, line.rstrip("\n"))


def _end_group(child: Child) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
