"""Mails to the mover, in Japanese: the text is fixed when the event happens that the mail tells of."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from renrakucho.lib.identifiers import in_fours
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.book import open_for_book, seal_for_book
from renrakucho.mover.models import Book


def write_registration_mail(book: Book, *, to: str, access_key: str, told: list[str]) -> Mail:
    """申込登録通知メール: the access key, and a line for each provider that is to be told."""
    context = {"access_key": in_fours(access_key), "told": told}
    return _write(book, MailKind.REGISTRATION, book.id, to, context)


def write_notice_mail(
    book: Book,
    kind: MailKind,
    *,
    about: UUID,
    to: str,
    provider: str,
    procedure: str,
    number: str = "",
    notice_number: str = "",
    title: str = "",
    phones: Sequence[str] = (),
) -> Mail:
    """受理確認メール, or the mail about a return or a failed delivery; one a notice and kind.

    number: the provider's receipt number; notice_number, title (of the form) and phones: what a mover
    needs who has to telephone.
    """
    context = {
        "provider": provider,
        "procedure": procedure,
        "number": number,
        "notice_number": notice_number,
        "title": title,
        "phones": phones,
    }
    return _write(book, kind, about, to, context)


def read_mail(mail: Mail) -> dict[str, str]:
    """The sealed content: to, subject, text."""
    content: dict[str, str] = open_for_book(mail.book, f"mail:{mail.id}", mail.sealed or b"")
    return content


def _subject(kind: MailKind) -> str:
    # Nothing personal: a subject is read on lock screens and in logs of mail servers.
    return {
        MailKind.REGISTRATION: _("【%(portal)s】申込登録のお知らせ"),
        MailKind.ACCEPTANCE: _("【%(portal)s】受理のお知らせ"),
        MailKind.RETURN: _("【%(portal)s】手続の確認をお願いします"),
        MailKind.UNDELIVERED: _("【%(portal)s】手続の確認をお願いします"),
        MailKind.WITHDRAWAL_UNDELIVERED: _("【%(portal)s】取消の確認をお願いします"),
    }[kind] % {"portal": settings.PORTAL_NAME}


def _write(book: Book, kind: MailKind, about: UUID, to: str, details: dict[str, Any]) -> Mail:
    now = timezone.now()
    mail = Mail(book=book, kind=kind, about=about, created_at=now, due_at=now)
    context = {**details, "portal": settings.PORTAL_NAME, "book_url": f"{settings.BASE_URL}/book/"}
    with override(settings.LANGUAGE_CODE):  # whatever the language of the page that it is written from
        content = {"to": to, "subject": _subject(kind), "text": render_to_string(f"mail/{kind.value}.txt", context)}
    mail.sealed = seal_for_book(book, f"mail:{mail.id}", content)
    mail.save(force_insert=True)
    return mail
