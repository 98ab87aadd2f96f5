"""Gate of a portal that started without its database: nothing is read or sealed before the master key was compared.

A process whose start could not ask the database serves on, so that its pages can say what is wrong. The first request
that finds the database compares the key; with another key every page stays closed, and the watch ends the process.
"""

import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key
from renrakucho.page.errors import database_down

_unchecked = threading.Event()
_OPEN = ("/healthz", "/readyz", settings.STATIC_URL)  # what says how it stands, and what pages are drawn with


def close_until_checked() -> None:
    """The key could not be compared at the start: close the gate."""
    _unchecked.set()


def is_key_unchecked() -> bool:
    """Whether the key of this process has not been compared with the database's yet."""
    return _unchecked.is_set()


def compare_key() -> None:
    """Compare the key, and open the gate. Raises WrongMasterKey, DatabaseError, OSError."""
    check_master_key()
    _unchecked.clear()


class MasterKeyGateMiddleware:
    """Answers 503 in place of every page that could read or seal, while the key has not been compared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _unchecked.is_set() or request.path.startswith(_OPEN) or self._is_metrics(request):
            return self._get_response(request)
        try:
            compare_key()
        except (WrongMasterKey, DatabaseError, OSError):  # OSError: psycopg 3.3, where the server dies during a wait
            return database_down(request)
        return self._get_response(request)

    @staticmethod
    def _is_metrics(request: HttpRequest) -> bool:
        return bool(settings.METRICS_PATH) and request.path == f"/{settings.METRICS_PATH}"
