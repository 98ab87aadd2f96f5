"""A real mail server's replies: which are tried again, which end a mail, and what a restart changes of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.mail.models import Mail
from tests import cast
from tests.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

GREYLISTED = "451 4.7.1 Greylisted, please try again"
FULL = "552 5.2.2 Mailbox full"
LATER = timedelta(hours=2)


class ScriptedReplies:
    """aiosmtpd's handler: answers a recipient and a text as it is told. A reply of "" hangs up without a word."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data = rcpt, data
        self.texts: list[bytes] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.texts.append(envelope.content if isinstance(envelope.content, bytes) else b"")
        if not self.data and server.transport:
            server.transport.close()
        return self.data or "250 OK"


@pytest.fixture
def port(settings: Any) -> int:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return int(settings.EMAIL_PORT)


@contextmanager
def mail_server(port: int, replies: ScriptedReplies) -> Iterator[ScriptedReplies]:
    controller = Controller(replies, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield replies
    finally:
        controller.stop()


def test_greylisting_is_waited_for_over_restarts_of_both(port: int) -> None:
    cast.book()
    with mail_server(port, ScriptedReplies(rcpt=GREYLISTED)) as before:
        assert send_due_mails("worker before its restart") == 1
    assert before.texts == []
    with mail_server(port, ScriptedReplies()) as after:
        assert send_due_mails("worker after its restart") == 0  # the wait that the first one chose still holds
        assert send_due_mails("worker after its restart", now=timezone.now() + LATER) == 1
        assert send_due_mails("worker after its restart", now=timezone.now() + 2 * LATER) == 0
    assert len(after.texts) == 1
    assert Mail.objects.get().sent_at


@pytest.mark.parametrize(
    "replies",
    [
        ScriptedReplies(rcpt="421 4.3.2 Shutting down"),
        ScriptedReplies(rcpt="452 4.5.3 Too many recipients"),
        ScriptedReplies(data="451 4.3.0 Not now"),
        ScriptedReplies(data="452 4.2.2 Mailbox full"),
        ScriptedReplies(data=""),
    ],
    ids=lambda replies: replies.rcpt + replies.data,
)
def test_a_transient_reply_at_any_step_keeps_the_mail(port: int, replies: ScriptedReplies) -> None:
    cast.book()
    with mail_server(port, replies):
        send_due_mails("worker")
    mail = Mail.objects.get()
    assert (mail.sent_at, mail.gave_up_at) == (None, None)
    assert mail.sealed
    assert mail.due_at


@pytest.mark.parametrize(
    "replies",
    [ScriptedReplies(rcpt="550 5.1.1 No such user"), ScriptedReplies(rcpt=FULL), ScriptedReplies(data=FULL)],
    ids=lambda replies: replies.rcpt + replies.data,
)
def test_a_permanent_reply_at_any_step_ends_the_mail(port: int, replies: ScriptedReplies) -> None:
    cast.book()
    with mail_server(port, replies):
        send_due_mails("worker")
        assert send_due_mails("worker", now=timezone.now() + LATER) == 0
    mail = Mail.objects.get()
    assert mail.gave_up_at
    assert (mail.sent_at, mail.sealed, mail.due_at) == (None, None, None)


def test_a_mail_that_a_server_took_without_saying_so_can_be_told_from_another(port: int) -> None:
    cast.book()
    with mail_server(port, ScriptedReplies(data="")) as silent:
        send_due_mails("worker")
    with mail_server(port, ScriptedReplies()) as speaking:
        send_due_mails("worker", now=timezone.now() + LATER)
    first, second = (message_from_bytes(replies.texts[0])["Message-ID"] for replies in (silent, speaking))
    assert first == second
