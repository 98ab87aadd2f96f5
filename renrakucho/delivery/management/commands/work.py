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

from renrakucho.delivery.deliver_mail import send_due_mails, send_due_staff_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.staff_notifications import notify_staff
from renrakucho.lib.lease import this_process
from renrakucho.lib.throttle.rate_limit import delete_old_windows as forget_tries
from renrakucho.mover.book import delete_old_drafts
from renrakucho.relay.peer_polling import poll_peers

log = logging.getLogger(__name__)
_TIDY_SECONDS = 3600
_TELL_SECONDS = 10


def _round(owner: str) -> int:
    """What is due now, a batch of each kind. Returns how much was taken in hand."""
    return deliver_due_notices(owner) + send_due_mails(owner) + send_due_staff_mails(owner) + poll_peers(owner)


def _tidy() -> None:
    """Forget what is past: drafts that were never registered, counted tries, ended sessions."""
    now = timezone.now()
    delete_old_drafts(now)
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
            while _round(owner) + notify_staff():
                pass
            return
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        tidied = told = 0.0
        while not self.stopping:
            try:
                busy = _round(owner)
                if time.monotonic() - told > _TELL_SECONDS:
                    busy += notify_staff()
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
