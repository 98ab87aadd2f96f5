"""A mover who registered in another language gets mails in it, with the Japanese below."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from renrakucho.mail.models import MailKind
from renrakucho.mail.mover_mail import read_mail, write_access_key_mail
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.models import Book
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

JAPANESE = "メールアドレスの確認が済みました。れんらく帳のアクセスキーです。"
ENGLISH = "Your e-mail address is confirmed. This is the access key of your moving book."


def key_mail(book: Book, language: str) -> dict[str, str]:
    save_entries(book, replace(entries_of(book), language=language))
    with override("vi"):  # the page that it is written from says nothing of who reads it
        return read_mail(write_access_key_mail(book, to=cast.EMAIL, access_key="A" * 24))


def test_a_mail_has_the_language_of_its_book_and_japanese_below() -> None:
    mail = key_mail(cast.book(), "en")
    assert mail["text"].startswith(ENGLISH)
    assert JAPANESE in mail["text"].partition("-" * 40)[2]
    assert mail["text"].count("/book/not-mine#") == 2
    assert mail["subject"].endswith("アクセスキーのお知らせ / Your access key")


def test_a_book_of_a_reader_of_japanese_has_japanese_mails() -> None:
    mail = key_mail(cast.book(), "")
    assert mail["text"].startswith(JAPANESE)
    assert "-" * 40 not in mail["text"]
    assert mail["subject"].endswith("アクセスキーのお知らせ")


@pytest.mark.parametrize("kind", MailKind.values)
def test_every_mail_is_translated(kind: str) -> None:
    with override("en"):
        assert str(MailKind(kind).label).isascii()
