"""Staff accounts and their permissions: one table (MAY) says which role may do what, at a desk and at the bureau."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.lib.master_keyring import open_with_master_key, seal_with_master_key
from renrakucho.lib.sealing import keyed_hash


def seal_for_owner(owner: UUID, what: str, value: Any) -> bytes:
    """Seal a JSON value with the master key for the row `owner`: a mail address, a mail, a second factor (`what`)."""
    return seal_with_master_key(value, owner_place(owner, what))


def open_for_owner(owner: UUID, what: str, sealed: bytes | memoryview) -> Any:
    """The JSON value again. Raises SealBroken where it was sealed for another row or as something else."""
    return open_with_master_key(sealed, owner_place(owner, what))


def owner_place(owner: UUID, what: str) -> bytes:
    """The place that a value of the row is sealed for."""
    return b"staff:" + owner.bytes + what.encode()


BUREAU = ""  # stands for a provider's slug: the bureau (事務局), whose people run the portal and open no form


class StaffRole(models.TextChoices):
    """The role of a person at a provider's desk, or at the bureau."""

    READER = "reader", _("閲覧")
    CLERK = "clerk", _("受付")
    ADMINISTRATOR = "administrator", _("管理者")
    WATCHER = "watcher", _("見る人")
    OPERATOR = "operator", _("操作する人")
    AUDITOR = "auditor", _("監査する人")


DESK_ROLES = (StaffRole.READER, StaffRole.CLERK, StaffRole.ADMINISTRATOR)
BUREAU_ROLES = (StaffRole.WATCHER, StaffRole.OPERATOR, StaffRole.AUDITOR)


class StaffPermission(Enum):
    """An action that a role may or may not do."""

    READ = auto()  # the list and a notice, at the bureau how everything stands; one's own account
    EXPORT = auto()  # a copy for the provider's own files: print, CSV
    ANSWER = auto()  # accept, return, have it sent again
    OPERATE = auto()  # try again, pause, announce: the bureau's acts
    AUDIT = auto()  # what each person did
    MANAGE = auto()  # who has an account, in which role


MAY: Mapping[StaffRole, frozenset[StaffPermission]] = {
    StaffRole.READER: frozenset({StaffPermission.READ}),
    StaffRole.CLERK: frozenset({StaffPermission.READ, StaffPermission.EXPORT, StaffPermission.ANSWER}),
    StaffRole.ADMINISTRATOR: frozenset(StaffPermission) - {StaffPermission.OPERATE},
    StaffRole.WATCHER: frozenset({StaffPermission.READ}),
    StaffRole.OPERATOR: frozenset(
        {StaffPermission.READ, StaffPermission.OPERATE, StaffPermission.AUDIT, StaffPermission.MANAGE}
    ),
    StaffRole.AUDITOR: frozenset({StaffPermission.READ, StaffPermission.AUDIT}),
}


def roles_at(provider: str) -> tuple[StaffRole, ...]:
    """The roles that there are at a provider's desk, or at the bureau."""
    return BUREAU_ROLES if provider == BUREAU else DESK_ROLES


def managing_role(provider: str) -> StaffRole:
    """Who invites the others there."""
    return StaffRole.OPERATOR if provider == BUREAU else StaffRole.ADMINISTRATOR


def role_of_its_place() -> models.Q:
    """The condition on a row: desks have the desk's roles, the bureau its own, so that nobody is at both."""
    at_bureau = models.Q(provider=BUREAU)
    return (at_bureau & models.Q(role__in=BUREAU_ROLES)) | (~at_bureau & models.Q(role__in=DESK_ROLES))


def role_permits(role: str, permission: StaffPermission) -> bool:
    """Whether a person of this role may do it."""
    return permission in MAY[StaffRole(role)]


class DeskSettings(models.Model):
    """One provider's desk. factor_required: as its administrator decided; None: it follows the installation.
    factor_grace_until: until when a desk that was there before goes without, where nothing was decided.
    sign_on_required: whether its people log in by single sign-on; emergency_account: who still has a password then.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    provider = models.CharField(max_length=64, unique=True)
    factor_required = models.BooleanField(null=True)
    factor_grace_until = models.DateTimeField(null=True)
    sign_on_required = models.BooleanField(default=False)
    emergency_account = models.ForeignKey("provider.Staff", on_delete=models.PROTECT, null=True, related_name="+")


@dataclass(frozen=True)
class TwoFactorRule:
    """Whether everyone needs a second factor. grace_until: from when on, where it is not required yet."""

    required: bool
    grace_until: datetime | None = None


def two_factor_rule(provider: str) -> TwoFactorRule:
    """The rule of a desk: its administrator's, else required outside of a trial. At the bureau everyone needs one."""
    if provider == BUREAU:
        return TwoFactorRule(required=True)
    desk = DeskSettings.objects.filter(provider=provider).first() or DeskSettings()
    if desk.factor_required is not None:
        return TwoFactorRule(required=desk.factor_required)
    if not settings.TWO_FACTOR_BY_DEFAULT:
        return TwoFactorRule(required=False)
    grace = desk.factor_grace_until
    return TwoFactorRule(required=False, grace_until=grace) if grace and timezone.now() < grace else TwoFactorRule(True)


def two_factor_required(provider: str) -> bool:
    """Whether everyone at this desk, or at the bureau, needs a second factor now."""
    return two_factor_rule(provider).required


class StaffManager(BaseUserManager["Staff"]):
    """Creates accounts."""

    def create_staff(
        self, *, login_id: str, provider: str, name: str, password: str | None, role: str = StaffRole.CLERK
    ) -> "Staff":
        """A new account; the password is kept as a slow hash only. None: none opens it."""
        staff = self.model(login_id=login_id, provider=provider, name=name, role=role)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """One person at one provider (`provider` is its folder's slug), or at the bureau.

    sessions_ended: how often all sessions were ended; each carries the count it was begun with.
    address (sealed): where mail about new notices goes; empty: none is wanted. told_until: up to which arrival the last
    of these mails told, told_at: when.
    factor (sealed): the secret of the second factor; factor_step: the last time step that was used up; recovery: keyed
    hashes of the recovery codes that are left.
    """

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)
    login_id = models.CharField(max_length=64, unique=True)
    provider = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=20, choices=StaffRole.choices, default=StaffRole.CLERK)
    is_active = models.BooleanField(default=True)
    sessions_ended = models.PositiveIntegerField(default=0)
    address = models.BinaryField(null=True)
    told_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    factor = models.BinaryField(null=True)
    factor_step = models.BigIntegerField(default=0)
    recovery = models.JSONField(default=list)

    objects = StaffManager()

    USERNAME_FIELD = "login_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["provider", "name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=role_of_its_place(), name="staff_role_of_its_place"),
        ]

    def __str__(self) -> str:
        return self.login_id

    def has_second_factor(self) -> bool:
        """Whether more than a password opens the account: the codes of a phone, or a passkey."""
        return bool(self.factor) or self.passkeys.exists()

    def may(self, permission: StaffPermission) -> bool:
        """Whether this person may do it."""
        return role_permits(self.role, permission)

    @property
    def at_bureau(self) -> bool:
        return self.provider == BUREAU

    @property
    def may_export(self) -> bool:
        """For templates: print and CSV."""
        return self.may(StaffPermission.EXPORT)

    @property
    def may_answer(self) -> bool:
        """For templates: accept and return."""
        return self.may(StaffPermission.ANSWER)

    @property
    def may_operate(self) -> bool:
        """For templates: the bureau's acts."""
        return self.may(StaffPermission.OPERATE)

    @property
    def may_audit(self) -> bool:
        """For templates: the audit log."""
        return self.may(StaffPermission.AUDIT)

    @property
    def may_manage(self) -> bool:
        """For templates: the staff."""
        return self.may(StaffPermission.MANAGE)

    def get_session_auth_hash(self) -> str:
        """The hash that a session must carry to be this person's: another password ends it, and so does «log out
        everywhere».
        """
        begun = f"{super().get_session_auth_hash()}\n{self.sessions_ended}"
        return keyed_hash(force_str(settings.SECRET_KEY), begun)

    def mail_address(self) -> str:
        """Where mail about new notices goes; empty where none is wanted."""
        return str(open_for_owner(self.id, "address", self.address)) if self.address else ""

    def set_mail_address(self, address: str) -> None:
        """Keep the address, sealed; empty: no mail. Saves nothing."""
        self.address = seal_for_owner(self.id, "address", address) if address else None
