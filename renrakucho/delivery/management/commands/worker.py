"""Background worker: `renrakucho worker run`. Any number of them may run; each may be killed at any time."""

import logging
import math
import signal
import time
from types import FrameType
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_mails, send_due_staff_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.staff_notifications import notify_staff
from renrakucho.lib.lease import this_process
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.lib.throttle.rate_limit import delete_old_windows
from renrakucho.mail.book_login import delete_old_links, mail_key_links
from renrakucho.mover.book import delete_old_drafts
from renrakucho.relay.peer_polling import poll_peers

log = logging.getLogger(__name__)
_CLEANUP_SECONDS = 3600
_NOTIFY_SECONDS = 10


class Command(NounCommand):
    """Delivers notices and mails as they fall due, until it is stopped."""

    help = bilingual("連絡とメールを送る常駐の処理", "the worker: delivers notices and mails as they fall due")
    stopping = False

    def add_verbs(self) -> None:
        """run."""
        run = self.add_verb("run", self._run, bilingual("止められるまで動かす", "run until stopped"))
        run.add_argument(
            "--once",
            action="store_true",
            help=bilingual("いま期限のものだけ送って終わる", "deliver what is due now, and end"),
        )
        run.add_argument(
            "--pause",
            type=float,
            default=0.5,
            help=bilingual("何もないときに待つ秒数 (0.5)", "seconds to wait when nothing is due (0.5)"),
        )

    def _run(self, *, once: bool, pause: float, **options: Any) -> None:
        """Process batch after batch. An error of the database is logged, and the next batch is tried."""
        owner = this_process()
        if once:
            while _process_due(owner) + notify_staff():
                pass
            return
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        cleaned = notified = -math.inf
        while not self.stopping:
            try:
                processed = _process_due(owner)
                if time.monotonic() - notified > _NOTIFY_SECONDS:
                    processed += notify_staff()
                    notified = time.monotonic()
                if time.monotonic() - cleaned > _CLEANUP_SECONDS:
                    _delete_expired()
                    cleaned = time.monotonic()
            except DatabaseError as error:
                log.error("database: %s", type(error).__name__)
                close_old_connections()
                processed = 0
            if not processed:
                time.sleep(pause)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True


def _process_due(owner: str) -> int:
    """Process one batch of each kind that is due. Returns how many rows were claimed."""
    asked = mail_key_links()
    return asked + deliver_due_notices(owner) + send_due_mails(owner) + send_due_staff_mails(owner) + poll_peers(owner)


def _delete_expired() -> None:
    """Delete drafts that were never registered, links and sessions that have expired, and counts of past windows."""
    now = timezone.now()
    delete_old_drafts(now)
    delete_old_links(now)
    delete_old_windows(now)
    SessionStore.clear_expired()
