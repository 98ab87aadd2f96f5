"""The postman for notices: claim, send, record.

The notices are the outbox: a due row is leased, sent under its own id as key, and recorded. A worker that dies leaves a
lease that runs out, and the next one sends again under the same key.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.address_verification import awaits_verification
from renrakucho.delivery.delivery_task import DeliveryTask, message_for, pending_task, requested_at, task_deadline
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import (
    ASK_AGAIN,
    BATCH,
    HOLD,
    LEASE_SECONDS,
    LONGEST_WAY,
    MOST_ATTEMPTS,
    backoff_delay,
)
from renrakucho.lib.lease import claim_due_rows, finish_lease, release_lease
from renrakucho.mover.book import seal_for_book
from renrakucho.notice.models import Notice
from renrakucho.receipt.evidence import ChannelEvidence
from renrakucho.receipt.provider_actions import mail_mover_about
from renrakucho.receipt.transitions import locked_notice, record_receipt

log = logging.getLogger(__name__)


def deliver_due_notices(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Deliver what is due. Returns how many notices were taken in hand."""
    taken = claim_due_rows(
        Notice.objects.select_related("book", "replaces"),
        owner,
        now=now or timezone.now(),
        seconds=LEASE_SECONDS,
        limit=limit,
    )
    for notice in taken:
        try:
            _deliver(notice, owner)
        except DatabaseError:
            raise
        except Exception as error:
            log.error("notice %s: %s", notice.id, type(error).__name__)
            _put_by(notice, owner)
    return len(taken)


def finish_or_requeue(notice: Notice, owner: str) -> None:
    """There is nothing to do any more: it was answered, withdrawn or replaced while it lay here. What has come up since
    then is done next.
    """
    with transaction.atomic():
        if pending_task(locked_notice(notice)) is None:
            finish_lease(notice, owner)
        else:
            release_lease(notice, owner, due_at=timezone.now())


def _put_by(notice: Notice, owner: str) -> None:
    """One that cannot even be looked at keeps no other waiting. In the end it is given up, and its page says so: a mail
    could not quote it, and nothing can be sealed with a key that does not open.
    """
    with transaction.atomic():
        errand = pending_task(locked_notice(notice))
        if errand and notice.attempts >= MOST_ATTEMPTS:
            _give_up(notice, replace(errand, mail=None), owner)
        else:
            release_lease(notice, owner, due_at=timezone.now() + backoff_delay(notice.attempts))


def _deliver(notice: Notice, owner: str) -> None:
    errand = pending_task(notice)
    if errand is None:
        finish_or_requeue(notice, owner)
        return
    last = _under_way(notice, errand)
    if last is None and awaits_verification(notice):
        _hold(notice, errand, owner)
        return
    attempt = last or _attempt(notice, errand)
    if _enough(notice, errand, attempt):
        # Every try before ended without a word, as when it brings the worker down each time; or no worker ran in time.
        outcome = Outcome(OutcomeKind.UNKNOWN, "not tried again")
    else:
        outcome = _send(notice, errand, attempt.reference)
    record_attempt(notice, errand, attempt, owner, outcome)


def record_attempt(notice: Notice, errand: DeliveryTask, attempt: Attempt, owner: str, outcome: Outcome) -> None:
    """Keep what came of an attempt, and record what that proves."""
    with transaction.atomic():
        attempt.outcome = outcome.kind.value
        attempt.reference = outcome.reference
        attempt.evidence = seal_for_book(notice.book, f"attempt:{attempt.id}", {"evidence": outcome.evidence})
        attempt.save(update_fields=["outcome", "reference", "evidence"])
        _record(notice, errand, owner, outcome)


def _hold(notice: Notice, errand: DeliveryTask, owner: str) -> None:
    """Nothing goes out before the address is proved; when there is no time left for that, the mover has to know."""
    now = timezone.now()
    log.warning("notice %s: the address of %s is not proved", notice.id, notice.provider)
    end = min(filter(None, (task_deadline(notice, errand), requested_at(notice, errand) + LONGEST_WAY)))
    if now < end:
        release_lease(notice, owner, due_at=min(now + HOLD, end))
        return
    with transaction.atomic():
        if pending_task(locked_notice(notice)) == errand:
            _give_up(notice, errand, owner, "the address is not proved")


def _give_up(notice: Notice, errand: DeliveryTask, owner: str, evidence: str = "") -> None:
    if not finish_lease(notice, owner):
        return
    if errand.given_up:
        record_receipt(notice, errand.given_up, ChannelEvidence(evidence) if evidence else None)
    if errand.mail:
        mail_mover_about(notice, errand.mail)


def _under_way(notice: Notice, errand: DeliveryTask) -> Attempt | None:
    """The attempt that is only asked after. What was under way before it was asked for again is another."""
    made = notice.attempts_made.filter(withdrawal=errand.withdrawal, started_at__gte=requested_at(notice, errand))
    last = made.order_by("ordinal").last()
    return last if last and last.outcome == OutcomeKind.UNDER_WAY else None


def _attempt(notice: Notice, errand: DeliveryTask) -> Attempt:
    return Attempt.objects.create(
        notice=notice, ordinal=notice.attempts, withdrawal=errand.withdrawal, started_at=timezone.now()
    )


def _enough(notice: Notice, errand: DeliveryTask, attempt: Attempt) -> bool:
    """Whether this attempt is not to be made. A first one always is, and what is under way is asked after."""
    tries, end = _tries(notice, errand), task_deadline(notice, errand)
    late = end is not None and timezone.now() > end
    return tries > MOST_ATTEMPTS or (late and tries > 1 and not attempt.reference)


def _tries(notice: Notice, errand: DeliveryTask) -> int:
    return notice.attempts_made.filter(
        withdrawal=errand.withdrawal, started_at__gte=requested_at(notice, errand)
    ).count()


def _send(notice: Notice, errand: DeliveryTask, reference: str) -> Outcome:
    try:
        send = CHANNELS[notice.channel].send
        if send is None:
            return Outcome(OutcomeKind.REFUSED, "carried by the mover's own browser")
        return send(message_for(notice, errand, reference))
    except Exception as error:
        # Whatever a channel does not foresee: it may have gone out, so it is unknown, and repeated under its key.
        log.error("notice %s: %s", notice.id, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def _record(notice: Notice, errand: DeliveryTask, owner: str, outcome: Outcome) -> None:
    """Record what came of it, if the lease is still ours; another worker's record stands otherwise."""
    now = timezone.now()
    if pending_task(locked_notice(notice)) != errand:
        release_lease(notice, owner, due_at=now)  # answered or withdrawn meanwhile: there may be another errand
        return
    if outcome.kind == OutcomeKind.SENT:
        if finish_lease(notice, owner):
            record_receipt(notice, errand.arrived, ChannelEvidence(outcome.evidence))
        return
    due_at = _again_at(notice, errand, outcome, now)
    if due_at:
        release_lease(notice, owner, due_at=due_at)
    else:
        _give_up(notice, errand, owner, outcome.evidence)


def _again_at(notice: Notice, errand: DeliveryTask, outcome: Outcome, now: datetime) -> datetime | None:
    """When it is tried or asked after again; None: it is given up, in time for the mover to telephone."""
    end = task_deadline(notice, errand)
    if outcome.kind == OutcomeKind.UNDER_WAY:
        begun = notice.attempts_made.filter(withdrawal=errand.withdrawal).latest("ordinal").started_at
        end = min(filter(None, (end, begun + LONGEST_WAY)))
        return min(now + (outcome.retry_after or ASK_AGAIN), end) if now < end else None
    tries = _tries(notice, errand)
    if outcome.kind == OutcomeKind.REFUSED or tries >= MOST_ATTEMPTS:
        return None
    # Never sooner than our own patience: twelve tries a second apart would be over in twelve seconds.
    due_at = now + max(outcome.retry_after or timedelta(0), backoff_delay(tries))
    return due_at if end is None or due_at <= end else None
