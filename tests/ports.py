"""Free ports for the servers that tests start.

The numbers lie below the range from which the system takes the port of every outgoing connection, and each worker of
pytest-xdist has a range of its own: between choosing a port and listening on it nobody else can take it.
"""

import itertools
import os
import socket

_FIRST, _WIDTH = 20_000, 500
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_offsets = itertools.count(os.getpid())  # two checkouts may test at once


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """Return a port of 127.0.0.1 on which nobody listens, another one at each call."""
    for _attempt in range(_WIDTH):
        port = _FIRST + _worker * _WIDTH + next(_offsets) % _WIDTH
        with socket.socket(type=kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {_FIRST + _worker * _WIDTH}")
