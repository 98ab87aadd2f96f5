"""Outbox worker for notices: claim, check, send, record.

The notices are the outbox: a due row is leased, sent under its own id as idempotency key, and recorded. A worker that
dies leaves a lease that runs out, and the next one sends again under the same key. One notice that fails, whatever the
error, holds up no other.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db import DatabaseError, transaction

from renrakucho.channel.answer_summary import summarize_answer
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import FAILED_KINDS, Outcome, OutcomeKind
from renrakucho.delivery.address_verification import awaits_verification
from renrakucho.delivery.delivery_lanes import claim_from_lanes, record_push
from renrakucho.delivery.delivery_task import DeliveryTask, pending_task
from renrakucho.delivery.models import Attempt, DeliveryLane
from renrakucho.delivery.retry_policy import (
    BATCH,
    HOLD,
    MOST_ATTEMPTS,
    backoff_delay,
    held_until,
    may_attempt,
    next_attempt,
)
from renrakucho.lib.database_clock import database_now, is_clock_right
from renrakucho.lib.lease import end_lease_of_locked, finish_lease, release_lease, write_despite_outage
from renrakucho.lib.sealing import SealBroken
from renrakucho.lib.tracing import SpanAttribute, SpanKind, trace_span
from renrakucho.mover.book import seal_for_book
from renrakucho.notice.connected_providers import is_connection_faulty
from renrakucho.notice.destination import is_destination_in_force
from renrakucho.notice.models import Notice
from renrakucho.receipt.evidence import ChannelEvidence
from renrakucho.receipt.provider_actions import mail_mover_about
from renrakucho.receipt.transitions import locked_notice, record_receipt

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PreparedPush:
    """One attempt, stored before it is made. Sending it needs no database. message: None where `outcome` is decided."""

    task: DeliveryTask
    attempt: Attempt
    message: NoticeMessage | None
    outcome: Outcome | None = None


def deliver_due_notices(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Deliver what is due, one after another. Returns how many notices were claimed."""
    claimed = claim_from_lanes(owner, now=now or database_now(), slots=limit)
    for notice in claimed:
        deliver_notice(notice, owner)
    return len(claimed)


def _keep_connection() -> None:
    """The caller's own connection goes on."""


def deliver_notice(notice: Notice, owner: str, *, release: Callable[[], None] = _keep_connection) -> None:
    """Deliver one claimed notice. Never raises for an error of this notice: it is logged, and due again later.

    release: gives the thread's connection to the database back. It is called before and after the push, which needs
    none, so that many pushes at once hold few connections.
    """
    try:
        push = _prepare(notice, owner)
        if push:
            release()
            outcome = push.outcome or _send_traced(push)
            _record_and_count(push, owner, outcome, release)
    except Exception as error:
        log.error("notice %s: %s", notice.id, type(error).__name__)
        release()
        postpone_notice(notice, owner, error, release=release)


def _prepare(notice: Notice, owner: str) -> PreparedPush | None:
    """Store the attempt; None where nothing is to be sent now, which is settled here."""
    task = pending_task(notice)
    if task is None:
        release_if_pending(notice, owner)
        return None
    if is_connection_faulty(notice.provider):
        # A slip of the operator's must not become a final 未達: it is mended in the file, and taken up by itself.
        log.error("notice %s: the connection with %s has a mistake", notice.id, notice.provider)
        hold_notice(task, owner, "the connection has a mistake", HOLD)
        return None
    if not is_destination_in_force(notice.provider):
        log.warning("notice %s: where %s is sent to has changed, and is not confirmed", notice.id, notice.provider)
        hold_notice(task, owner, "the destination is not confirmed", HOLD)
        return None
    if task.under_way is None and awaits_verification(notice):
        # Nothing goes out before the address is verified; when there is no time left for that, the mover has to know.
        log.warning("notice %s: the address of %s is not proved", notice.id, notice.provider)
        hold_notice(task, owner, "the address is not proved", HOLD)
        return None
    attempt = task.attempt()
    if not may_attempt(task.tries, task.deadline, under_way=bool(attempt.reference)):
        # No attempt before had an outcome, as when it brings the worker down each time; or no worker ran in time.
        return PreparedPush(task, attempt, None, Outcome(OutcomeKind.UNKNOWN, "not tried again"))
    try:
        return PreparedPush(task, attempt, task.message(attempt.reference))
    except (DatabaseError, SealBroken):
        raise
    except Exception as error:
        log.error("notice %s: %s", notice.id, type(error).__name__)
        return PreparedPush(task, attempt, None, Outcome(OutcomeKind.UNKNOWN, type(error).__name__))


def hold_notice(task: DeliveryTask, owner: str, reason: str, wait: timedelta) -> None:
    """Look at a notice that cannot go out now again after this time. It is given up when there is no time left."""
    _settle(task, owner, Outcome(OutcomeKind.TRY_LATER, reason), held_until(task.requested_at, task.deadline, wait))


def _send_traced(push: PreparedPush) -> Outcome:
    """Send within a span, which says where and how it went."""
    notice = push.task.notice
    named_by: dict[SpanAttribute, str | int] = {
        SpanAttribute.NOTICE: str(notice.id),
        SpanAttribute.PROVIDER: notice.provider,
        SpanAttribute.CHANNEL: notice.channel,
        SpanAttribute.ATTEMPT: push.attempt.ordinal,
        SpanAttribute.WITHDRAWAL: push.attempt.withdrawal,
    }
    with trace_span("deliver notice", SpanKind.INTERNAL, named_by) as span:
        outcome = _send(push)
        span.describe({SpanAttribute.OUTCOME: outcome.kind.value})
        return outcome


def _send(push: PreparedPush) -> Outcome:
    try:
        send = CHANNELS[push.task.notice.channel].send
        if send is None:
            return Outcome(OutcomeKind.REFUSED, "carried by the mover's own browser")
        assert push.message
        return send(push.message)
    except Exception as error:
        # Whatever a channel does not foresee: it may have gone out, so it is unknown, and repeated under its key.
        log.error("notice %s: %s", push.task.notice.id, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def _record_and_count(push: PreparedPush, owner: str, outcome: Outcome, release: Callable[[], None]) -> None:
    """Record the outcome. Where the database is away or the row is held only this thread waits."""
    notice = push.task.notice
    try:
        _write(partial(record_attempt, push.task, push.attempt, owner, outcome), release)
    finally:
        if push.message and not CHANNELS[notice.channel].local:
            record_push(notice.provider, notice.channel, reached=outcome.reached)


def _write(write: Callable[[], None], release: Callable[[], None]) -> None:
    if release is _keep_connection:  # perhaps inside the caller's transaction, which one refusal has ended
        write()
    else:
        write_despite_outage(write, before_wait=release)


def record_attempt(task: DeliveryTask, attempt: Attempt, owner: str, outcome: Outcome) -> None:
    """Record the outcome of an attempt, and what it means for the notice."""
    outcome = _with_patience(task, outcome)
    polled = bool(attempt.outcome)
    with transaction.atomic():
        attempt.outcome = outcome.kind.value
        attempt.reference = outcome.reference
        evidence = {"evidence": outcome.evidence}
        attempt.evidence = seal_for_book(task.notice.book, f"attempt:{attempt.id}", evidence)
        attempt.answer, attempt.recorded_at = summarize_answer(outcome.evidence), database_now()
        attempt.save(update_fields=["outcome", "reference", "evidence", "answer", "recorded_at"])
        sent = outcome.kind == OutcomeKind.SENT
        due_at = None if sent else next_attempt(outcome, task.tries, attempt.started_at, task.deadline)
        _settle(task, owner, outcome, due_at)
        if outcome.kind in FAILED_KINDS:
            lane = DeliveryLane.objects.filter(provider=task.notice.provider, channel=task.notice.channel)
            lane.update(last_failed=attempt)
    if not polled or outcome.kind != OutcomeKind.UNDER_WAY:
        _log_attempt(task.notice, attempt)


def _log_attempt(notice: Notice, attempt: Attempt) -> None:
    """One line for each attempt, with what an operator may read. A poll that brought nothing new has none."""
    known = {
        "event": "delivery_attempt",
        "notice": str(notice.id),
        "provider": notice.provider,
        "channel": notice.channel,
        "attempt": attempt.ordinal,
        "withdrawal": attempt.withdrawal,
        "outcome": attempt.outcome,
        "answer": attempt.answer,
    }
    log.log(
        logging.WARNING if attempt.outcome in FAILED_KINDS else logging.INFO,
        "notice %(notice)s: attempt %(attempt)s, %(channel)s to %(provider)s: %(outcome)s: %(answer)s",
        known,
        extra=known,
    )


def _with_patience(task: DeliveryTask, outcome: Outcome) -> Outcome:
    """An address that took notices before and is not found now is being deployed anew: it is tried on for a day."""
    if not outcome.gone or not task.may_be_deploy:
        return outcome
    log.warning("notice %s: nothing is at the address of %s any more", task.notice.id, task.notice.provider)
    return replace(outcome, kind=OutcomeKind.TRY_LATER)


def _settle(task: DeliveryTask, owner: str, outcome: Outcome, due_at: datetime | None) -> None:
    """Decide by the outcome: arrived, due again, or given up. Without the lease, another worker's record stands."""
    notice = task.notice
    with transaction.atomic():
        locked = locked_notice(notice)
        if pending_task(locked) != task:
            release_lease(notice, owner, due_at=database_now())  # answered or withdrawn meanwhile: perhaps another task
        elif outcome.kind == OutcomeKind.SENT:
            ended = end_lease_of_locked(notice, locked, owner)
            if ended:
                evidence = ChannelEvidence(outcome.evidence)
                record_receipt(notice, task.kind.arrived, evidence, locked=locked, changed=ended)
                _mail_arrival(task)
        elif due_at:
            release_lease(notice, owner, due_at=due_at)
        elif is_clock_right():
            _give_up(task, owner, outcome.evidence)
        else:
            release_lease(notice, owner, due_at=database_now() + HOLD)


def _mail_arrival(task: DeliveryTask) -> None:
    if not task.kind.arrival_mail:
        return
    try:
        mail_mover_about(task.notice, task.kind.arrival_mail)
    except SealBroken:  # it has arrived, and must not be sent again because the mover cannot be told
        log.error("notice %s: no mail could be written", task.notice.id)


def _give_up(task: DeliveryTask, owner: str, evidence: str) -> None:
    if not finish_lease(task.notice, owner):
        return
    if task.kind.given_up:
        record_receipt(task.notice, task.kind.given_up, ChannelEvidence(evidence) if evidence else None)
    if task.kind.given_up_mail:
        mail_mover_about(task.notice, task.kind.given_up_mail)


def release_if_pending(notice: Notice, owner: str) -> None:
    """Finish a notice that has no task any more: it was answered, withdrawn or replaced while it was due. One that has
    been given a task meanwhile is due at once.
    """
    with transaction.atomic():
        if pending_task(locked_notice(notice)) is None:
            finish_lease(notice, owner)
        else:
            release_lease(notice, owner, due_at=database_now())


def postpone_notice(
    notice: Notice, owner: str, error: Exception, *, release: Callable[[], None] = _keep_connection
) -> None:
    """Keep a poison message from blocking the queue: it is due again after a backoff. One that does not even open is
    given up in the end; its page says so, for a mail could not quote it, and nothing can be sealed with a key that does
    not open. Where the database goes on refusing this too, the lease runs out. release: as of deliver_notice.
    """
    try:
        _write(partial(_postpone, notice, owner, error), release)
    except DatabaseError as refusal:
        log.error("notice %s: not postponed: %s", notice.id, type(refusal).__name__)


@transaction.atomic
def _postpone(notice: Notice, owner: str, error: Exception) -> None:
    task = pending_task(locked_notice(notice))
    if task and not isinstance(error, DatabaseError) and notice.attempts >= MOST_ATTEMPTS and is_clock_right():
        _give_up(task.without_mail(), owner, "")
    else:
        # An outage of our own database is mostly over at once, and no other machine is asked too often meanwhile.
        share = 5 if isinstance(error, DatabaseError | OSError) else 1
        release_lease(notice, owner, due_at=database_now() + backoff_delay(notice.attempts) / share)
