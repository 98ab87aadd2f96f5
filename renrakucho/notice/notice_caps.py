"""Caps on what this portal sends: one table of who may have how many notices and mailed codes sent in which time.

They stop whoever sends in a stranger's name, fills a stranger's mailbox, and whoever presses again and again. An
ordinary move stays far below: twenty notices for all contracts of a household. A book of which a provider has accepted
a notice may send more. What a mover's own browser carries is not counted: the portal sends nothing then.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import reduce

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renrakucho.address.written.folding import fold_key
from renrakucho.lib.errors import Conflict
from renrakucho.lib.throttle.rate_limit import Attempt, RateLimit, count_attempts
from renrakucho.mover.book import email_hash, entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.notice.models import Notice, Status

_HOUR, _DAY = 60 * 60, 24 * 60 * 60
_ADDRESS = ("municipality", "town", "block", "room")  # a building's name is written in many ways


class Sent(Enum):
    """A sending: a mail with a code (each registration has one), a notice, or a notice that replaces another."""

    CODE = auto()
    NOTICE = auto()
    CHANGE = auto()


@dataclass(frozen=True)
class CapSubject:
    """The subject of one sending, by which it is counted. An empty value is not counted. change: book and offer of the
    notice.
    """

    mailbox: str
    network: str
    provider: str = ""
    address_left: str = ""
    change: str = ""


@dataclass(frozen=True)
class SendingCap:
    """limit: of a book that is not proved. raised: how many times more where a provider has accepted a notice of it.
    said: the sentence for its mover. who: what is counted. sent: by which sendings.
    """

    limit: RateLimit
    raised: int
    said: Promise
    who: Callable[[CapSubject], str]
    sent: tuple[Sent, ...] = (Sent.NOTICE, Sent.CHANGE)

    def limit_for(self, *, is_proved: bool) -> RateLimit:
        """The limit; raised where a provider has accepted a notice of the book."""
        return replace(self.limit, limit=self.limit.limit * (self.raised if is_proved else 1))


class CapReached(Conflict):
    """No more is sent until `attempt.ends_at`. What the mover typed is kept; `said` tells them why."""

    def __init__(self, cap: SendingCap, attempt: Attempt) -> None:
        super().__init__(cap.limit.name)
        self.said = cap.said
        self.attempt = attempt


def count_sending(notice: Notice, network: str, *, changed: bool) -> Attempt:
    """Count one sending of a notice from a network address (empty: none). changed: it replaces one that was sent.

    Call it outside of the transaction that sends, and uncount it where nothing was sent. Raises CapReached, and counts
    nothing then.
    """
    subject = CapSubject(
        notice.book.email_hash, network, notice.provider, address_left(notice), f"{notice.book_id}:{notice.offer}"
    )
    is_proved = notice.book.notices.filter(status=Status.ACCEPTED).exists()
    return _count(Sent.CHANGE if changed else Sent.NOTICE, subject, is_proved=is_proved)


def count_code_mail(email: str, network: str) -> Attempt:
    """Count a mail with a code to this address. Call it outside of a transaction. Raises CapReached."""
    return _count(Sent.CODE, CapSubject(email_hash(email), network), is_proved=False)


def address_left(notice: Notice) -> str:
    """The address that its mover leaves, as one text that is the same however it was written; empty: there is none."""
    facts = facts_of(entries_of(notice.book))
    return "\n".join(fold_key(facts.get(f"origin.{part}", "")) for part in _ADDRESS).strip("\n")


def _count(sent: Sent, subject: CapSubject, *, is_proved: bool) -> Attempt:
    caps = [(cap, cap.who(subject)) for cap in CAPS if sent in cap.sent and cap.who(subject)]
    counted = count_attempts([(cap.limit_for(is_proved=is_proved), who) for cap, who in caps])
    total = reduce(Attempt.with_attempt, counted)
    for (cap, _who), attempt in zip(caps, counted, strict=True):
        if not attempt.allowed:
            total.uncount()
            raise CapReached(cap, attempt)
    return total


CAPS = (
    SendingCap(
        RateLimit("mailbox-codes-to", 6, _HOUR),  # a mailbox is nobody's to be filled with mails
        1,
        _("1つのメールアドレスに送れる確認の番号は、1時間に6通までです。"),
        lambda subject: subject.mailbox,
        (Sent.CODE,),
    ),
    SendingCap(
        RateLimit("mailbox-codes-from", 300, _HOUR),  # the counters of a town hall are one address
        1,
        _("お使いの回線から1時間に送れる確認の番号の数を超えました。"),
        lambda subject: subject.network,
        (Sent.CODE,),
    ),
    SendingCap(
        RateLimit("send-mailbox", 60, _DAY),
        2,
        _("1つのメールアドレスから1日に送れる連絡の数を超えました。"),
        lambda subject: subject.mailbox,
    ),
    SendingCap(
        RateLimit("send-network", 600, _DAY),
        5,
        _("お使いの回線から1日に送れる連絡の数を超えました。"),
        lambda subject: subject.network,
    ),
    SendingCap(
        RateLimit("send-provider", settings.PROVIDER_CAP, _HOUR),
        10,
        _("この事業者への連絡が、いま急に増えています。まちがいを防ぐため、しばらくお預かりできません。"),
        lambda subject: subject.provider,
    ),
    SendingCap(
        RateLimit("send-address", 60, _DAY),
        2,
        _("1つの引越元から1日に送れる連絡の数を超えました。"),
        lambda subject: subject.address_left,
    ),
    SendingCap(
        RateLimit("send-changes", 4, _HOUR),
        1,
        _("同じ連絡の変更は、1時間に4回までです。"),
        lambda subject: subject.change,
        (Sent.CHANGE,),
    ),
)
