"""A notice: one procedure asked of one provider, made from one book."""

from hashlib import sha256

from django.db import models
from django.utils.translation import pgettext_lazy

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.mover.models import Book
from renrakucho.notice.operator_decisions import OperatorDecision
from renrakucho.notice.postcard import Postcard, PostcardBatch
from renrakucho.sheet.form import CARRIED

__all__ = [
    "AWAITING_ANSWER",
    "NO_TRIAL",
    "TRIAL_OFFER",
    "Destination",
    "HolderState",
    "Listing",
    "LoginState",
    "Notice",
    "OperatorDecision",
    "PeerOrigin",
    "Postcard",
    "PostcardBatch",
    "Procedure",
    "SendingHold",
    "SheetVersion",
    "Status",
]


class Status(models.TextChoices):
    """Where a notice stands: what its receipts add up to. Only record_receipt writes it, by the transition table."""

    NOT_ENTERED = "not_entered", pgettext_lazy("status", "未入力")
    ENTERED = "entered", pgettext_lazy("status", "入力済")
    HANDED_OVER = "handed_over", pgettext_lazy("status", "引継中")
    SENT = "sent", pgettext_lazy("status", "送信済")
    ACCEPTED = "accepted", pgettext_lazy("status", "受理")
    RETURNED = "returned", pgettext_lazy("status", "差戻し")
    UNDELIVERED = "undelivered", pgettext_lazy("status", "未達")
    WITHDRAWN = "withdrawn", pgettext_lazy("status", "取消")

    @property
    def awaits_answer(self) -> bool:
        """Whether the provider has to answer next: the notice is on its way to it, or has arrived."""
        return self in AWAITING_ANSWER


TRIAL_OFFER = "trial:"  # begins the offer of a notice that an operator sent to try a provider's channel
NO_TRIAL = ~models.Q(offer__startswith=TRIAL_OFFER)
AWAITING_ANSWER = (Status.ENTERED, Status.SENT)


class Procedure(models.TextChoices):
    """The codes and labels of sheet.procedure, as a column's choices."""

    STOP = "stop", pgettext_lazy("procedure", "停止")
    START = "start", pgettext_lazy("procedure", "開始")
    CHANGE = "change", pgettext_lazy("procedure", "住所変更")
    MOVE = "move", pgettext_lazy("procedure", "停止と開始")


class HolderState(models.TextChoices):
    """Whether the holder of the contract, who is not the mover, has confirmed the notice; empty: the mover holds it."""

    WAITS = "waits", pgettext_lazy("holder", "確認を待っている")
    CONFIRMED = "confirmed", pgettext_lazy("holder", "確認した")
    WAIVED = "waived", pgettext_lazy("holder", "確認していない")


class LoginState(models.TextChoices):
    """Whether the identity login that the provider asks for was made; empty: it asks for none."""

    WAITS = "waits", pgettext_lazy("login", "ログインを待っている")
    PROVED = "proved", pgettext_lazy("login", "ログインで確かめた")


class Notice(LeasedRow):
    """A draft until it is written; from then on `filled` never changes, and a change is a new notice.

    provider: slug of a connected provider; empty where it is only listed, and the mover tells it. offer: the key of the
    offer it was chosen by; one notice a book and offer, those that are withdrawn aside. draft (sealed): a NoticeDraft;
    filled (sealed): the frozen FilledSheet, whose key is `sheet`. answer_due_at: by when its provider should have
    answered; phone_at: when its mover is asked to telephone instead. origin_hash: keyed hash of the address left;
    held_at: since when people hold it at a sudden rise (notice.sending_hold). holder: where the contract's holder is
    another adult than the mover, whether they confirmed it. login: where the provider asks for an identity login,
    whether there is one; login_proof: what it proved, where that came after the form was frozen (notice.login_state).
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    number = models.CharField(max_length=12, unique=True)  # on paper, on the phone; says nothing of its mover
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="notices")
    industry = models.CharField(max_length=20)
    procedure = models.CharField(max_length=10, choices=Procedure.choices)
    provider = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    offer = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_ENTERED)
    replaces = models.OneToOneField("self", on_delete=models.CASCADE, null=True, related_name="replaced_by")
    draft = models.BinaryField()
    sheet = models.CharField(max_length=120, blank=True)
    filled = models.BinaryField(null=True)
    return_hash = models.CharField(max_length=64, null=True, unique=True)
    return_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    phone_at = models.DateTimeField(null=True)
    origin_hash = models.CharField(max_length=64, blank=True, default="")
    held_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=10, choices=HolderState.choices, blank=True, default="")
    login = models.CharField(max_length=10, choices=LoginState.choices, blank=True, default="")
    login_proof = models.JSONField(null=True)

    @property
    def carried(self) -> bool:
        """Whether the mover's own browser carries it."""
        return self.channel == CARRIED

    class Meta(LeasedRow.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="notice_status_known"),
            models.CheckConstraint(condition=models.Q(procedure__in=Procedure.values), name="notice_procedure_known"),
            models.UniqueConstraint(
                fields=["book", "offer"], condition=~models.Q(status=Status.WITHDRAWN), name="notice_once_a_book"
            ),
        ]
        indexes = [
            *LeasedRow.Meta.indexes,
            models.Index(fields=["provider", "status", "written_at", "id"], name="notice_desk"),
            models.Index(
                fields=["provider", "channel", "due_at"],
                name="notice_lane_due",
                condition=models.Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["answer_due_at"],
                name="notice_answer_due",
                condition=models.Q(status__in=(Status.ENTERED, Status.SENT, Status.HANDED_OVER)),
            ),
            models.Index(fields=["leased_until"], name="notice_leased", condition=models.Q(leased_until__isnull=False)),
            models.Index(fields=["status", "provider", "written_at"], name="notice_by_status"),
            models.Index(fields=["written_at"], name="notice_written"),
            models.Index(fields=["held_at"], name="notice_held", condition=models.Q(held_at__isnull=False)),
        ]


class SendingHold(models.Model):
    """A hold on what has not left yet: for a provider, for one address left (keyed hash), or for both; empty: every."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64, blank=True)
    origin_hash = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "origin_hash"], name="hold_once"),
            models.CheckConstraint(condition=~models.Q(provider="", origin_hash=""), name="hold_of_something"),
        ]


class PeerOrigin(models.Model):
    """The origin of a notice that a mover wrote at a peer portal. Such a mover has no book here, and hears from that
    portal what happens.

    portal: the peer's short name here. number: the notice's number there; key: the idempotency key under which it was
    handed over. notice: None where it was withdrawn or replaced there before it came; it is not accepted any more.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    portal = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, null=True, related_name="origin")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["portal", "number"], name="origin_once")]


class Listing(models.Model):
    """A peer portal's listing of the providers connected there: one row for each different text.

    text: its document, to the letter. confirmed_at: when it last sent this text; the row confirmed last is valid.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    portal = models.CharField(max_length=20)
    text = models.TextField()
    fetched_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["portal", "confirmed_at"], name="listing_latest")]


class SheetVersion(models.Model):
    """One version of a sheet. key: as Sheet.key, which Notice.sheet holds; text: the TOML file, or a peer's JSON
    document, to the letter.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    text = models.TextField()
    loaded_at = models.DateTimeField()

    @property
    def fingerprint(self) -> str:
        """The first twelve digits of the text's SHA-256: enough to compare by eye."""
        return sha256(self.text.encode()).hexdigest()[:12]


class Destination(models.Model):
    """The destination of a provider's notices that is in force, and a change that waits (notice.destination).

    provider: its slug, or `peers.<slug>` for a portal. in_force, pending: keyed hashes of the connection; pending is
    empty where nothing waits. first_by: who confirmed it first. matures_at: the end of the cooling-off; None: nobody
    could be told, and there is none.
    """

    provider = models.CharField(max_length=64, primary_key=True)
    in_force = models.CharField(max_length=64)
    pending = models.CharField(max_length=64, blank=True, default="")
    found_at = models.DateTimeField(null=True)
    matures_at = models.DateTimeField(null=True)
    first_by = models.CharField(max_length=80, blank=True, default="")
