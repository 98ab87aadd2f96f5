"""Single sign-on of staff: which login at an OpenID issuer opens whose account, and whether a desk asks for it.

A link is made once, by an invitation that an administrator gave, and names a person by the issuer's address and the
subject there, of which only a keyed hash is kept. No mail address and no name links anything, and no login makes an
account or gives a role (docs/decisions/0016).
"""

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.oidc.oidc_login import VerifiedLogin
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.staff import DeskSettings, Staff
from renrakucho.provider.staff_administration import end_sessions
from renrakucho.provider.staff_invitation import Invitation, join_with_new_account, use_invitation


class SignOnTaken(Conflict):
    """The login at the issuer opens another account already."""


class NoLocalPassword(Conflict):
    """Whoever asks a desk for single sign-on has no password, and nobody would be left where the issuer is down."""


class SignOnLink(models.Model):
    """One person's login at one issuer. subject_hash: keyed hash of the issuer's address and the subject there."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sign_ons")
    issuer = models.CharField(max_length=200)
    subject_hash = models.CharField(max_length=64, unique=True)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "issuer"], name="sign_on_once_an_issuer")]


def staff_of_login(login: VerifiedLogin) -> Staff | None:
    """Whose account the login opens, closed ones included."""
    link = SignOnLink.objects.filter(subject_hash=_hash(login.issuer, login.subject)).select_related("staff").first()
    return link.staff if link else None


def join_by_sign_on(invitation: Invitation, login: VerifiedLogin, *, login_id: str, name: str) -> Staff:
    """Use the invitation up: link the login with the invitation's account, or with a new one that has no password.

    Raises NoInvitation for whoever is second, SignOnTaken, and IntegrityError where the login ID is taken.
    """
    with transaction.atomic():
        if staff_of_login(login):
            raise SignOnTaken
        if invitation.staff:
            use_invitation(invitation)
            staff = invitation.staff
        else:
            staff = join_with_new_account(invitation, login_id=login_id, name=name, password=None)
        _link(staff, login)
    return staff


def unlink_sign_on(staff: Staff, *, by: Staff) -> None:
    """Take the person's logins at issuers away, and end their sessions."""
    with transaction.atomic():
        if SignOnLink.objects.filter(staff=staff).delete()[0]:
            end_sessions(staff)
            log_action(by, AuditAction.SIGN_ON_UNLINKED, whom=staff)


def end_sessions_of_subject(issuer: str, subject: str) -> None:
    """Log the person out everywhere, because the issuer said so (back-channel logout)."""
    with transaction.atomic():
        link = SignOnLink.objects.filter(subject_hash=_hash(issuer, subject)).select_related("staff").first()
        if link:
            end_sessions(link.staff)
            log_action(link.staff, AuditAction.SIGN_ON_ENDED)


def require_sign_on(required: bool, *, by: Staff) -> None:
    """Decide whether everyone at the desk logs in by single sign-on. Whoever decides it keeps their password, for the
    day on which the issuer is down. Raises NoLocalPassword.
    """
    if required and not by.has_usable_password():
        raise NoLocalPassword
    with transaction.atomic():
        desk, _made = DeskSettings.objects.get_or_create(provider=by.provider)
        if desk.sign_on_required != required:
            desk.sign_on_required, desk.emergency_account = required, by if required else None
            desk.save(update_fields=["sign_on_required", "emergency_account"])
            log_action(by, AuditAction.SIGN_ON_REQUIRED if required else AuditAction.SIGN_ON_OPTIONAL)


def may_use_password(staff: Staff) -> bool:
    """Whether a password opens this account: not where the desk asks for single sign-on, but for one account."""
    desk = DeskSettings.objects.filter(provider=staff.provider, sign_on_required=True).first()
    return desk is None or desk.emergency_account_id == staff.id


def sign_on_rule(provider: str) -> Staff | None:
    """Whose password still opens a desk that asks for single sign-on; None where it does not ask for it."""
    desk = DeskSettings.objects.filter(provider=provider, sign_on_required=True)
    found = desk.select_related("emergency_account").first()
    return found.emergency_account if found else None


def _link(staff: Staff, login: VerifiedLogin) -> None:
    SignOnLink.objects.filter(staff=staff, issuer=login.issuer).delete()
    try:
        with transaction.atomic():
            SignOnLink.objects.create(
                staff=staff,
                issuer=login.issuer,
                subject_hash=_hash(login.issuer, login.subject),
                linked_at=timezone.now(),
            )
    except IntegrityError as error:  # two at one moment
        raise SignOnTaken from error
    log_action(staff, AuditAction.SIGN_ON_LINKED)


def _hash(issuer: str, subject: str) -> str:
    return index_hash(f"sign-on:{issuer}\n{subject}")
