"""Account changes: one's own, and those that an administrator makes. The last administrator always stays, at the bureau
the last operator.

Each change writes its audit row in its own transaction, once; what is so already is not changed again.
"""

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.staff import DeskSettings, Staff, StaffRole, managing_role
from renrakucho.provider.two_factor import clear_two_factor


class LastAdministrator(Conflict):
    """Nobody would be left who can invite others and help them in again."""


def change_own_password(staff: Staff, password: str) -> None:
    """Set another password, which ends every other session of this person."""
    with transaction.atomic():
        staff.set_password(password)
        staff.save(update_fields=["password"])
        log_action(staff, AuditAction.PASSWORD_CHANGED)


def set_notification_address(staff: Staff, address: str) -> None:
    """Set where mail about new notices goes; empty: no mail is wanted."""
    with transaction.atomic():
        if address == staff.mail_address():
            return
        staff.set_mail_address(address)
        staff.told_until = timezone.now()
        staff.save(update_fields=["address", "told_until"])
        log_action(staff, AuditAction.MAIL_SET if address else AuditAction.MAIL_ENDED)


def end_own_sessions(staff: Staff) -> None:
    """Log oneself out everywhere."""
    with transaction.atomic():
        end_sessions(staff)
        log_action(staff, AuditAction.ENDED_SESSIONS)


def require_two_factor(required: bool, *, by: Staff) -> None:
    """Decide whether everyone at the administrator's desk needs a second factor."""
    with transaction.atomic():
        desk, _made = DeskSettings.objects.get_or_create(provider=by.provider)
        changed = DeskSettings.objects.filter(id=desk.id).exclude(factor_required=required)
        if changed.update(factor_required=required):
            log_action(by, AuditAction.FACTOR_REQUIRED if required else AuditAction.FACTOR_OPTIONAL)


def change_role(staff: Staff, role: StaffRole, *, by: Staff) -> None:
    """Give another role. Raises LastAdministrator."""
    with transaction.atomic():
        staff = _locked(staff)
        if staff.role == role:
            return
        if role != managing_role(staff.provider):
            _leave_one(staff)
        staff.role = role
        staff.save(update_fields=["role"])
        log_action(by, AuditAction.ROLE_CHANGED, whom=staff, word=role)


def close_account(staff: Staff, *, by: Staff) -> None:
    """End the person's logins from now on; what the person did stays on record. Raises LastAdministrator."""
    with transaction.atomic():
        staff = _locked(staff)
        if not staff.is_active:
            return
        _leave_one(staff)
        staff.is_active = False
        staff.sessions_ended += 1
        staff.save(update_fields=["is_active", "sessions_ended"])
        log_action(by, AuditAction.CLOSED, whom=staff)


def reopen_account(staff: Staff, *, by: Staff) -> None:
    """Let the person log in again."""
    with transaction.atomic():
        staff = _locked(staff)
        if staff.is_active:
            return
        staff.is_active = True
        staff.save(update_fields=["is_active"])
        log_action(by, AuditAction.REOPENED, whom=staff)


def reset_two_factor(staff: Staff, *, by: Staff) -> None:
    """Take the second factor away from somebody who has lost it, and end their sessions."""
    with transaction.atomic():
        staff = _locked(staff)
        if not staff.has_second_factor():
            return
        clear_two_factor(staff)
        end_sessions(staff)
        log_action(by, AuditAction.FACTOR_RESET, whom=staff)


def end_sessions(staff: Staff) -> None:
    """Log this person out everywhere."""
    staff.sessions_ended += 1
    staff.save(update_fields=["sessions_ended"])


def administrator_count(provider: str) -> int:
    """How many who invite the others can still log in: administrators, at the bureau operators."""
    return Staff.objects.filter(provider=provider, role=managing_role(provider), is_active=True).count()


def _locked(staff: Staff) -> Staff:
    """The person as they are now. Their administrators are locked with them, so that two cannot demote each other."""
    desk = Staff.objects.select_for_update(no_key=True).filter(provider=staff.provider).order_by("id")
    return next(each for each in desk if each.id == staff.id)


def _leave_one(staff: Staff) -> None:
    if staff.role == managing_role(staff.provider) and staff.is_active and administrator_count(staff.provider) == 1:
        raise LastAdministrator
