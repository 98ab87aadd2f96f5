"""A worker to be killed: run as a program by test_chaos.py, on a database and a letter slot of its own.

usage: chaos_worker.py prepare COUNT | work SLOT | wrong SLOT
`wrong` is the control: it records a notice as sent before it sends it. The test has to catch it.
"""

import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import django

django.setup()

from django.db import transaction  # noqa: E402 - after setup
from django.utils import timezone  # noqa: E402

from renrakucho.channel.channel_table import CHANNELS  # noqa: E402
from renrakucho.channel.message import NoticeMessage  # noqa: E402
from renrakucho.channel.outcome import Outcome, OutcomeKind  # noqa: E402
from renrakucho.delivery import deliver_notices, delivery_lanes  # noqa: E402
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask  # noqa: E402
from renrakucho.lib.lease import claim_due_rows  # noqa: E402
from renrakucho.mover.book import begin_draft, seal_for_book  # noqa: E402
from renrakucho.notice.models import Notice, Status  # noqa: E402
from renrakucho.receipt.models import ReceiptKind  # noqa: E402
from renrakucho.receipt.transitions import record_receipt  # noqa: E402
from renrakucho.sheet.filled import FilledSheet  # noqa: E402

LEASE_SECONDS = 1
FAILPOINT_SECONDS = 0.02  # between taking a notice and sending it, and between sending and recording


def prepare(count: int) -> None:
    """Notices that are entered and due, all in one book."""
    book = begin_draft(mailbox_proved=True)
    filled = FilledSheet("akishima-water/start@1", "開始", "inbox", "UTF-8", ()).as_json()
    notices = []
    for position in range(count):
        notice = Notice(
            number=str(10**11 + position),
            book=book,
            industry="water",
            procedure="start",
            provider="akishima-water",
            channel="inbox",
            offer=f"water:start:{position}",
            position=position,
            status=Status.NOT_ENTERED,
            created_at=timezone.now(),
            due_at=timezone.now(),
            draft=b"",
        )
        notice.filled = seal_for_book(book, f"filled:{notice.id}", filled)
        notices.append(notice)
    Notice.objects.bulk_create(notices)
    with transaction.atomic():
        for notice in notices:
            record_receipt(notice, ReceiptKind.ENTERED)


def slot(path: Path) -> None:
    """The outside world: one line for each parcel that arrived."""

    def send(parcel: NoticeMessage) -> Outcome:
        time.sleep(random.uniform(0, FAILPOINT_SECONDS))
        with path.open("a") as letters:
            letters.write(f"{parcel.key}\n")
        time.sleep(random.uniform(0, FAILPOINT_SECONDS))
        return Outcome(OutcomeKind.SENT)

    CHANNELS["inbox"] = replace(CHANNELS["inbox"], send=send)


def work() -> None:
    """Until nothing is left."""
    vars(delivery_lanes)["LEASE_SECONDS"] = LEASE_SECONDS
    owner = f"chaos:{os.getpid()}"
    while Notice.objects.filter(status=Status.ENTERED).exists():
        if not deliver_notices.deliver_due_notices(owner):
            time.sleep(0.05)


def wrong() -> None:
    """Records first, sends afterwards."""
    owner = f"wrong:{os.getpid()}"
    while Notice.objects.filter(status=Status.ENTERED).exists():
        for notice in claim_due_rows(Notice.objects.all(), owner, now=timezone.now(), seconds=LEASE_SECONDS, limit=1):
            Notice.objects.filter(id=notice.id).update(status=Status.SENT, due_at=None)
            time.sleep(2.5 * FAILPOINT_SECONDS)  # a kill hits this gap four times in five: eight kills cannot all miss
            CHANNELS["inbox"].send(DeliveryTask(notice, FIRST_DELIVERY).message())  # type: ignore[misc]


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
    else:
        slot(Path(sys.argv[2]))
        {"work": work, "wrong": wrong}[sys.argv[1]]()
