"""Notice senders: a bounded pool of threads, each of which delivers one claimed notice at a time.

A notice is claimed only for a thread that is idle, so that its lease begins with its delivery. Threads are cheap, and
there should be as many as lanes in use times their cap; connections to the database are not, and no thread holds one
during a push.
"""

import threading
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import close_old_connections, connection

from renrakucho.delivery.deliver_notices import deliver_notice
from renrakucho.delivery.delivery_lanes import claim_from_lanes
from renrakucho.lib.database_clock import database_now
from renrakucho.notice.models import Notice


class NoticeSenders:
    """A pool of `size` threads for notices of these channels. wake: set whenever a thread becomes idle; whoever runs
    `claim_and_send` clears it before."""

    def __init__(self, owner: str, size: int, channels: Collection[str]) -> None:
        self.wake = threading.Event()
        self._owner = owner
        self._size = size
        self._channels = channels
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="sender")
        self._busy = 0
        self._lock = threading.Lock()

    def claim_and_send(self) -> int:
        """Claim for the idle threads and hand them the notices. Returns how many, without waiting for their delivery.

        Half of the threads at least are kept from lanes whose last push reached nobody.
        """
        idle = self._size - self._busy
        if not idle:
            return 0
        suspect = max(0, idle - self._size // 2)
        claimed = claim_from_lanes(
            self._owner, now=database_now(), slots=idle, suspect_slots=suspect, channels=self._channels
        )
        for notice in claimed:
            with self._lock:
                self._busy += 1
            self._threads.submit(self._deliver, notice).add_done_callback(self._become_idle)
        return len(claimed)

    def close(self) -> None:
        """Wait until every claimed notice is delivered, and end the threads."""
        self._threads.shutdown()

    def _deliver(self, notice: Notice) -> None:
        try:
            deliver_notice(notice, self._owner, release=close_old_connections)
        finally:
            connection.close()  # this thread's own: back to the pool, or for SQLite the file

    def _become_idle(self, done: Future[None]) -> None:
        with self._lock:
            self._busy -= 1
        self.wake.set()
