"""Destination in force: where a provider's notices go changes by the word of two people, or after a cooling-off with
word to the contacts that were known before.

connections.toml is a file, and one person can write it. So the database keeps a keyed hash of each connection: hosts,
keys, fax number, folder, channel. What the file says differently waits, and so do the provider's notices, until two
people have confirmed it, or the hours of DESTINATION_HOURS have passed after a mail to the desk's administrators. With
nobody to write to only two people do. The first destination of a provider needs no one. An installation for trying
things out keeps none.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from renrakucho.channel.connection_review import LoadedConnections
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict, NotFound
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.message_text import BothLanguages
from renrakucho.notice.connected_providers import loaded_connections, provider_name
from renrakucho.notice.models import Destination, Notice
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision, forget_decisions
from renrakucho.provider.audit_log import AuditAction, command_line_user, log_operation
from renrakucho.provider.staff import Staff, managing_role
from renrakucho.provider.staff_mail import write_destination_mail

_PEERS = "peers."
_SAID = BothLanguages(
    "送り先の変更を確かめているため、送信を待っています。",
    "Sending waits while a change of where it goes is being confirmed.",
)


class NothingToConfirm(NotFound):
    """No change of this provider's destination waits."""


class SamePerson(Conflict):
    """Whoever confirms has confirmed this change before: it takes another person."""


class ConfirmResult(Enum):
    """Whether the change is in force now, or waits for a second person."""

    FIRST_WORD = auto()
    IN_FORCE = auto()


def is_destination_in_force(provider: str) -> bool:
    """Whether notices to the provider may go where connections.toml says now. A change that is seen for the first time
    begins to wait.
    """
    if settings.TRIAL_CONNECTIONS:
        return True
    owner = _PEERS + provider.partition(":")[0] if ":" in provider else provider
    wanted = _fingerprints(loaded_connections()).get(owner)
    return wanted is None or _is_in_force(owner, wanted)


def watch_destinations() -> int:
    """Compare every connection with what is in force. Returns how many wait."""
    if settings.TRIAL_CONNECTIONS:
        return 0
    return sum(not _is_in_force(owner, wanted) for owner, wanted in _fingerprints(loaded_connections()).items())


def pending_destinations() -> list[Destination]:
    """The changes that wait, the oldest first."""
    return list(Destination.objects.exclude(pending="").order_by("found_at"))


def confirm_destination(owner: str, by: Staff | None) -> ConfirmResult:
    """Confirm the change that waits. by: an operator of the bureau; None: the user of the command line. The second of
    two people puts it in force. Raises NothingToConfirm, SamePerson.
    """
    person = f"bureau:{by.login_id}" if by else f"command:{_command_person()}"
    with transaction.atomic():
        row = Destination.objects.select_for_update().filter(provider=owner).exclude(pending="").first()
        if row is None:
            raise NothingToConfirm(owner)
        if row.first_by == person:
            raise SamePerson(owner)
        log_operation(by, AuditAction.DESTINATION_CONFIRMED, about=owner, said=person)
        if not row.first_by:
            row.first_by = person
            row.save(update_fields=["first_by"])
            return ConfirmResult.FIRST_WORD
        _put_in_force(row)
    return ConfirmResult.IN_FORCE


def _command_person() -> str:
    """The person behind the command: with and without `sudo` the same."""
    caller = os.environ.get("SUDO_USER", "") if os.getuid() == 0 else ""
    return caller or command_line_user()


def _is_in_force(owner: str, wanted: str) -> bool:
    row, _first = Destination.objects.get_or_create(provider=owner, defaults={"in_force": wanted})
    if row.in_force == wanted and not row.pending:
        return True
    with transaction.atomic():
        row = Destination.objects.select_for_update().get(provider=owner)
        now = database_now()
        if row.in_force == wanted:
            if row.pending:  # the file says again what it said before
                log_operation(None, AuditAction.DESTINATION_REFUSED, about=owner)
                _end_waiting(row)
            return True
        if row.pending != wanted:
            _begin_waiting(row, wanted, now)
        elif row.matures_at and row.matures_at <= now:
            log_operation(None, AuditAction.DESTINATION_CONFIRMED, about=owner, said="cooling-off")
            _put_in_force(row)
            return True
    return False


def _begin_waiting(row: Destination, wanted: str, now: datetime) -> None:
    until = now + timedelta(hours=settings.DESTINATION_HOURS)
    chiefs = Staff.objects.filter(provider=row.provider, role=managing_role(row.provider), is_active=True)
    told = [chief for chief in chiefs if chief.mail_address()]
    for chief in told:
        write_destination_mail(
            chief.id,
            to=chief.mail_address(),
            provider=provider_name(row.provider),
            until=until,
            contact=settings.CONTACT,
        )
    row.pending, row.found_at, row.first_by = wanted, now, ""
    row.matures_at = until if told else None
    row.save()
    log_operation(None, AuditAction.DESTINATION_FOUND, about=row.provider)
    OperatorDecision.objects.get_or_create(
        kind=DecisionKind.DESTINATION,
        provider=row.provider,
        channel="",
        defaults={"sentence": _SAID.japanese, "english": _SAID.english, "begins_at": now},
    )
    transaction.on_commit(forget_decisions)


def _put_in_force(row: Destination) -> None:
    row.in_force = row.pending
    _end_waiting(row)


def _end_waiting(row: Destination) -> None:
    row.pending, row.first_by, row.found_at, row.matures_at = "", "", None, None
    row.save()
    OperatorDecision.objects.filter(kind=DecisionKind.DESTINATION, provider=row.provider).delete()
    waiting = Notice.objects.filter(provider=row.provider, due_at__isnull=False, leased_until=None)
    waiting.update(due_at=database_now())
    transaction.on_commit(forget_decisions)


@lru_cache(maxsize=4)
def _fingerprints(loaded: LoadedConnections) -> Mapping[str, str]:
    """By provider, and by peer as `peers.<slug>`: a keyed hash of everything that says where its notices go."""
    connections = {slug: asdict(connection) for slug, connection in loaded.connections.items()}
    peers = {_PEERS + slug: {"url": peer.url, "secret": peer.secret} for slug, peer in loaded.peers.items()}
    for connection in connections.values():
        del connection["valid_hours"]  # how long a return link lives
    texts = {owner: json.dumps(said, sort_keys=True, default=str) for owner, said in {**connections, **peers}.items()}
    return {owner: index_hash(f"destination:{text}") for owner, text in texts.items()}
