"""Operator acts: pause and resume, mark as not connected, announce. Each is idempotent, and writes its audit row in its
own transaction.

actor: the person of the bureau; None: the command line.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.invisible_chars import invisible_in_line
from renrakucho.notice.connected_providers import connected_providers
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import LONGEST_SENTENCE, DecisionKind, OperatorDecision, forget_decisions
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import Staff


class BadDecision(InvalidInput):
    """The decision cannot be made as it was given; the message is a sentence for the operator. field: which one."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def lane_name(provider: str, channel: str = "") -> str:
    """How the audit log names a lane: akishima-water/webhook, akishima-water, */fax."""
    return f"{provider or '*'}/{channel}" if channel else provider


def pause_lanes(
    actor: Staff | None,
    *,
    provider: str = "",
    channel: str = "",
    sentence: str,
    english: str = "",
    ends_at: datetime | None = None,
) -> OperatorDecision:
    """Pause a provider, a channel, or one lane: nothing of it is sent until it is resumed, or until `ends_at`. Movers
    read the sentence. What is paused already gets the new sentence and end. Raises BadDecision.
    """
    _require_lane(provider, channel)
    said = _sentences(sentence, english)
    with transaction.atomic():
        values = {**said, "ends_at": _end(ends_at, database_now())}
        decision, changed = _decide(DecisionKind.PAUSE, provider, channel, values)
        if changed:
            log_operation(actor, AuditAction.PAUSED, about=lane_name(provider, channel), said=said["sentence"])
    _forget_afterwards()
    return decision


def resume_lanes(actor: Staff | None, *, provider: str = "", channel: str = "") -> int:
    """End the pause of exactly this provider, channel or lane; its notices are due at once. Returns how many are; 0
    also where nothing was paused.
    """
    with transaction.atomic():
        paused = OperatorDecision.objects.filter(kind=DecisionKind.PAUSE, provider=provider, channel=channel)
        if not paused.delete()[0]:
            return 0
        kept = Notice.objects.filter(due_at__isnull=False, leased_until=None)
        of_lanes = (Q(provider=provider) if provider else Q()) & (Q(channel=channel) if channel else Q())
        due = kept.filter(of_lanes).update(due_at=database_now())
        log_operation(actor, AuditAction.RESUMED, about=lane_name(provider, channel))
    _forget_afterwards()
    return due


def mark_not_connected(actor: Staff | None, provider: str, *, sentence: str = "", english: str = "") -> None:
    """Have the provider only listed from now on: its offers name phone and site, and drafts cannot be sent. What was
    entered already is still delivered, for its mover was told so. Raises BadDecision.
    """
    _require_lane(provider, "")
    said = _sentences(sentence, english) if sentence or english else {"sentence": "", "english": ""}
    with transaction.atomic():
        _decision, changed = _decide(DecisionKind.NOT_CONNECTED, provider, "", said)
        if changed:
            log_operation(actor, AuditAction.DISCONNECTED, about=provider, said=said["sentence"])
    _forget_afterwards()


def mark_connected(actor: Staff | None, provider: str) -> bool:
    """Take the mark away. Returns whether there was one."""
    with transaction.atomic():
        marks = OperatorDecision.objects.filter(kind=DecisionKind.NOT_CONNECTED, provider=provider)
        ended = bool(marks.delete()[0])
        if ended:
            log_operation(actor, AuditAction.CONNECTED, about=provider)
    _forget_afterwards()
    return ended


def announce(
    actor: Staff | None,
    *,
    sentence: str,
    english: str = "",
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> OperatorDecision:
    """Show a sentence above every page from now until `ends_at`, with the time of what it announces: from `begins_at`,
    or now. A sentence that stands there already gets the new times. Raises BadDecision.
    """
    said = _sentences(sentence, english)
    with transaction.atomic():
        now = database_now()
        found = OperatorDecision.objects.filter(kind=DecisionKind.ANNOUNCEMENT, sentence=said["sentence"]).first()
        begin = begins_at or (found.begins_at if found and found.holds(now) else now)
        values = {"english": said["english"], "begins_at": begin, "ends_at": _end(ends_at, max(now, begin))}
        decision, made = OperatorDecision.objects.update_or_create(
            kind=DecisionKind.ANNOUNCEMENT, sentence=said["sentence"], defaults=values
        )
        if made or found is None or any(getattr(found, name) != value for name, value in values.items()):
            log_operation(actor, AuditAction.ANNOUNCED, said=said["sentence"])
    _forget_afterwards()
    return decision


def end_announcement(actor: Staff | None, decision: UUID) -> bool:
    """Take the announcement with this id from all pages. Returns whether it stood there."""
    with transaction.atomic():
        found = OperatorDecision.objects.filter(kind=DecisionKind.ANNOUNCEMENT, id=decision).first()
        if found:
            found.delete()
            log_operation(actor, AuditAction.ANNOUNCEMENT_ENDED, said=found.sentence)
    _forget_afterwards()
    return found is not None


def _decide(
    kind: DecisionKind, provider: str, channel: str, values: Mapping[str, Any]
) -> tuple[OperatorDecision, bool]:
    """The decision with these values, and whether anything of it is new."""
    begun = {"begins_at": database_now()}
    decision, made = OperatorDecision.objects.get_or_create(
        kind=kind, provider=provider, channel=channel, defaults={**values, **begun}
    )
    # One whose end has passed is made anew: it was not in force any more.
    is_over = not decision.holds(begun["begins_at"])
    changed = made or is_over or any(getattr(decision, name) != value for name, value in values.items())
    if changed and not made:
        OperatorDecision.objects.filter(id=decision.id).update(**values, **(begun if is_over else {}))
        decision.refresh_from_db()
    return decision, changed


def _require_lane(provider: str, channel: str) -> None:
    if not provider and not channel:
        raise BadDecision("provider", _("事業者か方式を選んでください。"))
    if provider and provider not in connected_providers():
        raise BadDecision("provider", _("%(provider)s という事業者はありません。") % {"provider": provider})
    if channel and channel not in CHANNELS:
        raise BadDecision("channel", _("%(channel)s という方式はありません。") % {"channel": channel})


def _sentences(sentence: str, english: str) -> dict[str, str]:
    said = {"sentence": sentence.strip(), "english": english.strip()}
    if not said["sentence"]:
        raise BadDecision("sentence", _("お客さまに見せる文を入れてください。"))
    for field, text in said.items():
        if len(text) > LONGEST_SENTENCE:
            raise BadDecision(field, _("文は%(most)s文字までです。") % {"most": LONGEST_SENTENCE})
        if invisible_in_line(text):
            raise BadDecision(field, _("文は1行で、見える文字だけで書いてください。"))
    return said


def _end(ends_at: datetime | None, after: datetime) -> datetime | None:
    if ends_at is not None and ends_at <= after:
        raise BadDecision("ends_at", _("終わりは、いまと始まりより後の日時にしてください。"))
    return ends_at


def _forget_afterwards() -> None:
    """This process sees it at once, the others within five seconds; also where the act is part of a transaction."""
    forget_decisions()
    transaction.on_commit(forget_decisions)
