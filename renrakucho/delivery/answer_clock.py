"""Answer clock: escalation of notices that have no answer yet. The desk is told first, then the operator, then the
mover, in time to telephone.

What was told is a row, unique for each notice and step, written in one transaction with the mover's mail under the lock
that an answer needs too: nobody is told twice, and nobody after 受理. Time goes by the database's clock.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from renrakucho.delivery.models import AnswerReminder, ReminderStep
from renrakucho.lib.database_clock import database_now, is_clock_right
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.models import MailKind
from renrakucho.notice.models import AWAITING_ANSWER, NO_TRIAL, Notice, Status
from renrakucho.notice.notice_form import set_answer_due
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.provider_actions import mail_mover_about
from renrakucho.receipt.transitions import locked_notice
from renrakucho.sheet.form import CARRIED

log = logging.getLogger(__name__)

DESK_AHEAD = timedelta(hours=5)  # the desk hears of it in the morning of the day
_BATCH = 100


@dataclass(frozen=True)
class EscalationStep:
    """step: who is told. column, ahead: when: so long before that moment of the notice. statuses: while it stands so.

    carried: also what the mover's own browser carries, where no desk is asked.
    """

    step: ReminderStep
    column: str
    ahead: timedelta
    statuses: tuple[Status, ...]
    carried: bool

    def due(self, now: datetime) -> Q:
        """SQL condition: the notice has come to this step."""
        reached = Q(status__in=self.statuses, **{f"{self.column}__lte": now + self.ahead})
        return reached if self.carried else reached & ~Q(channel=CARRIED)


# The whole escalation: who, when, and at which statuses. In this order.
ESCALATION = (
    EscalationStep(ReminderStep.DESK, "answer_due_at", DESK_AHEAD, (Status.SENT,), carried=False),
    EscalationStep(ReminderStep.OPERATOR, "answer_due_at", timedelta(0), AWAITING_ANSWER, carried=False),
    EscalationStep(ReminderStep.MOVER, "phone_at", timedelta(0), (*AWAITING_ANSWER, Status.HANDED_OVER), carried=True),
)


def remind_of_answers(*, now: datetime | None = None) -> int:
    """Take every step that is due, for some notices. Returns how many steps. While the clocks differ, none is taken."""
    if not is_clock_right():
        return 0
    now = now or database_now()
    _fill_missing_moments(now)
    ids = list(_notices_with_due_step(now).order_by("answer_due_at").values_list("id", flat=True)[:_BATCH])
    return sum(_isolated(_remind, notice_id, now) for notice_id in ids)


def _isolated(take: Callable[[UUID, datetime], int], notice: UUID, now: datetime) -> int:
    """One notice that fails, whatever the error, keeps nobody else from being told."""
    try:
        return take(notice, now)
    except Exception as error:
        log.error("notice %s: nobody could be reminded: %s", notice, type(error).__name__)
        return 0


def _notices_with_due_step(now: datetime) -> QuerySet[Notice]:
    steps = Q(pk=None)
    for each in ESCALATION:
        told = AnswerReminder.objects.filter(notice=OuterRef("pk"), step=each.step)
        steps |= each.due(now) & Q(~Exists(told))
    return Notice.objects.filter(steps, NO_TRIAL, ~Exists(_own_words()), answer_due_at__lte=now + DESK_AHEAD)


def _own_words() -> QuerySet[Receipt]:
    """The mover has noted that it is done: nobody asks any more. An earlier word that was taken back counts too: then
    the mover knows how it stands.
    """
    return Receipt.objects.filter(notice=OuterRef("pk"), kind=ReceiptKind.OWN_WORD)


def _remind(notice_id: UUID, now: datetime) -> int:
    with transaction.atomic():
        notice = locked_notice(Notice(id=notice_id))
        told = set(AnswerReminder.objects.filter(notice=notice).values_list("step", flat=True))
        taken = 0
        for each in ESCALATION:
            is_due = Notice.objects.filter(each.due(now), ~Exists(_own_words()), id=notice.id).exists()
            if is_due and each.step not in told:
                AnswerReminder.objects.create(notice=notice, step=each.step, told_at=now)
                taken += 1
                if each.step == ReminderStep.MOVER:
                    _mail_mover(notice)
        return taken


def _mail_mover(notice: Notice) -> None:
    is_carried = notice.status == Status.HANDED_OVER
    try:
        mail_mover_about(notice, MailKind.NOT_FINISHED if is_carried else MailKind.NOT_ANSWERED)
    except SealBroken:  # the row stays: it would fail at every run
        log.error("notice %s: no mail could be written", notice.id)


def _fill_missing_moments(now: datetime) -> None:
    """Notices from before there was this clock: their day is sealed, so that no migration could read it."""
    open_ones = (*AWAITING_ANSWER, Status.HANDED_OVER)
    missing = Notice.objects.filter(status__in=open_ones, answer_due_at=None, written_at__isnull=False)
    for notice_id in missing.order_by("id").values_list("id", flat=True)[:_BATCH]:
        _isolated(_fill, notice_id, now)


def _fill(notice_id: UUID, now: datetime) -> int:
    with transaction.atomic():
        notice = locked_notice(Notice(id=notice_id))
        set_answer_due(notice, notice.written_at or now)
    return 1
