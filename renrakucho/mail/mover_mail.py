"""Writing a mail: its words are fixed at the moment of what it tells, in Japanese whoever's page it is written from."""

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
    """申込登録通知メール: the access key, and who is to be told (`told`: a line each)."""
    words = {"access_key": in_fours(access_key), "told": told}
    return _write(book, MailKind.REGISTRATION, book.id, to, words)


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
    """受理確認メール, or word of a return or of a failure; one a notice and kind.

    number: the provider's receipt number; notice_number, title (of the form) and phones: what a mover
    needs who has to telephone instead.
    """
    words = {
        "provider": provider,
        "procedure": procedure,
        "number": number,
        "notice_number": notice_number,
        "title": title,
        "phones": phones,
    }
    return _write(book, kind, about, to, words)


def read_mail(mail: Mail) -> dict[str, str]:
    """The sealed words: to, subject, text."""
    words: dict[str, str] = open_for_book(mail.book, f"mail:{mail.id}", mail.sealed or b"")
    return words


def _subject(kind: MailKind) -> str:
    # Nothing personal: a subject is read on lock screens and in logs of mail servers.
    return {
        MailKind.REGISTRATION: _("【%(portal)s】申込登録のお知らせ"),
        MailKind.ACCEPTANCE: _("【%(portal)s】受理のお知らせ"),
        MailKind.RETURN: _("【%(portal)s】手続の確認をお願いします"),
        MailKind.UNDELIVERED: _("【%(portal)s】手続の確認をお願いします"),
        MailKind.WITHDRAWAL_UNDELIVERED: _("【%(portal)s】取消の確認をお願いします"),
    }[kind] % {"portal": settings.PORTAL_NAME}


def _write(book: Book, kind: MailKind, about: UUID, to: str, words: dict[str, Any]) -> Mail:
    now = timezone.now()
    mail = Mail(book=book, kind=kind, about=about, created_at=now, due_at=now)
    context = {**words, "portal": settings.PORTAL_NAME, "book_url": f"{settings.BASE_URL}/book/"}
    with override(settings.LANGUAGE_CODE):
        said = {"to": to, "subject": _subject(kind), "text": render_to_string(f"mail/{kind.value}.txt", context)}
    mail.sealed = seal_for_book(book, f"mail:{mail.id}", said)
    mail.save(force_insert=True)
    return mail
