"""Notices that may not leave: while a circuit breaker is open, an operator has paused the lane, the mover has not
proved a new mailbox, or people hold it, nothing is sent, but no deadline may pass unseen.

Each such due notice is looked at and kept until the next probe, or for a while. That is no attempt; one whose time is
over is given up, so that its mover can still telephone.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from renrakucho.delivery.deliver_notices import hold_notice, postpone_notice, release_if_pending
from renrakucho.delivery.delivery_lanes import pauses_of_row
from renrakucho.delivery.delivery_task import pending_task
from renrakucho.delivery.models import DeliveryLane
from renrakucho.delivery.retry_policy import HOLD, LEASE_SECONDS
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.lease import claim_due_rows
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import PAUSING, OperatorDecision
from renrakucho.notice.outgoing_gate import HELD

log = logging.getLogger(__name__)

_BATCH = 20
_LaneKey = tuple[str, str]
_KEPT = ("the mailbox is not proved, or people hold it", HOLD)


def hold_paused_notices(owner: str, *, now: datetime | None = None) -> int:
    """Look at some due notices of lanes that are paused, and of books whose mailbox is not proved. Returns how many."""
    now = now or database_now()
    waits = {**_breaker_waits(now), **_operator_waits(now)}
    kept = HELD
    for provider, channel in waits:
        kept |= Q(provider=provider, channel=channel)
    rows = Notice.objects.select_related("book", "replaces").filter(kept)
    claimed = claim_due_rows(rows, owner, now=now, seconds=LEASE_SECONDS, limit=_BATCH)
    for notice in claimed:
        reason, wait = waits.get((notice.provider, notice.channel), _KEPT)
        try:
            _hold(notice, owner, reason, wait)
        except Exception as error:
            log.error("notice %s: %s", notice.id, type(error).__name__)
            postpone_notice(notice, owner, error)
    return len(claimed)


def _breaker_waits(now: datetime) -> Mapping[_LaneKey, tuple[str, timedelta]]:
    """Lanes whose circuit breaker is open, with the time until the next probe."""
    lanes = DeliveryLane.objects.filter(paused_until__gt=now)
    reason = "the provider cannot be reached"
    return {lane.key: (reason, lane.paused_until - now) for lane in lanes if lane.paused_until}


def _operator_waits(now: datetime) -> Mapping[_LaneKey, tuple[str, timedelta]]:
    """Lanes that an operator has paused, with the time until a look whether they still are."""
    pauses = [each for each in OperatorDecision.objects.filter(kind__in=PAUSING) if each.holds(now)]
    lanes = DeliveryLane.objects.filter(pauses_of_row(now)) if pauses else ()
    waits = {}
    for lane in lanes:
        ends = [each.ends_at - now for each in pauses if each.concerns(*lane.key) and each.ends_at]
        waits[lane.key] = ("paused by the operator", min([HOLD, *ends]))
    return waits


def _hold(notice: Notice, owner: str, reason: str, wait: timedelta) -> None:
    task = pending_task(notice)
    if task is None:
        release_if_pending(notice, owner)
    else:
        hold_notice(task, owner, reason, wait)
