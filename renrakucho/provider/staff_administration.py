"""What an administrator does with the accounts of a desk. The last administrator always stays."""

from django.db import transaction

from renrakucho.lib.errors import Conflict
from renrakucho.provider.audit_log import AuditAction, log_action
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.provider.two_factor import disable_two_factor


class LastAdministrator(Conflict):
    """Nobody would be left who can invite others and help them in again."""


def change_role(staff: Staff, role: StaffRole, *, by: Staff) -> None:
    """Give another role. Raises LastAdministrator."""
    with transaction.atomic():
        staff = _locked(staff)
        if staff.role == role:
            return
        if role != StaffRole.ADMINISTRATOR:
            _leave_one(staff)
        staff.role = role
        staff.save(update_fields=["role"])
        log_action(by, AuditAction.ROLE_CHANGED, whom=staff, word=role)


def close_account(staff: Staff, *, by: Staff) -> None:
    """No more logging in, from now on; what the person did stays on record. Raises LastAdministrator."""
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
    """Logging in is possible again."""
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
        if not staff.factor:
            return
        disable_two_factor(staff)
        end_sessions(staff)
        log_action(by, AuditAction.FACTOR_RESET, whom=staff)


def end_sessions(staff: Staff) -> None:
    """Log this person out everywhere."""
    staff.sessions_ended += 1
    staff.save(update_fields=["sessions_ended"])


def administrator_count(provider: str) -> int:
    """How many can still log in."""
    return Staff.objects.filter(provider=provider, role=StaffRole.ADMINISTRATOR, is_active=True).count()


def _locked(staff: Staff) -> Staff:
    """The person as they are now. Their administrators are locked with them, so that two cannot demote each other."""
    desk = Staff.objects.select_for_update().filter(provider=staff.provider).order_by("id")
    return next(each for each in desk if each.id == staff.id)


def _leave_one(staff: Staff) -> None:
    if staff.role == StaffRole.ADMINISTRATOR and staff.is_active and administrator_count(staff.provider) == 1:
        raise LastAdministrator
