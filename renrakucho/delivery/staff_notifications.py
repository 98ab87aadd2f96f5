"""Notification mails to a desk's staff: one for everything that has arrived, at most every fifteen minutes.

A person whose address does not open, as under another master key, is tried again with the same pause, and keeps nobody
else from their mail.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from renrakucho.lib.database_clock import database_now
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_mail import write_arrivals_mail
from renrakucho.receipt.provider_actions import count_waiting

log = logging.getLogger(__name__)

AT_MOST_EVERY = timedelta(minutes=15)
_SETTLED = timedelta(seconds=5)  # a younger receipt may not be committed yet, and goes into the next mail


def notify_staff(now: datetime | None = None) -> int:
    """Write a mail to everyone who wants one and has new notices. Returns how many were written."""
    now = now or database_now()
    return sum(_notify_or_postpone(staff, now) for staff in _due_staff(now))


def _notify_or_postpone(staff: Staff, now: datetime) -> bool:
    try:
        return _notify(staff, now)
    except Exception as error:
        log.error("staff %s: no notification could be written: %s", staff.id, type(error).__name__)
        Staff.objects.filter(id=staff.id).update(told_at=now)  # told_until stays: the mail will still count everything
        return False


def _due_staff(now: datetime) -> list[Staff]:
    not_recently = Q(told_at=None) | Q(told_at__lte=now - AT_MOST_EVERY)
    return list(Staff.objects.filter(not_recently, is_active=True, address__isnull=False, told_until__isnull=False))


def _notify(staff: Staff, now: datetime) -> bool:
    if not _new_notices(staff, now):
        return False
    with transaction.atomic():  # another worker may be at it: the mail and its two times are one
        staff = Staff.objects.select_for_update(no_key=True).get(id=staff.id)
        count = _new_notices(staff, now)
        if not count or not staff.address:
            return False
        write_arrivals_mail(staff.id, to=staff.mail_address(), count=count)
        staff.told_until, staff.told_at = now - _SETTLED, now
        staff.save(update_fields=["told_until", "told_at"])
    return True


def _new_notices(staff: Staff, now: datetime) -> int:
    return count_waiting(staff.provider, staff.told_until, now - _SETTLED) if staff.told_until else 0
