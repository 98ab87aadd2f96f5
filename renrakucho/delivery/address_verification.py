"""Address verification: nothing personal goes to a fax number or the like before its office has read back a code.

A test page with the code goes to the address, and the office reads it back on the telephone. Each channel says whether
its addresses need this.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from renrakucho.channel.address_test import AddressTestPage
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.models import VerifiedAddress
from renrakucho.lib.errors import InvalidInput, NotFound
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.notice.connected_providers import connection_of, local_connections, this_portal
from renrakucho.notice.models import Notice, Status

_DIGITS = 8
_MOST_WRONG = 5  # codes a page: one guess in twenty million
_PAGE_EXPIRES = timedelta(days=30)  # a page that nobody called about for so long was not read


class NoAddress(NotFound):
    """This provider has no address of that kind here."""


class WrongCode(InvalidInput):
    """This is not the code of the latest test page. left: how many more codes are taken before a new page is needed."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


@dataclass(frozen=True)
class ProviderAddress:
    """One provider's address, as the connections name it today.

    test: the latest test page and what came of it; None: no page went there. waiting: how many notices are kept here
    until the address is verified.
    """

    provider: str
    address: str
    test: VerifiedAddress | None
    waiting: int

    @property
    def verified(self) -> bool:
        """Whether its office has read a code back."""
        return self.test is not None and self.test.proved_at is not None


def is_address_verified(provider: str, channel: str, table: Mapping[str, Any]) -> bool:
    """Whether personal data may go where this table leads. Without one it passes: the channel says why."""
    address_test = CHANNELS[channel].address_test if channel in CHANNELS else None
    if address_test is None or not table:
        return True
    return _tests_of(provider, channel, address_test.address(table)).filter(proved_at__isnull=False).exists()


def awaits_verification(notice: Notice) -> bool:
    """Whether the notice, or word of its withdrawal, is kept here because the address is not verified."""
    connection = connection_of(notice.provider)
    return connection is not None and not is_address_verified(
        notice.provider, notice.channel, connection.tables.get(notice.channel, {})
    )


def addresses_of_channel(channel: str) -> list[ProviderAddress]:
    """Every address of this channel, in the order of the providers' slugs."""
    found = [
        (provider, connection.tables[channel])
        for provider, connection in sorted(local_connections().items())
        if channel in connection.tables
    ]
    return [_address(provider, channel, table) for provider, table in found]


def send_test_page(provider: str, channel: str) -> Outcome:
    """Send a test page with a new code. An address that was verified stays verified. Raises NoAddress."""
    table = _table(provider, channel)
    address_test = CHANNELS[channel].address_test
    if address_test is None:
        raise NoAddress(f"{provider}: {channel}")
    address, code = address_test.address(table), _new_code()
    test, _new = VerifiedAddress.objects.update_or_create(
        provider=provider,
        channel=channel,
        address=address,
        defaults={"page": new_uuid7(), "tried_at": timezone.now(), "wrong": 0},
    )
    test.code_hash = _code_hash(test, code)
    test.save(update_fields=["code_hash"])
    return _store_outcome(test, address_test.send(AddressTestPage(str(test.page), code, this_portal(), table)))


def poll_test_pages(channel: str) -> None:
    """Ask the channel for the outcome of the test pages that are under way."""
    for each in addresses_of_channel(channel):
        address_test, test = CHANNELS[channel].address_test, each.test
        if address_test and test and test.outcome == OutcomeKind.UNDER_WAY:
            table = _table(each.provider, channel)
            _store_outcome(
                test, address_test.send(AddressTestPage(str(test.page), "", this_portal(), table, test.reference))
            )


def confirm_address(provider: str, channel: str, code: str) -> int:
    """Verify the address: its office has read this code back. Returns how many notices go out now.

    Raises NoAddress, also where no page went to the present address; WrongCode.
    """
    address_test, now = CHANNELS[channel].address_test, timezone.now()
    address = address_test.address(_table(provider, channel)) if address_test else ""
    test = _tests_of(provider, channel, address).filter(tried_at__gt=now - _PAGE_EXPIRES).exclude(code_hash="").first()
    if test is None:
        raise NoAddress(f"{provider}: {address}")
    # Counted before it is compared, in one statement: two codes at the same moment count as two.
    if not _tests_of(provider, channel, address).filter(wrong__lt=_MOST_WRONG).update(wrong=F("wrong") + 1):
        raise WrongCode(0)
    if _code_hash(test, code) != test.code_hash:
        raise WrongCode(_MOST_WRONG - test.wrong - 1)
    _tests_of(provider, channel, address).update(proved_at=now, code_hash="")
    return _make_waiting_due(provider, channel)


def mark_verified(provider: str, channel: str) -> None:
    """Verify without a code, in a demo installation that plays the offices itself. Raises NoAddress."""
    address_test = CHANNELS[channel].address_test
    if address_test:
        now, address = timezone.now(), address_test.address(_table(provider, channel))
        VerifiedAddress.objects.update_or_create(
            provider=provider,
            channel=channel,
            address=address,
            defaults={"proved_at": now},
            create_defaults={"proved_at": now, "tried_at": now, "page": new_uuid7()},
        )


def _address(provider: str, channel: str, table: Mapping[str, Any]) -> ProviderAddress:
    address_test = CHANNELS[channel].address_test
    address = address_test.address(table) if address_test else ""
    waiting = Notice.objects.filter(provider=provider, channel=channel, status=Status.ENTERED, due_at__isnull=False)
    test = _tests_of(provider, channel, address).first()
    verified = test is not None and test.proved_at is not None
    return ProviderAddress(provider, address, test, 0 if verified else waiting.count())


def _table(provider: str, channel: str) -> Mapping[str, Any]:
    connection = connection_of(provider)
    table = connection.tables.get(channel) if connection else None
    if table is None:
        raise NoAddress(f"{provider}: {channel}")
    return table


def _tests_of(provider: str, channel: str, address: str) -> QuerySet[VerifiedAddress]:
    return VerifiedAddress.objects.filter(provider=provider, channel=channel, address=address)


def _new_code() -> str:
    return "".join(secrets.choice("0123456789") for _place in range(_DIGITS))


def _code_hash(test: VerifiedAddress, code: str) -> str:
    return index_hash(f"trial:{test.page}:{code}")


def _store_outcome(test: VerifiedAddress, outcome: Outcome) -> Outcome:
    test.outcome, test.reference, test.evidence = outcome.kind.value, outcome.reference, outcome.evidence
    test.save(update_fields=["outcome", "reference", "evidence"])
    return outcome


def _make_waiting_due(provider: str, channel: str) -> int:
    """Make the notices due that waited for the verification. Returns how many."""
    kept = Notice.objects.filter(provider=provider, channel=channel, due_at__isnull=False, leased_until=None)
    return kept.update(due_at=timezone.now())
