"""Happy Eyeballs (RFC 8305): connect to the first of several addresses that answers.

Each address is tried a moment after the one before, so that a dead IPv6 address does not hide a live IPv4 one.
"""

import selectors
import socket
import time
from collections.abc import Iterable
from contextlib import ExitStack, suppress

_ATTEMPT_DELAY = 0.25  # seconds (RFC 8305, section 8)


def connect_first(addresses: Iterable[str], port: int, until: float) -> socket.socket | None:
    """Return a connected socket; None where no address answers `until` then (monotonic). Addresses are numeric."""
    untried = list(addresses)
    with selectors.DefaultSelector() as trying, ExitStack() as attempts:
        while untried or trying.get_map():
            left = until - time.monotonic()
            if left <= 0:
                break
            if untried:
                _begin(untried.pop(0), port, trying, attempts)
            for key, _events in trying.select(min(left, _ATTEMPT_DELAY) if untried else left):
                trying.unregister(key.fileobj)
                tried: socket.socket = key.data
                if not tried.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    return socket.socket(fileno=tried.detach())  # the others are closed
    return None


def _begin(address: str, port: int, trying: selectors.BaseSelector, attempts: ExitStack) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with suppress(OSError):  # this machine has no way to addresses of the family, for one
        attempt = attempts.enter_context(socket.socket(family, socket.SOCK_STREAM))
        attempt.setblocking(False)
        with suppress(BlockingIOError):
            attempt.connect((address, port))
        trying.register(attempt, selectors.EVENT_WRITE, attempt)
