"""The tables of books. Everything personal in them is sealed with the book's own key."""

from uuid import UUID

from django.db import models

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.lease import LeasedRow
from renrakucho.mover.entries import MoveEntries


class Book(models.Model):
    """One move of one mover. A draft until it is registered.

    mailbox_proved_at: since when it is known that whoever has this book reads its mail address; None: it is not known,
    and nothing leaves for a provider. pending_key (sealed): the access key, until its mover was shown it. disavowed_at:
    when the owner of the mailbox reported that the registration is not theirs; nobody opens the book after that.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    wrapped_key = models.BinaryField()  # the book's key; without it nothing can be read again
    key_period = models.PositiveIntegerField(null=True)  # the week whose key wraps it (lib.period_keyring)
    entries = models.BinaryField()
    email_hash = models.CharField(max_length=64, blank=True, default="")
    access_key_hash = models.CharField(max_length=64, null=True, unique=True)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    mailbox_proved_at = models.DateTimeField(null=True)
    erase_at = models.DateTimeField(null=True)  # when retention looks at it again; None: not computed yet
    erasure_requested_at = models.DateTimeField(null=True)  # its mover deleted it: nobody opens it any more
    pending_key = models.BinaryField(null=True)
    disavowed_at = models.DateTimeField(null=True)
    sessions_ended = models.PositiveIntegerField(default=0)  # how often all openings but one were closed

    # What mover.book has opened of this row, in memory alone: the key, and the entries, each with what it was made of.
    opened_key: tuple[tuple[bytes, bytes | None, UUID], bytes] | None = None
    opened_entries: tuple[bytes | memoryview, MoveEntries] | None = None

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(registered_at=None), name="book_drafts"),
            models.Index(fields=["email_hash"], name="book_email"),
            models.Index(fields=["key_period"], name="book_key_period"),
            models.Index(fields=["erase_at"], name="book_erase_at"),
            models.Index(
                fields=["erasure_requested_at"],
                name="book_erasure_requested",
                condition=models.Q(erasure_requested_at__isnull=False),
            ),
        ]


class BookOpening(models.Model):
    """One opening of a book in a browser, which its mover sees. device: a DeviceKind, and nothing that names one.
    closed_at: when it was closed there, or from another one; None: it is open, or closed by itself after a while.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="openings")
    device = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class BookMailbox(models.Model):
    """A mail address that a book has, or had, and what was mailed to it. Only keyed hashes are kept.

    report_hash: of the link by which the mailbox's owner stops the book. code_hash, link_hash: of the code and the link
    that prove it, open until code_until; empty where others were mailed since. tries: how often the code was entered.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="mailboxes")
    email_hash = models.CharField(max_length=64)
    report_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True, default="")
    link_hash = models.CharField(max_length=64, null=True, unique=True)
    code_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "email_hash"], name="mailbox_once_a_book")]


class HolderWord(models.Model):
    """The word of a contract holder who is not the mover, for one name of a holder (`name_hash`, keyed).

    link_hash: of the mailed link by which they answer, good until link_until. confirmed_at, refused_at: what they
    answered; waived_at: their mover said that they have no mail address, and providers are told so.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.OneToOneField(Book, on_delete=models.CASCADE, related_name="holder_word")
    name_hash = models.CharField(max_length=64)
    link_hash = models.CharField(max_length=64, null=True, unique=True)
    link_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)


class IdentityLogin(models.Model):
    """A login by which the contract holder proved to a book who they are (mover.identity_login), one an issuer.

    issuer: its short name in connections.toml; issuer_name: as people read it. subject_hash: of the issuer's name for
    the person. matched: for each verified claim that was as entered, the hash of what was entered. Both hashes are
    under the book's own key; neither the claims nor the subject are kept.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="identity_logins")
    issuer = models.CharField(max_length=20)
    issuer_name = models.CharField(max_length=200)
    subject_hash = models.CharField(max_length=64)
    logged_in_at = models.DateTimeField()
    matched = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "issuer"], name="identity_login_once_an_issuer")]


class KeyRequest(LeasedRow):
    """A wish for a new access key, by mail address. It is written whether or not a book has this address, and dropped
    when it was answered: whoever asks learns nothing, not even by how long the answer takes.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    email_hash = models.CharField(max_length=64)
    requested_at = models.DateTimeField()

    class Meta(LeasedRow.Meta):
        abstract = False


class KeyLink(models.Model):
    """A mailed link to a new access key: it opens once, and expires. Only a keyed hash of the link is kept."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="key_links")
    token_hash = models.CharField(max_length=64, unique=True)
    valid_until = models.DateTimeField()


class CalendarFeed(models.Model):
    """A book's to-do list as a calendar program reads it (mover.calendar_feed). The row is there until it is ended."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    book = models.OneToOneField(Book, on_delete=models.CASCADE, related_name="calendar_feed")
    language = models.CharField(max_length=10)  # of the page that it was made on
    made_at = models.DateTimeField()


class MasterKeyFingerprint(models.Model):
    """Which master key seals, and the key of blind indexes, sealed with it: one row."""

    fingerprint = models.CharField(max_length=16)
    stored_at = models.DateTimeField()
    index_key = models.BinaryField(null=True)


class DisclosureKey(models.Model):
    """A key that signs disclosure receipts. public_key: 64 hex digits, published for good; sealed_key: the private
    one, sealed with the master key. One of them signs; those that it
    replaced sign no more.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    public_key = models.CharField(max_length=64, unique=True)
    sealed_key = models.BinaryField()
    made_at = models.DateTimeField()
    signs = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signs"], condition=models.Q(signs=True), name="disclosure_key_one_signs"),
        ]
