"""Postcards to old addresses: who gets one, in which batch, how it stops a book, and what stays of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.mover.models import Book
from renrakucho.notice import postcard
from renrakucho.notice.models import Status
from renrakucho.notice.notice_form import keep_draft
from renrakucho.notice.postcard import Postcard, PostcardBatch, read_postcard
from renrakucho.paper.postcard_paper import PostcardText
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt.disavowal import disavow
from renrakucho.receipt.disclosure import disclosure_of
from renrakucho.receipt.disclosure_receipt import published_keys, signed_disclosure
from renrakucho.receipt.models import Disavowal
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.postcard_batch import make_batch, read_batch, waiting_postcards
from renrakucho.standard.disclosure_check import check_disclosure
from renrakucho.standard.disclosure_signature import canonical_bytes
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import WATER, needed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
SENDER = "〒100-0001 東京都千代田区千代田1-1 ひっこし事務局"


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> None:
    settings.POSTCARD_SENDER = SENDER


def card_of(book: Book) -> PostcardText:
    return read_postcard(Postcard.objects.select_related("book").get(book=book))


def hide(book: Book) -> None:
    book.refresh_from_db()
    save_entries(book, replace(entries_of(book), confidential=True))


def test_a_registered_book_queues_one_card_with_the_old_address_and_nothing_else() -> None:
    card = card_of(cast.book())
    assert (card.postal_code, card.address) == ("1020084", "東京都千代田区二番町5-6")
    assert (card.building, card.name) == ("あいおい二番町ビル　A-301", "髙﨑　太郎")
    assert "昭島" not in str(card.as_json())
    assert len(card.code) == 12


def test_without_a_sender_there_is_none(settings: Any) -> None:
    settings.POSTCARD_SENDER = ""
    cast.book()
    assert not Postcard.objects.exists()


def test_a_confidential_book_never_gets_one() -> None:
    """At no point: registered so, made so before the batch, made so after it."""
    cast.registered(replace(cast.entries(), confidential=True))
    assert not Postcard.objects.exists()
    operator = at_bureau()
    hide(cast.book())
    assert make_batch(operator) is None
    assert not Postcard.objects.exists()
    later = cast.book()
    batch = make_batch(operator)
    assert batch
    hide(later)
    assert read_batch(operator, batch) == []


def test_the_mutant_that_does_not_ask_whether_a_book_is_confidential_prints_its_card(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hide(cast.book())
    monkeypatch.setattr("renrakucho.receipt.postcard_batch.is_sendable", lambda row: True)
    assert make_batch(at_bureau())


def test_a_book_whose_mailbox_is_not_proved_gets_none_yet() -> None:
    book = cast.book()
    cast.unprove(book)
    assert make_batch(at_bureau()) is None
    assert Postcard.objects.filter(book=book).exists()


def test_each_book_is_in_one_batch_and_a_batch_taken_twice_is_the_same() -> None:
    operator, first, second = at_bureau(), cast.book(), cast.book()
    batch = make_batch(operator)
    assert batch
    assert make_batch(operator) is None
    third = cast.book()
    another = make_batch(operator)
    assert another
    assert read_batch(operator, batch) == read_batch(operator, batch) == [card_of(first), card_of(second)]
    assert read_batch(operator, another) == [card_of(third)]
    assert (batch.cards, another.cards, waiting_postcards()) == (2, 1, 0)


def another_address(book: Book) -> None:
    book.refresh_from_db()
    entered = entries_of(book)
    save_entries(book, replace(entered, items={**entered.items, "origin.block": "7-8"}))


def entered_from_another_address() -> Book:
    notice = cast.notice(WATER)
    another_address(notice.book)
    notice.refresh_from_db()
    keep_draft(notice, answers=needed(notice))
    return enter_notice(notice).book


def test_an_address_that_is_told_later_gets_a_card_of_its_own() -> None:
    """An impostor registers another address, has the card go there, and then tells the victim's."""
    book = entered_from_another_address()
    cards = [read_postcard(row).address for row in Postcard.objects.filter(book=book).order_by("id")]
    assert cards == ["東京都千代田区二番町5-6", "東京都千代田区二番町7-8"]


def test_the_mutant_that_asks_at_the_registration_alone_sends_no_card_to_the_victim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("renrakucho.receipt.mover_actions.queue_postcard", lambda book: None)
    assert Postcard.objects.filter(book=entered_from_another_address()).count() == 1


def test_a_card_with_a_character_that_cannot_be_printed_stays_behind_and_is_counted() -> None:
    cast.book(person__given_name="太\U0001f600郎")
    cast.book()
    batch = make_batch(at_bureau())
    assert batch
    assert (batch.cards, batch.unprintable, waiting_postcards()) == (1, 1, 1)


def test_the_code_stops_the_book_and_its_mover_is_told() -> None:
    notice = cast.notice(WATER)
    keep_draft(notice, answers=needed(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    code = card_of(notice.book).code
    typed = f"{code[:4]}-{code[4:8]} {code[8:].upper()}"
    done = disavow(typed)
    assert done
    assert (done.was_proved, done.notices, done.withdrawn) == (True, 1, 1)
    assert disavow(typed) == done
    assert Disavowal.objects.count() == 1
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN
    book = Book.objects.get(id=notice.book_id)
    assert book.disavowed_at
    mail = read_mail(Mail.objects.get(kind=MailKind.POSTCARD_STOP))
    assert "はがき" in mail["text"]
    assert "not-mine" not in mail["text"]
    assert "二番町" not in mail["text"]


def test_a_stopped_book_that_told_nobody_stays_until_its_mover_was_told() -> None:
    book = cast.book()
    assert disavow(card_of(book).code)
    book.refresh_from_db()
    assert (book.erasure_requested_at, book.mails.filter(kind=MailKind.POSTCARD_STOP).count()) == (None, 1)


def test_a_wrong_code_stops_nothing() -> None:
    book = cast.book()
    assert disavow("2222-2222-2222") is None
    assert disavow(card_of(book).code[:-1]) is None
    book.refresh_from_db()
    assert book.disavowed_at is None


def test_a_stopped_books_card_is_not_printed() -> None:
    operator, book = at_bureau(), cast.book()
    batch = make_batch(operator)
    assert batch
    disavow(card_of(book).code)
    assert read_batch(operator, batch) == []


def test_each_printing_is_audited_and_disclosed_without_the_operators_name() -> None:
    operator, book = at_bureau(), cast.book()
    batch = make_batch(operator)
    assert batch
    for _time in range(2):
        read_batch(operator, batch)
    deeds = ["postcard_made", "postcard_taken", "postcard_taken"]
    number = book.notices.order_by("position")[0].number
    assert [entry.deed for entry in AuditEntry.objects.filter(number=number).order_by("id")] == deeds
    disclosure = disclosure_of(book)
    assert [(each.kind, each.entity, each.role) for each in disclosure.postcards] == [
        (deed, "", "operator") for deed in deeds
    ]
    signed = canonical_bytes(signed_disclosure(disclosure))
    assert operator.name not in signed.decode()
    assert check_disclosure(signed, published_keys()).trusted
    assert signed.decode().count("audit:postcard_taken") == 2


def test_after_its_days_a_batch_is_gone_and_its_books_get_no_second_card(monkeypatch: pytest.MonkeyPatch) -> None:
    operator, book = at_bureau(), cast.book()
    batch = make_batch(operator)
    assert batch
    PostcardBatch.objects.update(made_at=timezone.now() - timedelta(days=13))
    enforce_retention()
    assert PostcardBatch.objects.exists()
    PostcardBatch.objects.update(made_at=timezone.now() - timedelta(days=14, minutes=1))
    assert enforce_retention() == {"postcard": 1}
    assert not PostcardBatch.objects.exists()
    assert Postcard.objects.get(book=book).content is None
    postcard.queue_postcard(book)
    assert make_batch(operator) is None


def test_the_content_is_sealed_and_goes_with_its_book() -> None:
    book = cast.book()
    row = Postcard.objects.get(book=book)
    assert "二番町".encode() not in bytes(row.content or b"")
    assert card_of(book).code.encode() not in bytes(row.content or b"")
    book.delete()
    assert not Postcard.objects.exists()
