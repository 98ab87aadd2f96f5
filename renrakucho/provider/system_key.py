"""API keys (システム鍵): a provider's own system reads and answers its notices by one. A key is shown once."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.provider.audit_log import AuditAction, command_line_user, log_action, log_command
from renrakucho.provider.staff import Staff

REAL_PREFIX, TRIAL_PREFIX = "rk_", "rk_trial_"  # so that a key that was found is known for what it is
MAX_KEYS_OF_NAME = 2  # at once: the one in use, and the one that takes its place
_BYTES = 32
_SEEN_INTERVAL = timedelta(minutes=1)  # not with every request: each time is a write to the disk


class TooManyKeys(Conflict):
    """Two keys of this name are valid already: one of them has to be revoked first."""


class SystemKey(models.Model):
    """`provider` is its folder's slug; `name` says which system. Only a hash of the key is kept.

    trial: made for trying out, and valid only on an installation for that. made_by: the operating system's user.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=80)
    hashed = models.CharField(max_length=64, unique=True)
    may_read = models.BooleanField()
    may_answer = models.BooleanField()
    trial = models.BooleanField(default=False)
    made_by = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @property
    def is_good(self) -> bool:
        """Whether it is valid here and now."""
        over = self.valid_until is not None and self.valid_until <= timezone.now()
        return self.revoked_at is None and not over and (settings.SANDBOX or not self.trial)

    def __str__(self) -> str:
        return f"{self.provider} {self.name}"


class IdempotentResponse(models.Model):
    """The response to a request under an Idempotency-Key: repeated, the request gets it again.

    what_hash: of the key; asked_hash: of the request; answer (sealed with the master key): the response's JSON.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64)
    what_hash = models.CharField(max_length=64)
    asked_hash = models.CharField(max_length=64)
    answer = models.BinaryField()
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "what_hash"], name="answered_once")]


def valid_keys(provider: str = "") -> QuerySet[SystemKey]:
    """Keys that are neither revoked nor past their time, of one provider or of all."""
    good = SystemKey.objects.filter(Q(valid_until=None) | Q(valid_until__gt=timezone.now()), revoked_at=None)
    return (good.filter(provider=provider) if provider else good).order_by("provider", "name", "created_at")


def create_key(
    provider: str, name: str, *, may_read: bool, may_answer: bool, valid_until: datetime | None = None,
    trial: bool = False,
) -> tuple[SystemKey, str]:  # fmt: skip
    """A new key made on the command line, and its text, which is not kept. Raises TooManyKeys."""
    if valid_keys(provider).filter(name=name).count() >= MAX_KEYS_OF_NAME:
        raise TooManyKeys
    text = (TRIAL_PREFIX if trial else REAL_PREFIX) + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        key = SystemKey.objects.create(
            provider=provider,
            name=name,
            hashed=_hash_key(text),
            may_read=may_read,
            may_answer=may_answer,
            trial=trial,
            made_by=command_line_user(),
            created_at=timezone.now(),
            valid_until=valid_until,
        )
        log_command(AuditAction.KEY_MADE, provider=provider, about=name)
    return key, text


def key_by_text(text: str) -> SystemKey | None:
    """The valid key with this text, or None; when it was last used is noted now and then."""
    key = SystemKey.objects.filter(hashed=_hash_key(text)).first()
    if key is None or not key.is_good:
        return None
    now = timezone.now()
    if key.seen_at is None or now - key.seen_at >= _SEEN_INTERVAL:
        SystemKey.objects.filter(id=key.id).update(seen_at=now)
    return key


def revoke_key(key: SystemKey, by: Staff | None) -> bool:
    """End the key's validity now. by: an administrator of its desk; None: the command line. Returns whether it was
    valid until then.
    """
    with transaction.atomic():
        ended = SystemKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=timezone.now())
        if ended and by:
            log_action(by, AuditAction.KEY_CLOSED, about=key.name)
        elif ended:
            log_command(AuditAction.KEY_CLOSED, provider=key.provider, about=key.name)
    return bool(ended)


def _hash_key(text: str) -> str:
    return index_hash(f"system:{text}")
