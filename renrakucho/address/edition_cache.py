"""Cache for each edition of the directory: look-ups are answered from memory until a newer edition is loaded."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from renrakucho.address.models import Edition
from renrakucho.lib.errors import NotInstalled

# A new edition is compiled a few times a year; ten seconds of the old one harm nobody.
CHECK_SECONDS = 10.0


class NoDirectory(NotInstalled):
    """The directory has not been compiled into this database: run `renrakucho directory load`."""


Cached = TypeVar("Cached")


class EditionCache(Generic[Cached]):
    """A value that is made from the database once for each edition and shared by all threads of the process."""

    def __init__(self, make: Callable[[], Cached]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._value: Cached | None = None
        self._edition = ""
        self._good_until = 0.0

    def __call__(self) -> Cached:
        """Return the value for the current edition. Raises NoDirectory."""
        value = self._value
        if value is not None and time.monotonic() < self._good_until:
            return value
        with self._lock:
            edition = Edition.objects.order_by("-compiled_at").values_list("id", flat=True).first()
            if edition is None:
                raise NoDirectory
            if self._value is None or edition != self._edition:
                self._value = self._make()
                self._edition = edition
            self._good_until = time.monotonic() + CHECK_SECONDS
            return self._value

    def ask_again(self) -> None:
        """Ask the database for the edition at the next call."""
        self._good_until = 0.0


@dataclass(frozen=True, slots=True)
class CurrentEdition:
    """`id` changes with any row of the directory. `postal_data` says which release of the postal codes it has."""

    id: str
    compiled_at: datetime
    postal_data: str


def _newest_edition() -> CurrentEdition:
    newest = Edition.objects.order_by("-compiled_at").values_list("id", "compiled_at", "postal_data")[0]
    return CurrentEdition(*newest)


current_edition = EditionCache(_newest_edition)
