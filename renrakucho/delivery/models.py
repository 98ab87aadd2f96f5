"""Attempts at delivering notices, and the addresses that were tried out before.

An attempt is noted before it is made: what was under way when a worker died is known.
"""

from django.db import models

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.notice.models import Notice


class DeliveryBatch(models.Model):
    """Notices that a channel carries to a provider at once; `serial` counts from 1 for each provider."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64)
    serial = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "serial"], name="lot_once")]


class Attempt(models.Model):
    """outcome: a word of channel.OutcomeKind, or empty while it is not known how it went.

    withdrawal: it was not the notice that went out, but word that the mover had taken it back.
    reference: under which the channel knows what is under way. evidence (sealed with the book's key): the outside
    world's own answer.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts_made")
    ordinal = models.PositiveIntegerField()
    withdrawal = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    evidence = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "ordinal"], name="attempt_once"),
        ]


class VerifiedAddress(models.Model):
    """An address at a provider that a test page went to; proved once its office has read the page's code back.

    address: as the channel writes it; one that was changed is another, and unproved. page: the key of the last test
    page. wrong: codes tried since then. outcome, reference, evidence: what became of it. Nothing here is a mover's.
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
