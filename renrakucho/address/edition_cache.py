"""Which edition of the directory is in the database, asked for seldom enough that look-ups can live in memory."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from renrakucho.address.models import Edition

# A new edition is compiled a few times a year; ten seconds of the old one harm nobody.
CHECK_SECONDS = 10.0


class NoDirectory(RuntimeError):
    """The directory has not been compiled into this database: run `renrakucho directory load`."""


Held = TypeVar("Held")


class EditionCache(Generic[Held]):
    """Something made from the database once an edition and then shared by all threads of the process."""

    def __init__(self, make: Callable[[], Held]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._held: Held | None = None
        self._edition = ""
        self._good_until = 0.0

    def __call__(self) -> Held:
        """The thing for the edition of now. Raises NoDirectory where there is none."""
        held = self._held
        if held is not None and time.monotonic() < self._good_until:
            return held
        with self._lock:
            edition = Edition.objects.order_by("-compiled_at").values_list("id", flat=True).first()
            if edition is None:
                raise NoDirectory
            if self._held is None or edition != self._edition:
                self._held = self._make()
                self._edition = edition
            self._good_until = time.monotonic() + CHECK_SECONDS
            return self._held

    def ask_again(self) -> None:
        """Look into the database at the next call."""
        self._good_until = 0.0
