"""Operator resend: notices, and withdrawals, that were given up or wait are delivered again; a notice also by another
channel.

The idempotency key stays the notice's own, so that a receiver that heeds it has nothing twice. What would come after
its day is left out: a notice that arrives too late is worse than one whose mover telephones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.delivery_task import NOT_THERE, pending_task
from renrakucho.delivery.models import DeliveryLane
from renrakucho.lib.database_clock import database_now
from renrakucho.lib.errors import Conflict
from renrakucho.lib.lease import make_due
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.mover_mail import allow_next_failure_mail
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_day, frozen_form, set_answer_due
from renrakucho.notice.operator_acts import lane_name
from renrakucho.provider.audit_log import AuditAction, log_operation
from renrakucho.provider.staff import Staff
from renrakucho.receipt.evidence import ChannelEvidence
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.transitions import locked_notice, record_receipt
from renrakucho.sheet.form import CARRIED

MOST_AT_ONCE = 1_000  # notices of one act
_GIVEN_UP, _WAITS = "given up", "waits"
_WAITING = (Status.ENTERED, Status.WITHDRAWN)
SWITCHABLE = (Status.ENTERED, Status.UNDELIVERED)


class CannotSwitch(Conflict):
    """The notice cannot go by that channel now. reason: «in_flight», «no_such_channel» or «not_waiting»."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ResendScope:
    """Which notices: the empty parts leave all in. since, until: of the last thing that happened to a notice."""

    number: str = ""
    provider: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def rows(self) -> QuerySet[Notice]:
        """The notices, and withdrawals, that were given up or wait, the oldest first."""
        given = {"number": self.number, "provider": self.provider, "channel": self.channel}
        waits = Q(status=Status.UNDELIVERED) | Q(status__in=_WAITING, due_at__isnull=False)
        waits |= Q(status=Status.WITHDRAWN) & _withdrawal_given_up()
        found = Notice.objects.filter(waits, **{name: text for name, text in given.items() if text})
        found = found.exclude(channel=CARRIED).annotate(happened_at=Max("receipts__recorded_at"))
        if self.since:
            found = found.filter(happened_at__gte=self.since)
        if self.until:
            found = found.filter(happened_at__lt=self.until)
        return found.select_related("book").order_by("id")


@dataclass(frozen=True)
class ResendPlan:
    """The numbers of what is, or would be, sent again, and of what is left out.

    given_up: undelivered, entered again. waiting: due at once instead of later. in_flight: being sent right now.
    too_late: the day has passed. unreadable: the form does not open. more: there are more than one act takes.
    withdrawals: those of the first two that are words of a withdrawal.
    """

    given_up: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    in_flight: list[str] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    more: bool = False
    withdrawals: list[str] = field(default_factory=list)


def plan_resend(scope: ResendScope, *, even_late: bool = False) -> ResendPlan:
    """Dry run: what `resend_notices` would do now. Nothing is changed."""
    return _sorted_out(list(scope.rows()[: MOST_AT_ONCE + 1]), database_now(), even_late)[0]


def resend_notices(actor: Staff | None, scope: ResendScope, *, even_late: bool = False) -> ResendPlan:
    """Deliver them again, each in a transaction of its own with its receipt and audit row, and let the circuit breakers
    that hold them probe at once. Pressed twice, it does the rest. even_late: the operator was warned that the day of
    some has passed. Returns what was done.
    """
    now = database_now()
    plan, chosen = _sorted_out(list(scope.rows()[: MOST_AT_ONCE + 1]), now, even_late)
    done = ResendPlan(in_flight=plan.in_flight, too_late=plan.too_late, unreadable=plan.unreadable, more=plan.more)
    for notice in chosen:
        _add(done, notice, _resend(actor, notice))
    for provider, channel in {(notice.provider, notice.channel) for notice in chosen}:
        DeliveryLane.objects.filter(provider=provider, channel=channel).update(paused_until=None)
    return done


def channels_to_switch(notice: Notice) -> list[str]:
    """The other channels that the connection of the notice's provider has, and that can send it."""
    connection = connection_of(notice.provider)
    if connection is None or notice.carried:
        return []
    # The sheet's own channel is that of the desk, which takes what no table of connections.toml does.
    desk = [frozen_form(notice).channel] if connection.desk and notice.filled else []
    there = dict.fromkeys([*connection.tables, *desk])
    others = [name for name in there if name != notice.channel and CHANNELS[name].send]
    is_kept = bool(notice.filled) and frozen_form(notice).confidential
    return [name for name in others if CHANNELS[name].confidential or not is_kept]


def may_have_arrived(notice: Notice) -> bool:
    """Whether an attempt by the present channel may have arrived: then the provider may get it by two ways."""
    return notice.attempts_made.exclude(outcome__in=NOT_THERE).exists()


def switch_channel(actor: Staff | None, notice: Notice, channel: str) -> bool:
    """Send the notice by another channel of its provider. False: it goes by that one already. Raises CannotSwitch."""
    with transaction.atomic():
        notice = locked_notice(notice)
        if notice.channel == channel:
            return False
        if notice.status not in SWITCHABLE:
            raise CannotSwitch("not_waiting")
        if channel not in channels_to_switch(notice):
            raise CannotSwitch("no_such_channel")
        if _is_in_flight(notice):
            raise CannotSwitch("in_flight")
        ways = f"{notice.channel} → {channel}"
        record_receipt(notice, ReceiptKind.RETRIED, ChannelEvidence(ways))
        allow_next_failure_mail(notice.id)
        notice.channel = channel
        notice.save(update_fields=["channel"])
        make_due(notice)
        about = lane_name(notice.provider, channel)
        log_operation(actor, AuditAction.SWITCHED, about=about, said=ways, numbers=[notice.number])
    return True


def _sorted_out(found: Sequence[Notice], now: datetime, even_late: bool) -> tuple[ResendPlan, list[Notice]]:
    plan = ResendPlan(more=len(found) > MOST_AT_ONCE)
    chosen = list(_chosen(found[:MOST_AT_ONCE], plan, now, even_late))
    for notice in chosen:
        _add(plan, notice, resend_standing(notice))
    return plan, chosen


def _add(plan: ResendPlan, notice: Notice, standing: str) -> None:
    if standing:
        (plan.given_up if standing == _GIVEN_UP else plan.waiting).append(notice.number)
        if notice.status == Status.WITHDRAWN:
            plan.withdrawals.append(notice.number)


def resend_standing(notice: Notice) -> str:
    """How what could be sent again stands, the notice or the word of its withdrawal: «given up» or «waits»; empty:
    there is nothing to send.
    """
    if notice.status == Status.UNDELIVERED:
        return _GIVEN_UP
    if notice.status == Status.WITHDRAWN and notice.due_at is None:
        given_up = Notice.objects.filter(_withdrawal_given_up(), id=notice.id).exists()
        return _GIVEN_UP if given_up else ""
    return _WAITS if notice.status in _WAITING and notice.due_at and pending_task(notice) else ""


def _withdrawal_given_up() -> Q:
    """SQL condition of notices: their provider could not be told of the withdrawal."""
    told = Receipt.objects.filter(notice=OuterRef("pk"))
    failed, arrived = ReceiptKind.WITHDRAWAL_UNDELIVERED, ReceiptKind.WITHDRAWAL_SENT
    return Q(Exists(told.filter(kind=failed)), ~Exists(told.filter(kind=arrived)))


def _chosen(found: Sequence[Notice], plan: ResendPlan, now: datetime, even_late: bool) -> Iterator[Notice]:
    for notice in found:
        try:
            on = frozen_day(notice)
        except SealBroken:
            plan.unreadable.append(notice.number)
            continue
        if on and on < timezone.localdate(now) and not even_late:
            plan.too_late.append(notice.number)
        elif _is_in_flight(notice):
            plan.in_flight.append(notice.number)
        elif (standing := resend_standing(notice)) == _GIVEN_UP or (standing and notice.due_at and notice.due_at > now):
            yield notice


def _resend(actor: Staff | None, notice: Notice) -> str:
    """Deliver one again. Returns how it stood before; empty: it was answered, withdrawn or sent meanwhile."""
    with transaction.atomic():
        chosen, notice = notice, locked_notice(notice)
        standing = resend_standing(notice)
        is_another = (chosen.status == Status.WITHDRAWN) != (notice.status == Status.WITHDRAWN)
        if not standing or is_another or _is_in_flight(notice):
            return ""
        if standing == _GIVEN_UP:
            record_receipt(notice, ReceiptKind.RETRIED)
            allow_next_failure_mail(notice.id)
            if notice.status != Status.WITHDRAWN:
                set_answer_due(notice, database_now())
        make_due(notice)
        about = lane_name(notice.provider, notice.channel)
        log_operation(actor, AuditAction.RETRIED, about=about, numbers=[notice.number])
    return standing


def _is_in_flight(notice: Notice) -> bool:
    """Whether somebody has it in hand: a worker, a modem, or a file that is being written."""
    if notice.leased_until and notice.leased_until > database_now():
        return True
    last = notice.attempts_made.order_by("ordinal").last()
    is_under_way = last is not None and last.outcome == OutcomeKind.UNDER_WAY
    return notice.status == Status.ENTERED and is_under_way and bool(last and last.reference)
