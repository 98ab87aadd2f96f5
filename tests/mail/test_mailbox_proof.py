"""The mailbox is proved by a mailed code or link; each defence is tested with the mutant that takes it out."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.lib.identifiers import in_fours
from renrakucho.mail import mailbox_proof
from renrakucho.mail.book_login import mail_key_links, request_key_link, save_book_entries, use_key_link
from renrakucho.mail.mailbox_proof import (
    WrongMailboxCode,
    forget_handed_out_keys,
    prove_by_code,
    prove_by_link,
    resend_code,
)
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import handed_out_key, open_with_access_key
from renrakucho.mover.models import Book, BookMailbox
from renrakucho.notice.registration import register_book
from tests import cast
from tests.book.opened import mailed_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

NEW = "hanako@example.jp"


def registered() -> Book:
    """A book whose mailbox is not proved yet."""
    book = cast.draft(())
    register_book(book)
    book.refresh_from_db()
    return book


def wrong_code() -> str:
    return f"{(int(mailed_code()) + 1) % 10**6:06}"


def mailed_link(kind: MailKind = MailKind.REGISTRATION) -> str:
    """The text behind «#» of the latest link."""
    text = read_mail(Mail.objects.filter(kind=kind).latest("id"))["text"]
    return str(re.findall(r"/book/confirm#(\w{24})\n", text)[0])


def reason(book: Book, code: str) -> str:
    with pytest.raises(WrongMailboxCode) as caught:
        prove_by_code(book, code)
    return caught.value.reason


def test_each_block_of_the_mail_stands_apart() -> None:
    registered()
    text = read_mail(Mail.objects.get(kind=MailKind.REGISTRATION))["text"]
    assert re.search(r"\n  [0-9A-Z-]{29}\n\nまだ、どの事業者にも連絡していません。", text)
    assert "\n\n\n" not in text


def is_proved(book: Book) -> bool:
    return Book.objects.filter(id=book.id, mailbox_proved_at__isnull=False).exists()


def test_the_mailed_code_proves_the_mailbox_and_hands_out_the_key() -> None:
    book = registered()
    assert not is_proved(book)
    proof = prove_by_code(book, mailed_code())
    assert is_proved(book)
    assert open_with_access_key(cast.EMAIL, proof.access_key).id == book.id
    mail = read_mail(Mail.objects.get(kind=MailKind.ACCESS_KEY))
    assert in_fours(proof.access_key) in mail["text"]


def test_a_code_may_be_typed_in_full_width_and_with_spaces() -> None:
    book = registered()
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in mailed_code())
    assert prove_by_code(book, f" {wide[:3]} {wide[3:]} ").book.id == book.id


def test_only_hashes_are_kept_of_code_and_link() -> None:
    book = registered()
    row = str(BookMailbox.objects.values().get(book=book))
    assert mailed_code() not in row
    assert mailed_link() not in row


def test_a_wrong_code_proves_nothing() -> None:
    book = registered()
    assert reason(book, wrong_code()) == "wrong"
    assert reason(book, "") == "wrong"
    assert not is_proved(book)


def test_a_comparison_that_is_always_true_would_prove_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_proof, "_is_right", lambda row, code: True)
    book = registered()
    prove_by_code(book, wrong_code())
    assert is_proved(book)


def test_after_five_tries_even_the_right_code_is_refused() -> None:
    book, code = registered(), mailed_code()
    wrong = wrong_code()
    assert [reason(book, wrong) for _each in range(5)] == ["wrong"] * 4 + ["tries"]
    assert reason(book, code) == "tries"
    assert not is_proved(book)
    resend_code(book)
    assert prove_by_code(book, mailed_code())


def test_without_the_limit_a_code_could_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_proof, "MOST_TRIES", 10**6)
    book, code = registered(), mailed_code()
    for _each in range(20):
        reason(book, f"{(int(code) + 1) % 10**6:06}")
    assert prove_by_code(book, code)


def test_a_code_holds_for_half_an_hour() -> None:
    book, code = registered(), mailed_code()
    until = BookMailbox.objects.get(book=book).code_until
    assert until
    assert timedelta(minutes=29) < until - timezone.now() <= timedelta(minutes=30)
    BookMailbox.objects.update(code_until=timezone.now())
    assert reason(book, code) == "expired"
    assert prove_by_link(mailed_link()) is None


def test_a_new_code_ends_the_old_one() -> None:
    book, old, old_link = registered(), mailed_code(), mailed_link()
    Mail.objects.update(sent_at=timezone.now())
    resend_code(book)
    if mailed_code() != old:
        assert reason(book, old) == "wrong"
    assert prove_by_link(old_link) is None
    assert prove_by_code(book, mailed_code())


def test_a_mail_with_an_old_code_that_waits_is_dropped() -> None:
    book = registered()
    resend_code(book)
    assert Mail.objects.filter(book=book).count() == 1


def test_the_link_proves_the_mailbox_too() -> None:
    book = registered()
    proof = prove_by_link(in_fours(mailed_link()).lower())
    assert proof
    assert (proof.book.id, is_proved(book)) == (book.id, True)


def test_a_corrected_address_needs_its_own_code() -> None:
    book, old, old_link = registered(), mailed_code(), mailed_link()
    assert save_book_entries(book, cast.entries((), contact__email=NEW))
    assert [read_mail(mail)["to"] for mail in Mail.objects.all()] == [NEW]  # the old address hears nothing
    if mailed_code() != old:
        assert reason(book, old) == "wrong"
    assert prove_by_link(old_link) is None
    proof = prove_by_code(book, mailed_code())
    assert open_with_access_key(NEW, proof.access_key)


def test_a_proved_book_with_a_new_address_is_unproved_until_its_code_is_entered() -> None:
    book = cast.book(())
    assert is_proved(book)
    save_book_entries(book, cast.entries((), contact__email=NEW))
    assert not is_proved(book)
    proof = prove_by_code(book, mailed_code())
    assert is_proved(book)
    assert proof.access_key == handed_out_key(book)


def test_an_address_that_was_proved_before_needs_no_new_code() -> None:
    book = cast.book(())
    save_book_entries(book, cast.entries((), contact__email=NEW))
    save_book_entries(book, cast.entries(()))
    assert is_proved(book)


def test_a_code_of_one_book_proves_no_other() -> None:
    one = registered()
    code = mailed_code()
    other = registered()
    if mailed_code() != code:
        assert reason(other, code) == "wrong"
    assert not is_proved(one)


def test_the_key_is_forgotten_half_an_hour_after_it_was_handed_out() -> None:
    book = registered()
    prove_by_code(book, mailed_code())
    assert forget_handed_out_keys(timezone.now() + timedelta(minutes=29)) == 0
    assert forget_handed_out_keys(timezone.now() + timedelta(minutes=31)) == 1
    assert handed_out_key(Book.objects.get()) == ""


def test_a_link_to_a_new_key_proves_the_mailbox() -> None:
    book = registered()
    request_key_link(cast.EMAIL)
    mail_key_links()
    text = read_mail(Mail.objects.get(kind=MailKind.KEY_LINK))["text"]
    use_key_link(re.findall(r"/book/new-key\S*?([\w-]{27})\s", text)[0])
    assert is_proved(book)


def test_a_book_that_was_never_proved_is_deleted_with_the_drafts() -> None:
    registered()
    kept = cast.book((), contact__email=NEW)
    cast.unprove(kept)  # its address has changed since
    Book.objects.filter(id=kept.id).update(pending_key=None)
    enforce_retention(timezone.now() + timedelta(days=6))
    assert Book.objects.count() == 2
    enforce_retention(timezone.now() + timedelta(days=8))
    assert Book.objects.get() == kept
