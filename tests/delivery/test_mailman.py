"""Mails go out once, their words are dropped, and failing servers are waited for."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import seal_for_book
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_the_registration_mail_opens_the_book(mailoutbox: list[EmailMessage]) -> None:
    book = cast.book()
    assert send_due_mails("test") == 1
    assert send_due_mails("test") == 0
    mail = mailoutbox[0]
    assert mail.to == [cast.EMAIL]
    assert "東京都水道局" in mail.body
    assert mail.extra_headers["Message-ID"].startswith(f"<{book.mails.get().id}@")


def test_nothing_personal_stands_in_the_subject(mailoutbox: list[EmailMessage]) -> None:
    cast.book()
    send_due_mails("test")
    assert not any(word in mailoutbox[0].subject for word in ("髙﨑", "太郎", cast.EMAIL, "水道"))


def test_the_words_are_dropped_once_it_is_out(mailoutbox: list[EmailMessage]) -> None:
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


def test_a_server_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]) -> None:
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


def test_an_address_that_is_refused_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.book()
    failing(monkeypatch, SMTPRecipientsRefused({}))
    send_due_mails("test")
    mail = Mail.objects.get()
    assert mail.gave_up_at
    assert (mail.due_at, mail.sealed, mail.sent_at) == (None, None, None)


def test_one_that_cannot_be_opened_keeps_no_other_waiting_and_is_not_lost(mailoutbox: list[EmailMessage]) -> None:
    broken, _whole = (cast.book().mails.get() for _each in range(2))
    Mail.objects.filter(id=broken.id).update(sealed=b"sealed under another key")
    assert send_due_mails("test") == 2
    assert len(mailoutbox) == 1
    broken.refresh_from_db()
    assert broken.sealed
    assert broken.due_at
    assert broken.due_at > timezone.now()


def test_a_text_that_is_no_mail_is_given_up_and_keeps_no_other_waiting(mailoutbox: list[EmailMessage]) -> None:
    broken, _whole = (cast.book().mails.get() for _each in range(2))
    words = read_mail(broken) | {"subject": "two\nlines"}
    broken.sealed = seal_for_book(broken.book, f"mail:{broken.id}", words)
    broken.save(update_fields=["sealed"])
    assert send_due_mails("test") == 2
    assert len(mailoutbox) == 1
    broken.refresh_from_db()
    assert (broken.due_at, broken.sent_at) == (None, None)
    assert broken.gave_up_at
