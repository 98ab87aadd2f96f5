"""Operator decisions: what is paused, which provider counts as not connected, and what is announced on all pages.

Pages read them from a snapshot that is at most five seconds old, without a query each time. Delivery asks the database.
"""

import logging
import threading
import time
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7

log = logging.getLogger(__name__)

LONGEST_SENTENCE = 200  # characters
_CACHE_SECONDS = 5.0


class DecisionKind(models.TextChoices):
    """The kind of a decision."""

    PAUSE = "pause", _("一時停止")
    NOT_CONNECTED = "not_connected", _("つながない")
    ANNOUNCEMENT = "announcement", _("お知らせ")
    DESTINATION = "destination", _("送り先の確認待ち")


PAUSING = (DecisionKind.PAUSE, DecisionKind.DESTINATION)  # nothing is sent; the second kind ends by notice.destination


class OperatorDecision(models.Model):
    """One decision. It holds from the moment it is made until `ends_at`, or until it is ended, which deletes the row.

    provider, channel: what is paused; empty: every one. provider: who counts as not connected. sentence, english: what
    movers read. begins_at: for an announcement, the beginning of what it announces, which may be ahead.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    kind = models.CharField(max_length=20, choices=DecisionKind.choices)
    provider = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    sentence = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    english = models.CharField(max_length=LONGEST_SENTENCE, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("begins_at")), name="decision_period"),
            models.UniqueConstraint(
                fields=["kind", "provider", "channel"],
                condition=~Q(kind=DecisionKind.ANNOUNCEMENT),
                name="decision_once",
            ),
            models.UniqueConstraint(
                fields=["sentence"],
                condition=Q(kind=DecisionKind.ANNOUNCEMENT),
                name="announcement_once",
            ),
        ]

    @property
    def said_in(self) -> str:
        """The language of `said`: the page's, and Japanese where it has no other."""
        return "en" if self.english and get_language() != settings.LANGUAGE_CODE else settings.LANGUAGE_CODE

    @property
    def said(self) -> str:
        """The sentence as the page shows it."""
        return self.sentence if self.said_in == settings.LANGUAGE_CODE else self.english

    def concerns(self, provider: str, channel: str) -> bool:
        """Whether it pauses this lane."""
        peer = f"peers.{provider.partition(':')[0]}"  # a portal stands for all that it tells
        return self.kind in PAUSING and self.provider in ("", provider, peer) and self.channel in ("", channel)

    def holds(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return self.ends_at is None or self.ends_at > now


def pause_of(provider: str, channel: str) -> OperatorDecision | None:
    """The pause of this lane, the one that names it most closely; None: it is not paused. Up to five seconds old."""
    found = [decision for decision in _holding() if decision.concerns(provider, channel)]
    return max(found, key=lambda decision: (bool(decision.provider), bool(decision.channel)), default=None)


def is_marked_not_connected(provider: str) -> bool:
    """Whether the operator has the provider only listed for new notices. Up to five seconds old."""
    return not_connected_mark(provider) is not None


def not_connected_mark(provider: str) -> OperatorDecision | None:
    """The decision that has the provider only listed. Up to five seconds old."""
    marks = (each for each in _holding() if each.kind == DecisionKind.NOT_CONNECTED)
    return next((each for each in marks if each.provider == provider), None)


def present_announcements() -> list[OperatorDecision]:
    """The announcements above every page, the earliest first. Up to five seconds old."""
    found = [decision for decision in _holding() if decision.kind == DecisionKind.ANNOUNCEMENT]
    return sorted(found, key=lambda decision: decision.begins_at)


def standing_decisions() -> list[OperatorDecision]:
    """Every decision that holds now, read from the database, in the order in which they were made."""
    now = timezone.now()
    return [decision for decision in OperatorDecision.objects.order_by("id") if decision.holds(now)]


def forget_decisions() -> None:
    """Ask the database at the next look: a decision was made or ended."""
    _snapshot.forget()


class DecisionSnapshot:
    """Cache of all decisions, read at most once in five seconds. While the database does not answer, the old ones
    stand, so that a page never fails for them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decisions: tuple[OperatorDecision, ...] = ()
        self._good_until = 0.0

    def __call__(self) -> tuple[OperatorDecision, ...]:
        if time.monotonic() >= self._good_until:
            with self._lock:
                if time.monotonic() >= self._good_until:
                    self.keep(self._read(), _CACHE_SECONDS)
        return self._decisions

    def keep(self, decisions: Iterable[OperatorDecision], seconds: float) -> None:
        """Answer with these for so long."""
        self._decisions, self._good_until = tuple(decisions), time.monotonic() + seconds

    def forget(self) -> None:
        self._good_until = 0.0

    def _read(self) -> tuple[OperatorDecision, ...]:
        try:
            return tuple(OperatorDecision.objects.order_by("id"))
        except DatabaseError as error:
            log.error("the decisions could not be read: %s", type(error).__name__)
            return self._decisions


_snapshot = DecisionSnapshot()


def _holding() -> list[OperatorDecision]:
    now = timezone.now()
    return [decision for decision in _snapshot() if decision.holds(now)]
