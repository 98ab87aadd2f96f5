"""Outbox worker for mails: claim, hand to the mail server, and delete the sealed text."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.header import Header
from email.message import Message
from email.utils import parseaddr
from functools import partial
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import override

from renrakucho.delivery.retry_policy import BATCH, LEASE_SECONDS, MOST_ATTEMPTS, backoff_delay
from renrakucho.lib.database_clock import database_now, is_clock_right
from renrakucho.lib.lease import claim_due_rows, finish_lease, release_lease, write_despite_outage
from renrakucho.lib.sealing import SealBroken
from renrakucho.lib.tracing import SpanKind, trace_span
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.provider.staff_mail import StaffMail, read_staff_mail

_TRIED_FOR = timedelta(days=1)
_LONGEST_WAIT = timedelta(hours=1)
_LINE = 75  # characters of an encoded word (RFC 2047, section 2)
_SIGNATURE = "-- \n"  # the line, with its space, that mail readers know a signature by
log = logging.getLogger(__name__)

MailRow = TypeVar("MailRow", Mail, StaffMail)


def send_due_mails(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send the mails to movers that are due. Returns how many were claimed."""
    return _send_all(Mail.objects.select_related("book"), read_mail, owner, now, limit)


def send_due_staff_mails(owner: str, *, now: datetime | None = None, limit: int = BATCH) -> int:
    """Send the mails to providers' staff that are due. Returns how many were claimed."""
    return _send_all(StaffMail.objects.all(), read_staff_mail, owner, now, limit)


def _send_all(
    rows: QuerySet[MailRow],
    open_mail: Callable[[MailRow], dict[str, str]],
    owner: str,
    now: datetime | None,
    limit: int,
) -> int:
    claimed = claim_due_rows(rows, owner, now=now or database_now(), seconds=LEASE_SECONDS, limit=limit)
    for mail in claimed:
        _send(mail, open_mail, owner)
    return len(claimed)


def _send(mail: MailRow, open_mail: Callable[[MailRow], dict[str, str]], owner: str) -> None:
    """Send one mail. Never raises: whatever is wrong with it, the next one goes out."""
    try:
        try:
            with trace_span("send mail", SpanKind.INTERNAL, {}):
                _message(mail, open_mail(mail)).send()
        except Exception as error:
            code = _reply_code(error)
            log.warning("mail %s: %s %s", mail.id, type(error).__name__, code or "")
            if is_final_failure(error) or (_is_too_old(mail) and not isinstance(error, SealBroken)):
                _give_up(mail, owner)
            else:
                wait = min(backoff_delay(mail.attempts), _LONGEST_WAIT)
                release_lease(mail, owner, due_at=database_now() + wait)
        else:
            # It has left: where the database is away now, it must not go out again.
            write_despite_outage(partial(_record_sent, mail, owner), before_wait=connection.close)
    except DatabaseError as error:
        log.error("mail %s: not recorded: %s", mail.id, type(error).__name__)  # its lease runs out


def is_final_failure(error: Exception) -> bool:
    """Whether the mail will never be taken: its recipient or its text was refused for good (RFC 5321: 5yz), or no mail
    can be made of its text. A transient refusal (4yz: greylisting, a full mailbox, a busy server), a server that does
    not know this portal and a text that does not open under this master key can all be mended.
    """
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return not 400 <= _reply_code(error) < 500
    return isinstance(error, ValueError)


def _reply_code(error: Exception) -> int:
    """The mail server's reply, the worst of several; 0 where it gave none."""
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    return int(error.smtp_code) if isinstance(error, SMTPResponseException) else 0


def _is_too_old(mail: MailRow) -> bool:
    """Whether it was tried often enough and for a day. While the clocks differ nobody knows."""
    old = database_now() - mail.created_at >= _TRIED_FOR
    return old and mail.attempts >= MOST_ATTEMPTS and is_clock_right()


class OutgoingMail(EmailMessage):
    """A mail whose long Japanese headers are folded by RFC 2047: Django folds them without counting the header's name,
    which leaves the first line empty, and encoded words longer than 75 characters.
    """

    def message(self, *, policy: Any = None) -> Any:
        """Raises ValueError for a header of several lines. policy: of the next Django, which the types describe."""
        message = super().message()
        name, address = parseaddr(self.from_email)
        subject, sender = (Header(maxlinelen=_LINE, header_name=header) for header in ("Subject", "From"))
        subject.append(str(self.subject), "utf-8")
        sender.append(name, "utf-8")
        sender.append(f"<{address}>", "us-ascii")
        for header, text in (("Subject", subject), ("From", sender)):
            if not str(text).isascii():
                del message[header]
                Message.__setitem__(message, header, text.encode())  # past Django's own folding
        return message


def _message(mail: Mail | StaffMail, content: dict[str, str]) -> OutgoingMail:
    host = urlsplit(settings.BASE_URL).hostname
    return OutgoingMail(
        subject=content["subject"],
        body=f"{content['text']}\n\n{_SIGNATURE}{_signature()}\n",
        to=[content["to"]],
        # One Message-ID for every attempt: a mail server or reader that gets the mail twice can see that it is one.
        headers={"Message-ID": f"<{mail.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _signature() -> str:
    """Who runs the portal and how to reach them, below every mail: as it is on the day that the mail goes out."""
    context = {"portal": settings.PORTAL_NAME, "operator": settings.OPERATOR, "contact": settings.CONTACT}
    with override(settings.LANGUAGE_CODE):
        return render_to_string("mail/signature.txt", {**context, "address": settings.BASE_URL})


def _give_up(mail: Mail | StaffMail, owner: str) -> None:
    if finish_lease(mail, owner):
        _update(mail, gave_up_at=database_now(), sealed=None)
        log.error("mail %s: given up after %s attempts", mail.id, mail.attempts)


def _record_sent(mail: Mail | StaffMail, owner: str) -> None:
    with transaction.atomic():
        if finish_lease(mail, owner):
            _update(mail, sent_at=database_now(), sealed=None)


def _update(mail: Mail | StaffMail, **fields: Any) -> None:
    type(mail)._base_manager.filter(id=mail.id).update(**fields)
