"""Invitations to a desk or the bureau: a link that works once, for some days, to a new account or to a new password.

Whoever invites or joins leaves an audit row in the same transaction; the command line (`by` is None) leaves none.
"""

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from renrakucho.lib.errors import NotFound
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.provider.audit_log import AuditAction, log_action, log_command
from renrakucho.provider.staff import Staff, StaffRole, role_of_its_place
from renrakucho.provider.staff_administration import change_own_password, end_sessions

VALID_DAYS = 7
_TOKEN_BYTES = 20


class NoInvitation(NotFound):
    """There is no such invitation, or it was used, revoked or has expired."""


class Invitation(models.Model):
    """Only a keyed hash of the link is kept. by: who invited; None: the command line. staff: whose password it renews;
    None: it makes a new account. note: for whom it is, as the administrator wrote it down.
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
            models.CheckConstraint(condition=role_of_its_place(), name="invitation_role_of_its_place"),
        ]


def create_invitation(provider: str, role: str, *, note: str = "", by: Staff | None) -> tuple[Invitation, str]:
    """A new invitation, and the secret part of its link: it is not kept."""
    with transaction.atomic():
        if by:
            log_action(by, AuditAction.INVITED, word=role)
        else:
            log_command(AuditAction.INVITED, provider=provider, word=role)
        return _created(Invitation(provider=provider, role=role, note=note, by=by))


def create_password_renewal(staff: Staff, *, by: Staff) -> tuple[Invitation, str]:
    """A new invitation for somebody who has forgotten their password, and the secret part of its link. Older ones for
    the same person are void.
    """
    with transaction.atomic():
        open_invitations(staff.provider).filter(staff=staff).update(ended_at=timezone.now())
        log_action(by, AuditAction.INVITED, whom=staff)
        return _created(Invitation(provider=staff.provider, role=staff.role, note=staff.name, by=by, staff=staff))


def open_invitations(provider: str) -> "models.QuerySet[Invitation]":
    """The provider's invitations that can still be used."""
    now = timezone.now()
    return Invitation.objects.filter(provider=provider, used_at=None, ended_at=None, valid_until__gt=now)


def invitation_of(token: str) -> Invitation:
    """The open invitation of a link. Raises NoInvitation."""
    found = Invitation.objects.filter(token_hash=_hash(token)).select_related("staff", "by").first()
    if found is None or not open_invitations(found.provider).filter(id=found.id).exists():
        raise NoInvitation
    return found


def use_invitation(invitation: Invitation) -> None:
    """Use it up. Raises NoInvitation for whoever is second."""
    if not open_invitations(invitation.provider).filter(id=invitation.id).update(used_at=timezone.now()):
        raise NoInvitation


def join_with_new_account(invitation: Invitation, *, login_id: str, name: str, password: str | None) -> Staff:
    """Use the invitation up for a new account, without a password where it is None. Raises NoInvitation for whoever is
    second, and IntegrityError where the login ID is taken.
    """
    with transaction.atomic():
        use_invitation(invitation)
        staff = Staff.objects.create_staff(
            login_id=login_id, provider=invitation.provider, name=name, password=password, role=invitation.role
        )
        log_action(staff, AuditAction.JOINED, word=invitation.role)
    return staff


def renew_password_of(invitation: Invitation, staff: Staff, password: str) -> None:
    """Use the invitation up for a new password of `staff`, and end all their sessions. Raises NoInvitation for whoever
    is second.
    """
    with transaction.atomic():
        use_invitation(invitation)
        change_own_password(staff, password)
        end_sessions(staff)


def revoke_invitation(invitation: Invitation, *, by: Staff) -> bool:
    """Revoke the link. False where it was not valid any more."""
    with transaction.atomic():
        revoked = open_invitations(invitation.provider).filter(id=invitation.id).update(ended_at=timezone.now())
        if revoked:
            log_action(by, AuditAction.INVITATION_ENDED, word=invitation.role)
    return bool(revoked)


def _created(invitation: Invitation) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation.token_hash = _hash(token)
    invitation.valid_until = timezone.now() + timedelta(days=VALID_DAYS)
    invitation.save(force_insert=True)
    return invitation, token


def _hash(token: str) -> str:
    return index_hash(f"invitation:{token}")
