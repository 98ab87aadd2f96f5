"""A worker with hanging receivers before it: run as a program by test_lanes.py, on a database of its own.

usage: lanes_worker.py prepare PROVIDER=COUNT … | work | one-lane | left
`one-lane` is the control: all notices share one lane, as large as the worker has senders. The test has to catch it.
"""

import sys
from datetime import datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup

from renrakucho.delivery import notice_senders  # noqa: E402
from renrakucho.delivery.retry_policy import LEASE_SECONDS  # noqa: E402
from renrakucho.lib.lease import claim_due_rows  # noqa: E402
from renrakucho.notice.models import Notice, Status  # noqa: E402
from tests.delivery.cast_lanes import due_mail, due_notices  # noqa: E402


def one_lane_for_all(owner: str, *, now: datetime, slots: int, channels: Any, **others: Any) -> list[Notice]:
    rows = Notice.objects.select_related("book", "replaces").filter(channel__in=channels)
    return claim_due_rows(rows, owner, now=now, seconds=LEASE_SECONDS, limit=slots)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        for wanted in sys.argv[2:]:
            provider, _, count = wanted.partition("=")
            due_notices(provider, int(count))
        due_mail()
    elif sys.argv[1] == "left":
        print(Notice.objects.exclude(status=Status.SENT).count())
    else:
        if sys.argv[1] == "one-lane":
            vars(notice_senders)["claim_from_lanes"] = one_lane_for_all
        call_command("worker", "run", pause=0.05)
