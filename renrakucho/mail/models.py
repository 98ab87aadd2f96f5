"""Mail outbox for movers: a row written in the transaction that it tells of, and sent later by lease."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.mover.models import Book


class MailKind(models.TextChoices):
    """The event that a mail tells of."""

    REGISTRATION = "registration", _("申込登録通知メール")
    ACCEPTANCE = "acceptance", _("受理確認メール")
    RETURN = "return", _("差戻しのお知らせ")
    UNDELIVERED = "undelivered", _("未達のお知らせ")
    WITHDRAWAL_UNDELIVERED = "withdrawal_undelivered", _("取消の未達のお知らせ")


class Mail(LeasedRow):
    """Recipient and text are sealed with the book's key, and deleted once the mail was handed to the mail server."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=30, choices=MailKind.choices)
    about = models.UUIDField()  # the id of a notice, or of the book itself
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    class Meta(LeasedRow.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MailKind.values), name="mail_kind_known"),
            models.UniqueConstraint(fields=["kind", "about"], name="mail_once"),
        ]
