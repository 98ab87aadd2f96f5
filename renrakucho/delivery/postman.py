"""The postman for notices: claim, send, record.

The notices are the outbox: a due row is leased, sent under its own id as key, and recorded. A worker that dies leaves a
lease that runs out, and the next one sends again under the same key.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone

from renrakucho.channel.channels import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.errand import Errand, asked_at, errand_of, parcel_of, until
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.patience import ASK_AGAIN, BATCH, HOLD, LEASE_SECONDS, LONGEST_WAY, MOST_ATTEMPTS, wait_after
from renrakucho.delivery.proof import waits
from renrakucho.lib.lease import claim, finish, put_back
from renrakucho.mover.sealed import seal_for
from renrakucho.notice.models import Notice
from renrakucho.receipt.provider_turn import tell
from renrakucho.receipt.record import locked, record

log = logging.getLogger(__name__)


def deliver_due(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Deliver what is due. Returns how many notices were taken in hand."""
    taken = claim(
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


def put_aside(notice: Notice, owner: str) -> None:
    """There is nothing to do any more: it was answered, withdrawn or replaced while it lay here. What has come up since
    then is done next.
    """
    with transaction.atomic():
        if errand_of(locked(notice)) is None:
            finish(notice, owner)
        else:
            put_back(notice, owner, due_at=timezone.now())


def _put_by(notice: Notice, owner: str) -> None:
    """One that cannot even be looked at keeps no other waiting. In the end it is given up, and its page says so: a mail
    could not quote it, and nothing can be sealed with a key that does not open.
    """
    with transaction.atomic():
        errand = errand_of(locked(notice))
        if errand and notice.attempts >= MOST_ATTEMPTS:
            _give_up(notice, replace(errand, mail=None), owner)
        else:
            put_back(notice, owner, due_at=timezone.now() + wait_after(notice.attempts))


def _deliver(notice: Notice, owner: str) -> None:
    errand = errand_of(notice)
    if errand is None:
        put_aside(notice, owner)
        return
    last = _under_way(notice, errand)
    if last is None and waits(notice):
        _hold(notice, errand, owner)
        return
    attempt = last or _attempt(notice, errand)
    if _enough(notice, errand, attempt):
        # Every try before ended without a word, as when it brings the worker down each time; or no worker ran in time.
        outcome = Outcome(OutcomeKind.UNKNOWN, "not tried again")
    else:
        outcome = _send(notice, errand, attempt.reference)
    settle(notice, errand, attempt, owner, outcome)


def settle(notice: Notice, errand: Errand, attempt: Attempt, owner: str, outcome: Outcome) -> None:
    """Keep what came of an attempt, and record what that proves."""
    with transaction.atomic():
        attempt.outcome = outcome.kind.value
        attempt.reference = outcome.reference
        attempt.evidence = seal_for(notice.book, f"attempt:{attempt.id}", {"evidence": outcome.evidence})
        attempt.save(update_fields=["outcome", "reference", "evidence"])
        _record(notice, errand, owner, outcome)


def _hold(notice: Notice, errand: Errand, owner: str) -> None:
    """Nothing goes out before the address is proved; when there is no time left for that, the mover has to know."""
    now = timezone.now()
    log.warning("notice %s: the address of %s is not proved", notice.id, notice.provider)
    end = min(filter(None, (until(notice, errand), asked_at(notice, errand) + LONGEST_WAY)))
    if now < end:
        put_back(notice, owner, due_at=min(now + HOLD, end))
        return
    with transaction.atomic():
        if errand_of(locked(notice)) == errand:
            _give_up(notice, errand, owner, "the address is not proved")


def _give_up(notice: Notice, errand: Errand, owner: str, evidence: str = "") -> None:
    if not finish(notice, owner):
        return
    if errand.given_up:
        record(notice, errand.given_up, detail={"evidence": evidence} if evidence else None)
    if errand.mail:
        tell(notice, errand.mail)


def _under_way(notice: Notice, errand: Errand) -> Attempt | None:
    """The attempt that is only asked after. What was under way before it was asked for again is another."""
    made = notice.attempts_made.filter(withdrawal=errand.withdrawal, started_at__gte=asked_at(notice, errand))
    last = made.order_by("ordinal").last()
    return last if last and last.outcome == OutcomeKind.UNDER_WAY else None


def _attempt(notice: Notice, errand: Errand) -> Attempt:
    return Attempt.objects.create(
        notice=notice, ordinal=notice.attempts, withdrawal=errand.withdrawal, started_at=timezone.now()
    )


def _enough(notice: Notice, errand: Errand, attempt: Attempt) -> bool:
    """Whether this attempt is not to be made. A first one always is, and what is under way is asked after."""
    tries, end = _tries(notice, errand), until(notice, errand)
    late = end is not None and timezone.now() > end
    return tries > MOST_ATTEMPTS or (late and tries > 1 and not attempt.reference)


def _tries(notice: Notice, errand: Errand) -> int:
    return notice.attempts_made.filter(withdrawal=errand.withdrawal, started_at__gte=asked_at(notice, errand)).count()


def _send(notice: Notice, errand: Errand, reference: str) -> Outcome:
    try:
        send = CHANNELS[notice.channel].send
        if send is None:
            return Outcome(OutcomeKind.REFUSED, "carried by the mover's own browser")
        return send(parcel_of(notice, errand, reference))
    except Exception as error:
        # Whatever a channel does not foresee: it may have gone out, so it is unknown, and repeated under its key.
        log.error("notice %s: %s", notice.id, type(error).__name__)
        return Outcome(OutcomeKind.UNKNOWN, type(error).__name__)


def _record(notice: Notice, errand: Errand, owner: str, outcome: Outcome) -> None:
    """Record what came of it, if the lease is still ours; another worker's record stands otherwise."""
    now = timezone.now()
    if errand_of(locked(notice)) != errand:
        put_back(notice, owner, due_at=now)  # answered or withdrawn meanwhile: there may be another errand
        return
    if outcome.kind == OutcomeKind.SENT:
        if finish(notice, owner):
            record(notice, errand.arrived, detail={"evidence": outcome.evidence})
        return
    due_at = _again_at(notice, errand, outcome, now)
    if due_at:
        put_back(notice, owner, due_at=due_at)
    else:
        _give_up(notice, errand, owner, outcome.evidence)


def _again_at(notice: Notice, errand: Errand, outcome: Outcome, now: datetime) -> datetime | None:
    """When it is tried or asked after again; None: it is given up, in time for the mover to telephone."""
    end = until(notice, errand)
    if outcome.kind == OutcomeKind.UNDER_WAY:
        begun = notice.attempts_made.filter(withdrawal=errand.withdrawal).latest("ordinal").started_at
        end = min(filter(None, (end, begun + LONGEST_WAY)))
        return min(now + (outcome.again_after or ASK_AGAIN), end) if now < end else None
    tries = _tries(notice, errand)
    if outcome.kind == OutcomeKind.REFUSED or tries >= MOST_ATTEMPTS:
        return None
    # Never sooner than our own patience: twelve tries a second apart would be over in twelve seconds.
    due_at = now + max(outcome.again_after or timedelta(0), wait_after(tries))
    return due_at if end is None or due_at <= end else None
