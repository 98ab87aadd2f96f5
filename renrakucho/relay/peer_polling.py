"""Peer polling: each peer portal is asked for its listing once a day, and for its providers' answers all the time."""

import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import NoPeerResponse
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.lease import claim_due_rows, release_lease
from renrakucho.notice.connected_providers import known_peers
from renrakucho.notice.models import AWAITING_ANSWER, Notice, SheetVersion
from renrakucho.relay.listing_sync import BadListing, sync_listing
from renrakucho.relay.models import PollKind, PollState
from renrakucho.relay.receipt_pull import BEGINNING, BadReceipt, PullCursor, pull_receipts

log = logging.getLogger(__name__)

_LEASE_SECONDS = 120
_DAILY = timedelta(days=1)
_WAITING, _QUIET = timedelta(seconds=10), timedelta(seconds=30)  # with notices that wait for an answer, and without
_AFTER_FAILURE = {PollKind.PROVIDERS: timedelta(minutes=10), PollKind.RECEIPTS: timedelta(minutes=1)}


def poll_peers(owner: str, *, now: datetime | None = None) -> int:
    """Poll one peer that is due. Returns how many polls were made."""
    peers = known_peers()
    if not peers:
        return 0
    now = now or database_now()
    wanted = {(slug, question.value) for slug in peers for question in PollKind}
    for portal, question in wanted - set(PollState.objects.values_list("portal", "question")):
        PollState.objects.get_or_create(portal=portal, question=question, defaults={"due_at": now})
    claimed = claim_due_rows(
        PollState.objects.filter(portal__in=peers), owner, now=now, seconds=_LEASE_SECONDS, limit=1
    )
    for poll in claimed:
        _poll(poll, peers[poll.portal], owner, now)
    return len(claimed)


def _poll(poll: PollState, peer: PeerPortal, owner: str, now: datetime) -> None:
    question = PollKind(poll.question)
    try:
        if question == PollKind.PROVIDERS:
            sync_listing(peer, now)
        elif _handed_on(peer).exists():
            cursor = pull_receipts(peer, PullCursor(poll.after, poll.since_at or BEGINNING))
            poll.after, poll.since_at = cursor.after, cursor.since
        else:
            release_lease(poll, owner, due_at=now + _QUIET)  # nothing was handed on, so there is nothing to ask after
            return
    except Exception as error:  # whatever this peer sends, the others are polled
        # Of an unreadable answer only the kind of error is kept: its text may hold personal data.
        poll.failed = (
            str(error)[:200] if isinstance(error, NoPeerResponse | BadListing | BadReceipt) else type(error).__name__
        )
        log.warning("%s: %s: %s", peer.slug, question, poll.failed)
        again = _AFTER_FAILURE[question]
    else:
        poll.failed, poll.answered_at = "", now
        again = _DAILY if question == PollKind.PROVIDERS else _pause(peer)
    poll.save(update_fields=["after", "since_at", "answered_at", "failed"])
    release_lease(poll, owner, due_at=now + again)


def _pause(peer: PeerPortal) -> timedelta:
    waiting = _handed_on(peer).filter(status__in=AWAITING_ANSWER)
    return _WAITING if waiting.exists() else _QUIET


def _handed_on(peer: PeerPortal) -> QuerySet[Notice]:
    # By the slugs of the peer's providers whose form was ever fetched: there may be millions of other notices.
    keys = SheetVersion.objects.filter(key__startswith=peer.local_slug("")).values_list("key", flat=True)
    names = {key.partition("/")[0] for key in keys}
    return Notice.objects.filter(provider__in=names).exclude(written_at=None)
