"""Mails to the mover, in Japanese and before that in the language of their book: the text is fixed when the event
happens that the mail tells of.

Each holds a report link, by which whoever did not ask for it stops all that was entered. Its text is the same in each
mail of one book to one address, so that the oldest mail still works, and is not stored: it is derived from the
installation's index key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now  # the clock that decides what is due
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from renrakucho.lib.identifiers import ALPHABET, LENGTH, cleaned_access_key, in_fours, new_uuid7
from renrakucho.lib.master_keyring import index_hash
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.book import email_hash, helper_of, mail_language_of, open_for_book, seal_for_book
from renrakucho.mover.models import Book, BookMailbox

_FAILURES = (MailKind.UNDELIVERED, MailKind.NOT_SENT, MailKind.WITHDRAWAL_UNDELIVERED)
_BETWEEN_LANGUAGES = f"\n\n{'-' * 40}\n\n"
_OVERTAKEN = (MailKind.HELD, MailKind.SENT, MailKind.NOT_ANSWERED, MailKind.NOT_FINISHED)


@dataclass(frozen=True)
class NoticeHeading:
    """Says which notice a mail is about: in its subject, so that ten of them can be told apart, and in its text. Its
    words are those of the active language.

    on: the day of the procedure, None where the form says none; number: れんらく番号; place, of: the third of ten in
    the book. It says nothing of who moves, from where and to where.
    """

    industry: str | Promise
    procedure: str | Promise
    provider: str
    on: date | None
    phones: Sequence[str]
    number: str
    place: int
    of: int

    @property
    def day(self) -> str:
        """12月5日(土); empty where there is no day."""
        return _written_day(self.on) if self.on else ""

    @property
    def place_in_book(self) -> str:
        return ngettext("%(of)s件のうち%(place)s件目", "%(of)s件のうち%(place)s件目", self.of) % {
            "of": self.of,
            "place": self.place,
        }

    @property
    def title(self) -> str:
        """電気の停止 12月5日(土) 東京電力: the day is left out where there is none."""
        what = _("%(industry)sの%(procedure)s") % {"industry": self.industry, "procedure": self.procedure}
        return " ".join(filter(None, (what, self.day, self.provider)))


def mail_name(kind: MailKind) -> str:
    """The name that a mail has in its subject, for pages that name it: in Japanese, as the mail is."""
    with override(settings.LANGUAGE_CODE):
        return str(kind.label)


@dataclass(frozen=True)
class ProofTexts:
    """By what the mailbox is proved: six digits, or a link; typed: the link's text, where it has to be typed."""

    code: str
    link: str
    typed: str
    minutes: int


def write_proof_mail(book: Book, kind: MailKind, *, about: UUID, to: str, texts: ProofTexts) -> Mail:
    """申込登録のお知らせ, or a later code. Whoever gets it may be a stranger to the book: it holds nothing that was
    typed there, for a name or a company's name could carry somebody else's letter.
    """
    return _write(book, kind, about, to, {"texts": replace(texts, typed=in_fours(texts.typed))})


def write_access_key_mail(book: Book, *, to: str, access_key: str) -> Mail:
    """アクセスキーのお知らせ, once the mailbox is proved."""
    return _write(book, MailKind.ACCESS_KEY, book.id, to, {"access_key": in_fours(access_key)})


def write_email_changed_mails(book: Book, *, old: str, new: str) -> None:
    """Tell both addresses that the login has changed. The old one hears which the new one is, for that may be mistyped,
    and the new one, which may be a stranger's, nothing of the old.
    """
    _write(book, MailKind.EMAIL_CHANGED, new_uuid7(), old, {"new": new})
    _write(book, MailKind.EMAIL_CHANGED, new_uuid7(), new, {"new": ""})


def write_key_link_mail(book: Book, *, about: UUID, to: str, link: str, hours: int) -> Mail:
    """Write the mail with the link to a new access key."""
    context = {"link": link, "hours": hours, "registered": timezone.localtime(book.registered_at)}
    return _write(book, MailKind.KEY_LINK, about, to, context)


def write_new_key_mail(book: Book, *, about: UUID, to: str, access_key: str) -> Mail:
    """Write the mail with the new access key."""
    return _write(book, MailKind.KEY_RENEWED, about, to, {"access_key": in_fours(access_key)})


def write_holder_mail(book: Book, *, to: str, link: str, typed: str, days: int, procedures: Sequence[str]) -> Mail:
    """Write the mail that asks a contract's holder. They are a stranger to the book: it holds nothing that was typed
    there, and no link that would stop the whole book.
    """
    details = {"link": link, "typed": in_fours(typed), "days": days, "procedures": procedures}
    return _write(book, MailKind.HOLDER, new_uuid7(), to, details, is_movers=False)


def write_postcard_stop_mail(book: Book, *, to: str) -> Mail:
    """Write the mail that says that the book was stopped from the old address, by its postcard."""
    return _write(book, MailKind.POSTCARD_STOP, book.id, to, {}, is_movers=False)


def write_erasure_mail(book: Book, *, to: str) -> Mail:
    """Write the mail that says that the mover's book was erased. book: one that has nothing but this mail."""
    return _write(book, MailKind.ERASURE, book.id, to, {})


def write_notice_mail(
    book: Book,
    kind: MailKind,
    heading: NoticeHeading,
    *,
    about: UUID,
    to: str,
    receipt_number: str = "",
    form_title: str = "",
    held_at: datetime | None = None,
) -> Mail:
    """Write the mail about a notice that was held, sent, accepted, returned or not delivered; one a notice and kind.

    A mail that it is held or sent, or one that asks, is dropped where it has not gone out when a later one is written.
    """
    overtaken = Mail.objects.filter(kind__in=_OVERTAKEN, about=about, sent_at=None, leased_until=None)
    overtaken.exclude(kind=kind).delete()
    context = {"heading": heading, "receipt_number": receipt_number, "form_title": form_title, "held_at": held_at}
    return _write(book, kind, about, to, context, heading)


def allow_next_failure_mail(about: UUID) -> None:
    """Let the next failure of this notice, or of its withdrawal, be told anew: it is sent again. A mail that has not
    gone out is dropped.
    """
    told = Mail.objects.filter(kind__in=_FAILURES, about=about)
    told.filter(sent_at=None, gave_up_at=None, leased_until=None).delete()
    told.update(about=F("id"))  # one mail a notice and kind: this one is about an attempt that is over


def read_mail(mail: Mail) -> dict[str, str]:
    """The sealed content: to, subject, text."""
    content: dict[str, str] = open_for_book(mail.book, f"mail:{mail.id}", mail.sealed or b"")
    return content


def mailbox_of(book: Book, email: str) -> BookMailbox:
    """The row of this address of the book."""
    return _mailbox_row(book, email_hash(email))


def report_token(book: Book, email: str) -> str:
    """The text of the link in mails to this address: 24 characters, as an access key has."""
    hashed = email_hash(email)
    token = _link_text(book, hashed)
    _mailbox_row(book, hashed)
    return token


def reported_mailbox(typed: str) -> BookMailbox | None:
    """The mailbox whose owner has this link. None: there is none, or the address is not the book's and never was proved
    for it, so that nothing was told in its owner's name.
    """
    token = cleaned_access_key(typed)
    row = BookMailbox.objects.select_related("book").filter(report_hash=report_hash(token)).first() if token else None
    return row if row and (row.proved_at or row.email_hash == row.book.email_hash) else None


def report_hash(token: str) -> str:
    """The keyed hash under which a link is found."""
    return index_hash(f"report-link:{token}")


def _written_day(on: date) -> str:
    return written(on, pgettext("date format", "n月j日(D)"))


def _subject(kind: MailKind, heading: NoticeHeading | None) -> str:
    """In Japanese. A subject is read on lock screens and in logs of mail servers: no name, no address, no number to
    telephone with.
    """
    names = {"portal": settings.PORTAL_NAME, "mail": mail_name(kind)}
    if heading is None:
        return _("【%(portal)s】%(mail)s") % names
    said = {"title": heading.title, "place": heading.place_in_book}
    return _("【%(portal)s】%(mail)s: %(title)s（%(place)s）") % (names | said)


def _not_mine(book: Book, to: str) -> str:
    """The way out for whoever did not ask for any of this: it stands in every mail to a mover."""
    token = report_token(book, to)
    helper = helper_of(book)
    links = {
        "entered_by": _(helper.role_label) if helper else "",
        "report_link": f"{settings.BASE_URL}/book/not-mine#{token}",
        "report_typed": in_fours(token),
    }
    return render_to_string("mail/not_mine.txt", links)


def _write(
    book: Book,
    kind: MailKind,
    about: UUID,
    to: str,
    details: dict[str, Any],
    heading: NoticeHeading | None = None,
    *,
    is_movers: bool = True,
) -> Mail:
    mail = Mail(book=book, kind=kind, about=about, created_at=Now(), due_at=Now())
    context = {**details, "portal": settings.PORTAL_NAME, "book_url": f"{settings.BASE_URL}/book/"}
    texts, names = [], []
    for language in filter(None, (mail_language_of(book), settings.LANGUAGE_CODE)):
        with override(language):  # whatever the language of the page that it is written from
            said = render_to_string(f"mail/{kind.value}.txt", context)
            texts.append(f"{said}\n\n{_not_mine(book, to)}" if is_movers else str(said))
            names.append(str(kind.label))
            subject = _subject(kind, heading)
    if len(names) > 1:
        subject = f"{subject} / {names[0]}"
    content = {"to": to, "subject": subject, "text": _BETWEEN_LANGUAGES.join(texts)}
    mail.sealed = seal_for_book(book, f"mail:{mail.id}", content)
    mail.save(force_insert=True)
    return mail


def _mailbox_row(book: Book, hashed: str) -> BookMailbox:
    defaults = {"report_hash": report_hash(_link_text(book, hashed))}
    return BookMailbox.objects.get_or_create(book=book, email_hash=hashed, defaults=defaults)[0]


def _link_text(book: Book, hashed: str) -> str:
    number = int(index_hash(f"report:{book.id}:{hashed}"), 16)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
