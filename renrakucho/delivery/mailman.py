"""The postman for mails: claim, hand to the mail server, drop the words."""

import logging
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from renrakucho.delivery.patience import BATCH, LEASE_SECONDS, MOST_ATTEMPTS, wait_after
from renrakucho.lib.lease import claim, finish, put_back
from renrakucho.mail.models import Mail
from renrakucho.mail.write import read

log = logging.getLogger(__name__)


def send_due(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send the mails that are due. Returns how many were taken in hand."""
    taken = claim(
        Mail.objects.select_related("book"),
        owner,
        now=now or timezone.now(),
        seconds=LEASE_SECONDS,
        limit=limit,
    )
    for mail in taken:
        _send(mail, owner)
    return len(taken)


def _send(mail: Mail, owner: str) -> None:
    words = read(mail)
    host = urlsplit(settings.BASE_URL).hostname
    message = EmailMessage(
        subject=words["subject"],
        body=words["text"],
        to=[words["to"]],
        # The same on every attempt: a mail server or reader that gets it twice can see that it is one.
        headers={"Message-ID": f"<{mail.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except SMTPRecipientsRefused:
        _give_up(mail, owner)
    except (SMTPException, OSError) as error:
        log.warning("mail %s: %s", mail.id, type(error).__name__)
        if mail.attempts >= MOST_ATTEMPTS:
            _give_up(mail, owner)
        else:
            put_back(mail, owner, due_at=timezone.now() + wait_after(mail.attempts))
    else:
        if finish(mail, owner):
            Mail.objects.filter(id=mail.id).update(sent_at=timezone.now(), sealed=None)


def _give_up(mail: Mail, owner: str) -> None:
    if finish(mail, owner):
        Mail.objects.filter(id=mail.id).update(gave_up_at=timezone.now(), sealed=None)
        log.error("mail %s: given up after %s attempts", mail.id, mail.attempts)
