"""Caps on the notices that this portal delivers: one table of who may have how many sent in which time.

They stop whoever sends in a stranger's name, and whoever presses again and again. An ordinary move stays far below:
twenty notices for all contracts of a household. A book of which a provider has accepted a notice may send more. What a
mover's own browser carries is not counted: the portal sends nothing then.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renrakucho.address.written.folding import fold_key
from renrakucho.fact.catalogue import Facts
from renrakucho.lib.errors import Conflict
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.notice.models import Notice, Status

_HOUR, _DAY = 60 * 60, 24 * 60 * 60
_ADDRESS = ("municipality", "town", "block", "room")  # a building's name is written in many ways


@dataclass(frozen=True)
class NoticeCap:
    """limit: of a book that is not proved. raised: how many times more where a provider has accepted a notice of it.
    said: the sentence for its mover. who: the key that is counted; empty: not counted.
    """

    limit: RateLimit
    raised: int
    said: Promise
    who: Callable[[Notice, Facts, str], str]


class CapReached(Conflict):
    """No more is sent until `attempt.ends_at`. What the mover typed is kept in the draft; `said` tells them why."""

    def __init__(self, cap: NoticeCap, attempt: Attempt) -> None:
        super().__init__(cap.limit.name)
        self.said = cap.said
        self.attempt = attempt


def count_sending(notice: Notice, network: str, *, changed: bool) -> Attempt:
    """Count one sending of a notice from a network address (empty: none). changed: it replaces one that was sent.

    Call it outside of the transaction that sends, and uncount it where nothing was sent. Raises CapReached, and counts
    nothing then.
    """
    facts = facts_of(entries_of(notice.book))
    is_proved = notice.book.notices.filter(status=Status.ACCEPTED).exists()
    counted: list[Attempt] = []
    with transaction.atomic():  # one commit for all counters
        for cap in (*_EVERY, *(_CHANGES if changed else ())):
            who = cap.who(notice, facts, network)
            if not who:
                continue
            most = cap.limit.limit * (cap.raised if is_proved else 1)
            attempt = replace(cap.limit, limit=most).count_attempt(who)
            counted.append(attempt)
            if not attempt.allowed:
                for each in counted:
                    each.uncount()
                break
    if counted and not counted[-1].allowed:
        raise CapReached(cap, counted[-1])
    total = counted[0]
    for attempt in counted[1:]:
        total = total.with_attempt(attempt)
    return total


def _address_left(notice: Notice, facts: Facts, network: str) -> str:
    return "\n".join(fold_key(facts.get(f"origin.{part}", "")) for part in _ADDRESS)


_EVERY = (
    NoticeCap(
        RateLimit("send-mailbox", 60, _DAY),
        2,
        _("1つのメールアドレスから1日に送れる連絡の数を超えました。"),
        lambda notice, facts, network: notice.book.email_hash,
    ),
    NoticeCap(
        RateLimit("send-network", 600, _DAY),  # the counters of a town hall are one address
        5,
        _("お使いの回線から1日に送れる連絡の数を超えました。"),
        lambda notice, facts, network: network,
    ),
    NoticeCap(
        RateLimit("send-provider", 600, _HOUR),
        10,
        _("この事業者への連絡が、いま急に増えています。まちがいを防ぐため、しばらくお預かりできません。"),
        lambda notice, facts, network: notice.provider,
    ),
    NoticeCap(
        RateLimit("send-address", 60, _DAY),
        2,
        _("1つの引越元から1日に送れる連絡の数を超えました。"),
        _address_left,
    ),
)
_CHANGES = (
    NoticeCap(
        RateLimit("send-changes", 4, _HOUR),
        1,
        _("同じ連絡の変更は、1時間に4回までです。"),
        lambda notice, facts, network: f"{notice.book_id}:{notice.offer}",
    ),
)
