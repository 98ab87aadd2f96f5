"""Mails as a mail server gets them: sender, subject, and who runs the portal, below every one."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from renrakucho.config.installation import sender_address
from renrakucho.delivery.deliver_mail import send_due_mails, send_due_staff_mails
from renrakucho.mail.models import Mail
from renrakucho.mover.book import seal_for_book
from renrakucho.provider.staff_mail import write_arrivals_mail, write_invitation_mail
from sandbox.mail_receiver import mail_receiver
from tests import cast
from tests.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

LONG = "【引越れんらく帳】受理のお知らせ: クレジットカードの住所変更 12月5日(土) 髙﨑信販株式会社（10件のうち3件目）"


@pytest.fixture
def letters(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder in which each mail that a real SMTP server took is a file."""
    port = free_port()
    receiver = mail_receiver(tmp_path / "mail", port)
    receiver.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield tmp_path / "mail"
    receiver.stop()


def raw(letters: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(letters.iterdir()) if path.is_file()]


def with_subject(subject: str, text: str = "本文") -> None:
    mail = cast.book().mails.get()
    mail.sealed = seal_for_book(mail.book, f"mail:{mail.id}", {"to": cast.EMAIL, "subject": subject, "text": text})
    mail.save(update_fields=["sealed"])


@pytest.mark.parametrize("subject", [LONG, LONG * 3, "受理", "Accepted", "受理 A-1 Card, twice"])
@pytest.mark.parametrize("name", ["引越れんらく帳", 'Moving, "once"', "神奈川県内全市町村引越れんらく帳（試験中）"])
def test_long_japanese_headers_arrive_whole_and_folded(letters: Path, settings: Any, subject: str, name: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender_address(name, "book@portal.example")
    with_subject(subject)
    send_due_mails("test")
    (letter,) = raw(letters)
    read = message_from_bytes(letter, policy=policy.default)
    (sender,) = read["From"].addresses
    assert read["Subject"] == subject
    assert sender.addr_spec == "book@portal.example"
    assert sender.display_name.replace(" ", "") == name.replace(" ", "")  # this parser puts spaces between its words
    head, _, _ = letter.replace(b"\r\n", b"\n").partition(b"\n\n")
    assert head.isascii()
    assert max(map(len, head.split(b"\n"))) <= 76
    assert not re.search(rb"^[A-Za-z-]+: *$", head, re.MULTILINE)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]+\?=", head))


@pytest.mark.parametrize(
    "text", ["長い一行" * 500, "one long line " * 200, "短い\n行\n", "勅使河原 𠮷右衛門\n" + "é" * 1200]
)
def test_a_body_of_any_line_length_arrives_whole_in_lines_that_smtp_takes(letters: Path, text: str) -> None:
    """RFC 5321, 4.5.3.1.6: a line has at most 1,000 octets with its end."""
    with_subject("受理", text)
    send_due_mails("test")
    (letter,) = raw(letters)
    read = message_from_bytes(letter, policy=policy.default)
    assert text.strip() in read.get_content().replace("\r\n", "\n")
    assert max(map(len, letter.split(b"\n"))) <= 998


def test_the_sender_has_the_portals_name(letters: Path, settings: Any) -> None:
    cast.book()
    send_due_mails("test")
    (sender,) = message_from_bytes(raw(letters)[0], policy=policy.default)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("引越れんらく帳", "renrakucho@localhost")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a@b.example", '"帳" <a@b.example>'),
        ("<a@b.example>", '"帳" <a@b.example>'),
        ("市役所 <a@b.example>", '"市役所" <a@b.example>'),
    ],
)
def test_a_name_of_the_installations_own_is_kept(given: str, kept: str) -> None:
    assert sender_address("帳", given) == kept


def text_of(letter: bytes) -> str:
    part = message_from_bytes(letter, policy=policy.default).get_body()
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(("operator", "contact"), [("昭島市 市民部", "電話 042-544-5111 (平日 9時から17時)"), ("", "")])
def test_every_mail_says_who_runs_the_portal_and_how_to_reach_them(
    letters: Path, settings: Any, operator: str, contact: str
) -> None:
    settings.OPERATOR, settings.CONTACT = operator, contact
    cast.book()
    write_arrivals_mail(uuid4(), to="desk@example.jp", count=2)
    write_invitation_mail(uuid4(), to="desk@example.jp", provider="昭島市", link="https://x.example/", days=7)
    send_due_mails("test")
    send_due_staff_mails("test")
    texts = [text_of(letter) for letter in raw(letters)]
    assert len(texts) == 3
    for text in texts:
        below = text.partition("\n-- \n")[2].splitlines()
        assert below[:2] == ["引越れんらく帳", "http://localhost:8000"]
        assert below[2] == f"運営: {operator or '運営者の名前は、このサイトに登録されていません。'}"
        assert below[3] == f"お問い合わせ: {contact or '連絡先は、このサイトに登録されていません。'}"


def test_a_mail_is_one_of_its_kind(letters: Path) -> None:
    with_subject(LONG)
    assert send_due_mails("test") == 1
    assert send_due_mails("test") == 0
    assert Mail.objects.get().sent_at
    assert len(raw(letters)) == 1
