"""Mail outbox for movers: a row written in the transaction that it tells of, and sent later by lease."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.mover.models import Book


class MailKind(models.TextChoices):
    """The event that a mail tells of. The label is the name that its subject and pages give it."""

    REGISTRATION = "registration", _("申込登録のお知らせ")
    MAILBOX_CODE = "mailbox_code", _("メールアドレス確認のお願い")
    ACCESS_KEY = "access_key", _("アクセスキーのお知らせ")
    EMAIL_CHANGED = "email_changed", _("メールアドレス変更のお知らせ")
    KEY_LINK = "key_link", _("新しいアクセスキーのご案内")
    KEY_RENEWED = "key_renewed", _("新しいアクセスキーのお知らせ")
    ERASURE = "erasure", _("れんらく帳を消したお知らせ")
    SENT = "sent", _("送信のお知らせ")
    ACCEPTANCE = "acceptance", _("受理のお知らせ")
    RETURN = "return", _("差戻しのお知らせ（もう一度お送りください）")
    UNDELIVERED = "undelivered", _("未達のお知らせ（お電話でご連絡ください）")
    HELD = "held", _("送る前に確かめているお知らせ")
    NOT_SENT = "not_sent", _("送らなかったお知らせ（お電話でご連絡ください）")
    NOT_ANSWERED = "not_answered", _("返事がまだないお知らせ（お電話でご確認ください）")
    NOT_FINISHED = "not_finished", _("手続がお済みかどうかのおたずね")
    HOLDER = "holder", _("ご契約者の確認のお願い")
    POSTCARD_STOP = "postcard_stop", _("前のご住所からのお申し出で止めたお知らせ")
    OPENED_BY_BUREAU = "opened_by_bureau", _("事務局が連絡の内容を開くことのお知らせ")
    OPENED_WITH_CODE = "opened_with_code", _("事務局が連絡の内容を開いたお知らせ")
    WITHDRAWAL_UNDELIVERED = "withdrawal_undelivered", _("取消の未達のお知らせ（お電話でご連絡ください）")


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
        indexes = [
            *LeasedRow.Meta.indexes,
            models.Index(fields=["sent_at"], name="mail_sent"),
            models.Index(fields=["gave_up_at"], name="mail_given_up", condition=models.Q(gave_up_at__isnull=False)),
        ]
