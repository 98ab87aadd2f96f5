"""Waiting for another process or thread: poll a condition until it holds, up to a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

_never = threading.Event()
Found = TypeVar("Found")


def wait_until(
    condition: Callable[[], Found], seconds: float, otherwise: str | Callable[[], str], *, every: float = 0.1
) -> Found:
    """Return the first true value of `condition`, asked again after `every` seconds.

    Raises TimeoutError after `seconds`, with the text `otherwise` (or what it returns at that moment).
    """
    until = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > until:
            raise TimeoutError(otherwise if isinstance(otherwise, str) else otherwise())
        _never.wait(every)
    return found
