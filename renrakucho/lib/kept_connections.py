"""Connection pool of the safe HTTP client (keep-alive): a new TLS connection costs ten times the CPU of an open one.

A connection is kept for a short while only, so that name and network policy are checked again before long. It is used
again for the same scheme, host, port, authorities and named networks alone, and never once its peer has said more than
its answer, or has hung up.
"""

import select
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass, field

SECONDS = 30.0  # from the check of its address on
_MOST = 4  # idle ones of one target


@dataclass
class OpenConnection:
    """line: what is read and written, with TLS or without. handle: a second name of its socket, by which it is ended
    from another thread. checked: when its address was checked (monotonic).
    """

    line: socket.socket
    handle: socket.socket
    checked: float = field(default_factory=time.monotonic)

    def end(self) -> None:
        """End it, whoever reads from it."""
        with suppress(OSError):
            self.handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Free its sockets."""
        self.line.close()
        self.handle.close()

    @property
    def fresh(self) -> bool:
        """Whether it may be used again: its peer is silent and has not hung up."""
        if time.monotonic() - self.checked > SECONDS:
            return False
        with suppress(OSError, ValueError):
            return not select.select([self.handle], [], [], 0)[0]
        return False


class KeptConnections:
    """Idle connections by their target. Threads take one each."""

    def __init__(self) -> None:
        self._idle: dict[Hashable, list[OpenConnection]] = defaultdict(list)
        self._lock = threading.Lock()

    def take(self, target: Hashable) -> OpenConnection | None:
        """An idle connection to the target; those that cannot be used any more are closed."""
        while True:
            with self._lock:
                idle = self._idle.get(target)
                found = idle.pop() if idle else None
            if found is None or found.fresh:
                return found
            found.close()

    def keep(self, target: Hashable, connection: OpenConnection) -> None:
        """Keep it for the next request to the target."""
        with self._lock:
            idle = self._idle[target]
            old = [idle.pop(0)] if len(idle) >= _MOST else []
            idle.append(connection)
        for each in old:
            each.close()

    def close(self) -> None:
        """Close all idle connections."""
        with self._lock:
            idle = [each for target in self._idle.values() for each in target]
            self._idle.clear()
        for each in idle:
            each.close()
