"""Mail to a desk's staff that something has arrived: one for all of it, and not too often."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_mail import write_arrivals_mail
from renrakucho.receipt.provider_actions import count_waiting

AT_MOST_EVERY = timedelta(minutes=15)
_SETTLED = timedelta(seconds=5)  # what is younger may still be about to be committed, and is told the next time


def notify_staff(now: datetime | None = None) -> int:
    """Write a mail to everyone who wants one and has something new. Returns how many were written."""
    now = now or timezone.now()
    return sum(_tell(staff, now) for staff in _wanting(now))


def _wanting(now: datetime) -> list[Staff]:
    rested = Q(told_at=None) | Q(told_at__lte=now - AT_MOST_EVERY)
    return list(Staff.objects.filter(rested, is_active=True, address__isnull=False, told_until__isnull=False))


def _tell(staff: Staff, now: datetime) -> bool:
    if not _new(staff, now):
        return False
    with transaction.atomic():  # another worker may be at it: the mail and «told» are one
        staff = Staff.objects.select_for_update().get(id=staff.id)
        count = _new(staff, now)
        if not count or not staff.address:
            return False
        write_arrivals_mail(staff.id, to=staff.mail_address(), count=count)
        staff.told_until, staff.told_at = now - _SETTLED, now
        staff.save(update_fields=["told_until", "told_at"])
    return True


def _new(staff: Staff, now: datetime) -> int:
    return count_waiting(staff.provider, staff.told_until, now - _SETTLED) if staff.told_until else 0
