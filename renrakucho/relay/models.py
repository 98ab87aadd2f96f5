"""State of the exchange with peer portals: when each is polled again, and every receipt received from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.notice.models import Notice


class PollKind(models.TextChoices):
    """The questions that a peer portal is polled with."""

    PROVIDERS = "providers", _("つながっている事業者")
    RECEIPTS = "receipts", _("事業者の返事")


class PollState(LeasedRow):
    """One poll of one peer portal, repeated by lease.

    after, since_at: where to go on, a receipt_pull.PullCursor. answered_at: when it last answered; failed: why it did
    not after that, or empty.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    portal = models.CharField(max_length=20)
    question = models.CharField(max_length=10, choices=PollKind.choices)
    after = models.CharField(max_length=80, blank=True, default="")
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
    """One receipt of a peer portal's, by its idempotency key there: recorded once, however often it is sent.

    notice: None where that portal has no such notice from here. recorded: whether it became a receipt here; an invalid
    transition did not, and `evidence` (sealed with the book's key) keeps its content.
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
