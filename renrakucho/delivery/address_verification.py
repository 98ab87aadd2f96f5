"""Addresses at providers that are proved before anything personal goes there: a test page bears a code, and the office
reads it back on the telephone. Which channel's addresses are such is the channel's to say (Channel.address_test).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from renrakucho.channel.address_test import AddressTestPage
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.delivery_task import this_portal
from renrakucho.delivery.models import VerifiedAddress
from renrakucho.lib.errors import InvalidInput, NotFound
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.signing import keyed_hash
from renrakucho.notice.connected_providers import connection_of, local_connections
from renrakucho.notice.models import Notice, Status

_DIGITS = 8
_MOST_WRONG = 5  # codes a page: one guess in twenty million
_STANDS = timedelta(days=30)  # a page that nobody called about for so long was not read


class NoAddress(NotFound):
    """This provider has no address of that kind here."""


class WrongCode(InvalidInput):
    """Not the code of the page that went out last. left: how many more are taken before a new page has to go."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


@dataclass(frozen=True)
class ProviderAddress:
    """One provider's, as the connections name it today. tried: what is known of it; None: no page went there.

    waiting: how many notices are kept here until it is proved.
    """

    provider: str
    address: str
    tried: VerifiedAddress | None
    waiting: int

    @property
    def proved(self) -> bool:
        """Whether its office has read a code back."""
        return self.tried is not None and self.tried.proved_at is not None


def is_address_verified(provider: str, channel: str, table: Mapping[str, Any]) -> bool:
    """Whether personal data may go where this table leads. What is wrong with a table is the channel's to say."""
    trial = CHANNELS[channel].address_test if channel in CHANNELS else None
    if trial is None or not CHANNELS[channel].ready(table):
        return True
    return _tried(provider, channel, trial.address(table)).filter(proved_at__isnull=False).exists()


def awaits_verification(notice: Notice) -> bool:
    """Whether the notice, or word of its withdrawal, is kept here because the address is not proved."""
    way = connection_of(notice.provider)
    return way is not None and not is_address_verified(
        notice.provider, notice.channel, way.tables.get(notice.channel, {})
    )


def addresses_of_channel(channel: str) -> list[ProviderAddress]:
    """All of this channel, by provider."""
    found = [
        (provider, way.tables[channel])
        for provider, way in sorted(local_connections().items())
        if channel in way.tables
    ]
    return [_address(provider, channel, table) for provider, table in found if CHANNELS[channel].ready(table)]


def send_test_page(provider: str, channel: str) -> Outcome:
    """Send a test page with a new code. What was proved stays proved. Raises NoAddress."""
    table = _table(provider, channel)
    trial = CHANNELS[channel].address_test
    if trial is None:
        raise NoAddress(f"{provider}: {channel}")
    address, code = trial.address(table), _new_code()
    tried, _new = VerifiedAddress.objects.update_or_create(
        provider=provider,
        channel=channel,
        address=address,
        defaults={"page": new_uuid7(), "tried_at": timezone.now(), "wrong": 0},
    )
    tried.code_hash = _code_hash(tried, code)
    tried.save(update_fields=["code_hash"])
    return _kept(tried, trial.send(AddressTestPage(str(tried.page), code, this_portal(), table)))


def poll_test_pages(channel: str) -> None:
    """Ask what became of the test pages that are under way."""
    for each in addresses_of_channel(channel):
        trial, tried = CHANNELS[channel].address_test, each.tried
        if trial and tried and tried.outcome == OutcomeKind.UNDER_WAY:
            table = _table(each.provider, channel)
            _kept(tried, trial.send(AddressTestPage(str(tried.page), "", this_portal(), table, tried.reference)))


def confirm_address(provider: str, channel: str, code: str) -> int:
    """The office has read this code back: the address is proved. Returns how many notices go out now.

    Raises NoAddress, also where no page went to the present address; WrongCode.
    """
    trial, now = CHANNELS[channel].address_test, timezone.now()
    address = trial.address(_table(provider, channel)) if trial else ""
    tried = _tried(provider, channel, address).filter(tried_at__gt=now - _STANDS).exclude(code_hash="").first()
    if tried is None:
        raise NoAddress(f"{provider}: {address}")
    # Counted before it is compared, in one statement: two at once are two.
    if not _tried(provider, channel, address).filter(wrong__lt=_MOST_WRONG).update(wrong=F("wrong") + 1):
        raise WrongCode(0)
    if _code_hash(tried, code) != tried.code_hash:
        raise WrongCode(_MOST_WRONG - tried.wrong - 1)
    _tried(provider, channel, address).update(proved_at=now, code_hash="")
    return _wake(provider, channel)


def mark_verified(provider: str, channel: str) -> None:
    """For an installation to try things out, whose offices are played by itself. Raises NoAddress."""
    trial = CHANNELS[channel].address_test
    if trial:
        now, address = timezone.now(), trial.address(_table(provider, channel))
        VerifiedAddress.objects.update_or_create(
            provider=provider,
            channel=channel,
            address=address,
            defaults={"proved_at": now},
            create_defaults={"proved_at": now, "tried_at": now, "page": new_uuid7()},
        )


def _address(provider: str, channel: str, table: Mapping[str, Any]) -> ProviderAddress:
    trial = CHANNELS[channel].address_test
    address = trial.address(table) if trial else ""
    waiting = Notice.objects.filter(provider=provider, channel=channel, status=Status.ENTERED, due_at__isnull=False)
    tried = _tried(provider, channel, address).first()
    proved = tried is not None and tried.proved_at is not None
    return ProviderAddress(provider, address, tried, 0 if proved else waiting.count())


def _table(provider: str, channel: str) -> Mapping[str, Any]:
    way = connection_of(provider)
    table = way.tables.get(channel) if way else None
    if table is None or not CHANNELS[channel].ready(table):
        raise NoAddress(f"{provider}: {channel}")
    return table


def _tried(provider: str, channel: str, address: str) -> QuerySet[VerifiedAddress]:
    return VerifiedAddress.objects.filter(provider=provider, channel=channel, address=address)


def _new_code() -> str:
    return "".join(secrets.choice("0123456789") for _place in range(_DIGITS))


def _code_hash(tried: VerifiedAddress, code: str) -> str:
    return keyed_hash(settings.MASTER_KEY, f"trial:{tried.page}:{code}")


def _kept(tried: VerifiedAddress, outcome: Outcome) -> Outcome:
    tried.outcome, tried.reference, tried.evidence = outcome.kind.value, outcome.reference, outcome.evidence
    tried.save(update_fields=["outcome", "reference", "evidence"])
    return outcome


def _wake(provider: str, channel: str) -> int:
    """What was kept here is due now."""
    kept = Notice.objects.filter(provider=provider, channel=channel, due_at__isnull=False, leased_until=None)
    return kept.update(due_at=timezone.now())
