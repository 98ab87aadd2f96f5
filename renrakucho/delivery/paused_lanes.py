"""Notices of paused lanes: while a circuit breaker is open nothing is sent, but no deadline may pass unseen.

Each due notice of such a lane is looked at and kept until the next probe. That is no attempt; one whose time is over is
given up, so that its mover can still telephone.
"""

import logging
from datetime import datetime

from django.db.models import Q

from renrakucho.delivery.deliver_notices import hold_notice, postpone_notice, release_if_pending
from renrakucho.delivery.delivery_task import pending_task
from renrakucho.delivery.models import DeliveryLane
from renrakucho.delivery.retry_policy import LEASE_SECONDS
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.lease import claim_due_rows
from renrakucho.notice.models import Notice

log = logging.getLogger(__name__)

_BATCH = 20


def hold_paused_notices(owner: str, *, now: datetime | None = None) -> int:
    """Look at some due notices of lanes that are paused. Returns how many."""
    now = now or database_now()
    paused = {lane.key: lane for lane in DeliveryLane.objects.filter(paused_until__gt=now)}
    if not paused:
        return 0
    of_lanes = Q()
    for provider, channel in paused:
        of_lanes |= Q(provider=provider, channel=channel)
    rows = Notice.objects.select_related("book", "replaces").filter(of_lanes)
    claimed = claim_due_rows(rows, owner, now=now, seconds=LEASE_SECONDS, limit=_BATCH)
    for notice in claimed:
        lane = paused[notice.provider, notice.channel]
        try:
            _hold(notice, lane, owner, now)
        except Exception as error:
            log.error("notice %s: %s", notice.id, type(error).__name__)
            postpone_notice(notice, owner, error)
    return len(claimed)


def _hold(notice: Notice, lane: DeliveryLane, owner: str, now: datetime) -> None:
    task = pending_task(notice)
    if task is None:
        release_if_pending(notice, owner)
    elif lane.paused_until:
        hold_notice(task, owner, "the provider cannot be reached", lane.paused_until - now)
