"""Delivery attempts, batches, lanes, addresses under verification, and the evidence of notices that were erased.

An attempt is stored before it is made, so that it is known what was under way when a worker died.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.channel.answer_summary import LONGEST_SUMMARY
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.notice.models import Notice


class DeliveryBatch(models.Model):
    """Notices that a channel sends to a provider at once; `serial` counts from 1 for each provider."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64)
    serial = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "serial"], name="lot_once")]


class Attempt(models.Model):
    """One attempt to send a notice, or word of its withdrawal (`withdrawal`).

    outcome: a value of OutcomeKind; empty until it is known. reference: under which the channel knows what is under
    way. evidence (sealed with the book's key): the outside world's own answer; answer: what an operator may read of it
    (`summarize_answer`). recorded_at: when the outcome came.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts_made")
    ordinal = models.PositiveIntegerField()
    withdrawal = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    evidence = models.BinaryField(null=True)
    answer = models.CharField(max_length=LONGEST_SUMMARY, blank=True, default="")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "ordinal"], name="attempt_once"),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="attempt_recorded")]


class ErasedNotice(models.Model):
    """The evidence that stays of a notice whose book was erased: nothing of its mover, and nothing that was told.

    The columns up to status are as the notice had them. receipts: kind, author and moment of each, in their order;
    tried_at: its first attempt.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=12, unique=True)
    provider = models.CharField(max_length=64, blank=True)
    industry = models.CharField(max_length=20)
    procedure = models.CharField(max_length=10)
    channel = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20)
    receipts = models.JSONField()
    tried_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(db_index=True)


class DeliveryLane(models.Model):
    """One lane: the notices to one provider by one channel. A row is locked while notices are claimed from it.

    failures: pushes in a row that reached nobody; first_failed_at: when the first of these failed. paused_until: until
    then the circuit breaker is open. served_at: when a notice was last claimed from it, for fairness. last_failed: the
    latest attempt that did not arrive, whatever the reason.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    failures = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    last_failed = models.ForeignKey(Attempt, on_delete=models.SET_NULL, null=True, related_name="+")

    @property
    def key(self) -> tuple[str, str]:
        return self.provider, self.channel

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "channel"], name="lane_once")]


class ReminderStep(models.TextChoices):
    """Who is told that a notice has no answer, in this order."""

    DESK = "desk", _("受付窓口")
    OPERATOR = "operator", _("事務局")
    MOVER = "mover", _("お客さま")


class AnswerReminder(models.Model):
    """One step of a notice's escalation that was taken: once, whatever the number of workers."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=10, choices=ReminderStep.choices)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "step"], name="reminder_once"),
            models.CheckConstraint(condition=models.Q(step__in=ReminderStep.values), name="reminder_step_known"),
        ]
        indexes = [models.Index(fields=["step", "told_at"], name="reminder_told")]


class VerifiedAddress(models.Model):
    """An address at a provider that a test page went to; verified at `proved_at`, when its office read the code back.

    address: as the channel writes it; a changed address is another one, and unverified. page: the key of the latest
    test page. wrong: how many wrong codes were given since then. outcome, reference, evidence: of sending the page.
    Nothing here is a mover's.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    page = models.UUIDField()
    code_hash = models.CharField(max_length=64, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    evidence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "channel", "address"], name="address_tried_once"),
        ]
