"""`renrakucho work`: the worker. Any number of them may run; each may be killed at any time."""

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from renrakucho.delivery.arrivals import tell_desks
from renrakucho.delivery.mailman import send_due, send_staff_due
from renrakucho.delivery.postman import deliver_due
from renrakucho.lib.lease import this_process
from renrakucho.lib.throttle.tally import forget as forget_tries
from renrakucho.mover.book import forget_drafts
from renrakucho.relay.rounds import go_round

log = logging.getLogger(__name__)
_TIDY_SECONDS = 3600
_TELL_SECONDS = 10


def _round(owner: str) -> int:
    """What is due now, a batch of each kind. Returns how much was taken in hand."""
    return deliver_due(owner) + send_due(owner) + send_staff_due(owner) + go_round(owner)


def _tidy() -> None:
    """Forget what is past: drafts that were never registered, counted tries, ended sessions."""
    now = timezone.now()
    forget_drafts(now)
    forget_tries(now)
    SessionStore.clear_expired()


class Command(BaseCommand):
    """Delivers notices and mails as they fall due."""

    help = "Deliver notices and mails as they fall due, until stopped."
    stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once for scheduled runs and tests."""
        parser.add_argument("--once", action="store_true", help="deliver what is due now, and end")
        parser.add_argument("--pause", type=float, default=0.5, help="seconds between looks (default 0.5)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Round after round; what goes wrong with the database is waited out."""
        owner = this_process()
        if options["once"]:
            while _round(owner) + tell_desks():
                pass
            return
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        tidied = told = 0.0
        while not self.stopping:
            try:
                busy = _round(owner)
                if time.monotonic() - told > _TELL_SECONDS:
                    busy += tell_desks()
                    told = time.monotonic()
                if time.monotonic() - tidied > _TIDY_SECONDS:
                    _tidy()
                    tidied = time.monotonic()
            except DatabaseError as error:
                log.error("database: %s", type(error).__name__)
                close_old_connections()
                busy = 0
            if not busy:
                time.sleep(options["pause"])

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True
