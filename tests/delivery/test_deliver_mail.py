"""Mails go out once, their words are dropped, and failing servers are waited for."""

from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from renrakucho.delivery import deliver_mail
from renrakucho.delivery.deliver_mail import is_final_failure, send_due_mails
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import seal_for_book
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_the_registration_mail_has_the_code(mailoutbox: list[EmailMessage]) -> None:
    book = cast.book()
    assert send_due_mails("test") == 1
    assert send_due_mails("test") == 0
    mail = mailoutbox[0]
    assert mail.to == [cast.EMAIL]
    assert "確認の番号" in mail.body
    assert mail.extra_headers["Message-ID"].startswith(f"<{book.mails.get().id}@")


def test_the_subject_holds_no_personal_data(mailoutbox: list[EmailMessage]) -> None:
    cast.book()
    send_due_mails("test")
    assert not any(word in mailoutbox[0].subject for word in ("髙﨑", "太郎", cast.EMAIL, "水道"))


def test_the_sealed_text_is_deleted_once_the_mail_is_sent(mailoutbox: list[EmailMessage]) -> None:
    cast.book()
    assert Mail.objects.get().sealed
    send_due_mails("test")
    mail = Mail.objects.get()
    assert mail.sealed is None
    assert mail.sent_at


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send_messages(self: EmailBackend, messages: Any) -> int:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


def test_a_mail_is_retried_after_a_server_error(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    cast.book()
    with monkeypatch.context() as patch:
        failing(patch, SMTPServerDisconnected("gone"))
        send_due_mails("test")
    mail = Mail.objects.get()
    assert mail.due_at
    assert mail.due_at > timezone.now()
    assert mail.sealed
    send_due_mails("test", now=timezone.now() + timedelta(days=1))
    assert len(mailoutbox) == 1


def written_long_ago() -> Mail:
    """A mail that was written 25 hours ago."""
    mail = cast.book().mails.get()
    Mail.objects.filter(id=mail.id).update(created_at=timezone.now() - timedelta(hours=25))
    return mail


def test_a_mail_is_given_up_after_twelve_tries_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    written_long_ago()
    failing(monkeypatch, SMTPServerDisconnected("gone"))
    for tries in range(12):
        assert Mail.objects.get().gave_up_at is None
        assert send_due_mails("test", now=timezone.now() + timedelta(days=tries)) == 1
    mail = Mail.objects.get()
    assert mail.gave_up_at
    assert (mail.attempts, mail.due_at, mail.sealed) == (12, None, None)


def test_a_mail_is_not_given_up_before_a_day_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.book()
    failing(monkeypatch, SMTPServerDisconnected("gone"))
    for tries in range(20):
        assert send_due_mails("test", now=timezone.now() + timedelta(days=tries)) == 1
    mail = Mail.objects.get()
    assert mail.sealed
    assert mail.due_at
    assert mail.due_at - timezone.now() <= timedelta(hours=1)


def test_no_mail_is_given_up_while_the_clocks_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    written_long_ago()
    failing(monkeypatch, SMTPServerDisconnected("gone"))
    monkeypatch.setattr(deliver_mail, "is_clock_right", lambda: False)
    for tries in range(13):
        send_due_mails("test", now=timezone.now() + timedelta(days=tries))
    assert Mail.objects.get().gave_up_at is None


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({}),
        SMTPRecipientsRefused({cast.EMAIL: (550, b"no such user")}),
        SMTPDataError(554, b"refused as spam"),
    ],
)
def test_a_mail_that_is_refused_for_good_is_given_up(monkeypatch: pytest.MonkeyPatch, error: SMTPException) -> None:
    cast.book()
    failing(monkeypatch, error)
    send_due_mails("test")
    mail = Mail.objects.get()
    assert mail.gave_up_at
    assert (mail.due_at, mail.sealed, mail.sent_at) == (None, None, None)


@pytest.mark.parametrize(
    "error",
    [
        SMTPRecipientsRefused({cast.EMAIL: (450, b"greylisted")}),
        SMTPRecipientsRefused({cast.EMAIL: (451, b"try again later")}),
        SMTPRecipientsRefused({cast.EMAIL: (452, b"mailbox full")}),
        SMTPConnectError(421, b"busy"),
        SMTPDataError(451, b"greylisted"),
        SMTPSenderRefused(452, b"not now", "book@portal.example"),
        SMTPSenderRefused(550, b"unknown sender", "book@portal.example"),
        SMTPAuthenticationError(535, b"wrong password"),
        SMTPConnectError(554, b"not for you"),
        RuntimeError("what nobody thought of"),
    ],
)
def test_a_mail_that_may_still_be_taken_is_kept(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    cast.book()
    failing(monkeypatch, error)
    send_due_mails("test")
    mail = Mail.objects.get()
    assert (mail.gave_up_at, mail.sent_at) == (None, None)
    assert mail.sealed
    assert mail.due_at
    assert mail.due_at < timezone.now() + timedelta(seconds=16)


def test_an_unreadable_mail_holds_up_no_other_and_is_kept(mailoutbox: list[EmailMessage]) -> None:
    broken, _whole = (cast.book().mails.get() for _each in range(2))
    Mail.objects.filter(id=broken.id).update(sealed=b"sealed under another key")
    assert send_due_mails("test") == 2
    assert len(mailoutbox) == 1
    broken.refresh_from_db()
    assert broken.sealed
    assert broken.due_at
    assert broken.due_at > timezone.now()


def test_a_text_that_makes_no_mail_is_given_up_and_holds_up_no_other(mailoutbox: list[EmailMessage]) -> None:
    broken, _whole = (cast.book().mails.get() for _each in range(2))
    words = read_mail(broken) | {"subject": "two\nlines"}
    broken.sealed = seal_for_book(broken.book, f"mail:{broken.id}", words)
    broken.save(update_fields=["sealed"])
    assert send_due_mails("test") == 2
    assert len(mailoutbox) == 1
    broken.refresh_from_db()
    assert (broken.due_at, broken.sent_at) == (None, None)
    assert broken.gave_up_at


@pytest.mark.parametrize(("code", "final"), [(399, True), (400, False), (499, False), (500, True)])
def test_only_a_reply_of_four_hundred_and_something_is_worth_another_try(code: int, final: bool) -> None:
    assert is_final_failure(SMTPDataError(code, b"")) is final
    assert is_final_failure(SMTPRecipientsRefused({"a": (code, b""), "b": (250, b"")})) is final


def test_the_servers_reply_is_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    mail = cast.book().mails.get()
    failing(monkeypatch, SMTPDataError(451, b"greylisted"))
    send_due_mails("test")
    assert f"mail {mail.id}: SMTPDataError 451" in caplog.text
