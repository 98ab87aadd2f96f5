"""An invitation to a desk: a link that works once, for some days. Also the way to a new password."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from renrakucho.lib.errors import NotFound
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.signing import keyed_hash
from renrakucho.provider.staff import Staff, StaffRole

DAYS = 7
_TOKEN_BYTES = 20


class NoInvitation(NotFound):
    """There is no such invitation, or it was used, taken back or has run out."""


class Invitation(models.Model):
    """Only a keyed hash of the link is kept. by: who invited; None: the bureau. staff: whose password it renews; None:
    it makes a new account. note: for whom it is, as the administrator wrote it down.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64, db_index=True)
    role = models.CharField(max_length=20, choices=StaffRole.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=StaffRole.values), name="invitation_role_known"),
        ]


def create_invitation(provider: str, role: str, *, note: str = "", by: Staff | None = None) -> tuple[Invitation, str]:
    """A new invitation, and the secret part of its link: it is not kept."""
    return _made(Invitation(provider=provider, role=role, note=note, by=by))


def create_password_renewal(staff: Staff, *, by: Staff | None = None) -> tuple[Invitation, str]:
    """The same for somebody who has forgotten their password. Older ones for the same person are void."""
    with transaction.atomic():
        open_invitations(staff.provider).filter(staff=staff).update(ended_at=timezone.now())
        return _made(Invitation(provider=staff.provider, role=staff.role, note=staff.name, by=by, staff=staff))


def open_invitations(provider: str) -> "models.QuerySet[Invitation]":
    """Those that can still be used."""
    now = timezone.now()
    return Invitation.objects.filter(provider=provider, used_at=None, ended_at=None, valid_until__gt=now)


def invitation_of(token: str) -> Invitation:
    """The open invitation of a link. Raises NoInvitation."""
    found = Invitation.objects.filter(token_hash=_hash(token)).select_related("staff", "by").first()
    if found is None or not open_invitations(found.provider).filter(id=found.id).exists():
        raise NoInvitation
    return found


def use_invitation(invitation: Invitation) -> None:
    """Use it up, inside the transaction that does what it is for. Raises NoInvitation for whoever is second."""
    if not open_invitations(invitation.provider).filter(id=invitation.id).update(used_at=timezone.now()):
        raise NoInvitation


def revoke_invitation(invitation: Invitation) -> bool:
    """The link works no more. False where it did not any more."""
    return bool(open_invitations(invitation.provider).filter(id=invitation.id).update(ended_at=timezone.now()))


def _made(invitation: Invitation) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation.token_hash = _hash(token)
    invitation.valid_until = timezone.now() + timedelta(days=DAYS)
    invitation.save(force_insert=True)
    return invitation, token


def _hash(token: str) -> str:
    return keyed_hash(settings.MASTER_KEY, f"invitation:{token}")
