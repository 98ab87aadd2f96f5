"""A receipt: one proof of what happened to a notice. Append-only."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_link import AppendOnlyRow
from renrakucho.provider.staff import Staff


class ReceiptKind(models.TextChoices):
    """The event that a receipt proves."""

    ENTERED = "entered", _("お客さまが確認して送信を頼みました")
    HANDED_OVER = "handed_over", _("お客さまの画面から事業者のサイトへ引き継ぎました")
    OWN_WORD = "own_word", _("「手続を終えた」とお客さまが記録しました")
    SENT = "sent", _("事業者に届けました")
    OPENED = "opened", _("事業者が開きました")
    TAKEN = "taken", _("事業者が印刷または書き出しました")
    ACCEPTED = "accepted", _("事業者が受理しました")
    RETURNED = "returned", _("事業者が差し戻しました")
    UNDELIVERED = "undelivered", _("届けられませんでした")
    ASKED_AGAIN = "asked_again", _("事業者がもう一度届けるよう求めました")
    RETRIED = "retried", _("もう一度送ることにしました")
    REPLACED = "replaced", _("新しい内容に差し替えました")
    WITHDRAWN = "withdrawn", _("お客さまが取り消しました")
    WITHDRAWAL_SENT = "withdrawal_sent", _("取消を事業者に届けました")
    WITHDRAWAL_UNDELIVERED = "withdrawal_undelivered", _("取消を事業者に届けられませんでした")


class ReceiptAuthor(models.TextChoices):
    """Whose word a receipt is."""

    MOVER = "mover", _("お客さま")
    PROVIDER = "provider", _("事業者")
    PORTAL = "portal", _("引越れんらく帳")


class Receipt(AppendOnlyRow):
    """`detail` (sealed with the book's key): the evidence, as receipt.evidence stores it."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="receipts")
    kind = models.CharField(max_length=30, choices=ReceiptKind.choices)
    by = models.CharField(max_length=10, choices=ReceiptAuthor.choices)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    detail = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ReceiptKind.values), name="receipt_kind_known"),
            models.CheckConstraint(condition=models.Q(by__in=ReceiptAuthor.values), name="receipt_by_known"),
            # 受理 is the provider's word alone, whatever the code above thinks.
            models.CheckConstraint(
                condition=~models.Q(kind=ReceiptKind.ACCEPTED) | models.Q(by=ReceiptAuthor.PROVIDER),
                name="receipt_accepted_by_provider",
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=models.Q(kind=ReceiptKind.ACCEPTED), name="receipt_accepted_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "recorded_at"], name="receipt_by_hour")]


class Disavowal(models.Model):
    """A mailbox's owner reported that a registration was not theirs. It outlives the book, and says nothing of anybody.

    report_hash: of the mailed link. notices: how many of the book's had been confirmed; of these, withdrawn: stopped
    now; accepted: the provider's word was there before, and only the provider can undo it.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    report_hash = models.CharField(max_length=64, unique=True)
    reported_at = models.DateTimeField()
    was_proved = models.BooleanField()
    notices = models.PositiveSmallIntegerField()
    withdrawn = models.PositiveSmallIntegerField()
    accepted = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-reported_at"], name="disavowal_newest")]


class BureauOpening(models.Model):
    """A request of somebody at the bureau to read one notice, and its approval, by another one or by the mover's code
    (receipt.bureau_opening).

    reason: says nothing of the mover. ends_at: until when it can be approved; once approved, until when it can be read.
    ended_at: when its mover ended it before that.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="bureau_openings")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    by_code = models.BooleanField(default=False)
    ends_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two people, or the mover, whatever the code above thinks.
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("asked_by")),
                name="opening_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None, by_code=False)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, by_code=False)
                | models.Q(approved_by=None, approved_at__isnull=False, by_code=True),
                name="opening_approved_one_way",
            ),
        ]

    def is_over(self, now: datetime) -> bool:
        """Whether it can be neither approved nor read any more."""
        return self.ends_at <= now


class OpeningCode(models.Model):
    """A code by which a mover lets the bureau open one notice of the book; a book has one at most. tries: how often
    one was typed that was said to be it.
    """

    book = models.OneToOneField(Book, on_delete=models.CASCADE, primary_key=True, related_name="opening_code")
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)


class EventFeed(models.Model):
    """Feed of events for one reader (receipt.event_feed). Its row is the lock under which they are numbered;
    last_number: the last that was given, 0 before the first.
    """

    name = models.CharField(max_length=80, primary_key=True)
    last_number = models.BigIntegerField(default=0)


class FeedEvent(models.Model):
    """A receipt in the feed of one reader. number: its place there, given when it is first read; null before.

    The row outlives its receipt, so that the cursor that names it stays known.
    """

    id = models.BigAutoField(primary_key=True)
    feed = models.CharField(max_length=80)
    receipt = models.ForeignKey(
        Receipt, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="feed_events"
    )
    number = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "number"], name="feed_event_number"),
            models.UniqueConstraint(fields=["feed", "receipt"], name="feed_event_once"),
        ]
        indexes = [
            models.Index(fields=["feed", "id"], name="feed_event_new", condition=models.Q(number__isnull=True)),
        ]
