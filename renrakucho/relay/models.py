"""What is remembered of other portals: when each is asked again, and every word that was heard from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.notice.models import Notice


class PollKind(models.TextChoices):
    """What a portal is asked."""

    PROVIDERS = "providers", _("つながっている事業者")
    RECEIPTS = "receipts", _("事業者の返事")


class PollState(LeasedRow):
    """One question to one portal, asked again and again.

    since_at: receipts from then on are still to be heard. answered_at: when it last answered; failed: why it did not
    after that, or empty.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    portal = models.CharField(max_length=20)
    question = models.CharField(max_length=10, choices=PollKind.choices)
    since_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta(LeasedRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["portal", "question"], name="round_once"),
            models.CheckConstraint(condition=models.Q(question__in=PollKind.values), name="round_question_known"),
        ]


class ReceivedReceipt(models.Model):
    """One receipt of another portal's, by its key there: heard once, however often it is said.

    notice: None where there is no such notice of that portal's. recorded: whether it became a receipt here; one that
    came out of turn did not, and `evidence` (sealed with the book's key) keeps what it said.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    portal = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="heard")
    kind = models.CharField(max_length=40)
    recorded = models.BooleanField()
    evidence = models.BinaryField(null=True)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "key"], name="heard_once")]
