"""Notification mails to staff: one for everything that has arrived or has to be answered today, at most every fifteen
minutes. The bureau's people get one about late answers, at most once a day.

A person whose address does not open, as under another master key, is tried again with the same pause, and keeps nobody
else from their mail.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from renrakucho.delivery.models import AnswerReminder, ReminderStep
from renrakucho.lib.database_clock import database_now
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import AWAITING_ANSWER, Status
from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.provider.staff_mail import write_arrivals_mail, write_late_answers_mail
from renrakucho.receipt.provider_actions import count_waiting

log = logging.getLogger(__name__)

AT_MOST_EVERY = timedelta(minutes=15)
AT_MOST_EVERY_OF_BUREAU = timedelta(days=1)
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
    not_recently &= ~Q(provider=BUREAU) | Q(told_at=None) | Q(told_at__lte=now - AT_MOST_EVERY_OF_BUREAU)
    return list(Staff.objects.filter(not_recently, is_active=True, address__isnull=False, told_until__isnull=False))


def _notify(staff: Staff, now: datetime) -> bool:
    if not _has_news(staff, now):
        return False
    with transaction.atomic():  # another worker may be at it: the mail and its two times are one
        staff = Staff.objects.select_for_update(no_key=True).get(id=staff.id)
        if not staff.address or not _has_news(staff, now):
            return False
        if staff.provider == BUREAU:
            late = Counter(_reminded(staff, now, ReminderStep.OPERATOR))
            by_name = [(provider_name(provider), count) for provider, count in late.most_common()]
            write_late_answers_mail(staff.id, to=staff.mail_address(), late=by_name)
        else:
            due = len(_reminded(staff, now, ReminderStep.DESK))
            write_arrivals_mail(staff.id, to=staff.mail_address(), count=_new_notices(staff, now), due=due)
        staff.told_until, staff.told_at = now - _SETTLED, now
        staff.save(update_fields=["told_until", "told_at"])
    return True


def _has_news(staff: Staff, now: datetime) -> bool:
    if staff.provider == BUREAU:
        return bool(_reminded(staff, now, ReminderStep.OPERATOR))
    return bool(_new_notices(staff, now) or _reminded(staff, now, ReminderStep.DESK))


def _new_notices(staff: Staff, now: datetime) -> int:
    return count_waiting(staff.provider, staff.told_until, now - _SETTLED) if staff.told_until else 0


def _reminded(staff: Staff, now: datetime, step: ReminderStep) -> list[str]:
    """The provider of each notice that came to this step since the last mail, and still has no answer."""
    rows = AnswerReminder.objects.filter(step=step, told_at__gt=staff.told_until, told_at__lte=now - _SETTLED)
    if step == ReminderStep.DESK:
        rows = rows.filter(notice__provider=staff.provider, notice__status=Status.SENT)
    return list(rows.filter(notice__status__in=AWAITING_ANSWER).values_list("notice__provider", flat=True))
