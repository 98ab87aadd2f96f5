"""A book's life."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.sealing import SealBroken
from renrakucho.mover.book import (
    NoSuchBook,
    begin_draft,
    draft_by_id,
    entries_of,
    open_for_book,
    open_with_access_key,
    register_draft,
    save_entries,
    seal_for_book,
)
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.models import Book
from tests import cast

pytestmark = pytest.mark.django_db


def test_entries_come_back_as_they_were_typed() -> None:
    book = cast.draft((), person__family_name="神\ufa19𠮷", person__given_name="か\u3099")
    items = entries_of(Book.objects.get(id=book.id)).items
    assert items["person.family_name"] == "神\ufa19𠮷"
    assert items["person.given_name"] == "か\u3099"


def test_entries_are_stored_sealed() -> None:
    book = cast.draft((), person__family_name="勅使河原")
    row = Book.objects.values_list("entries", "wrapped_key", "email_hash").get(id=book.id)
    assert not any(name.encode() in bytes(part) for part in row[:2] for name in ("勅使河原", "千代田", cast.EMAIL))


def test_the_latest_entries_are_kept() -> None:
    book = begin_draft()
    save_entries(book, replace(MoveEntries(), chosen=("water:stop:tokyo-waterworks",)))
    assert entries_of(draft_by_id(str(book.id))).chosen == ("water:stop:tokyo-waterworks",)


def test_width_and_case_of_email_and_key_do_not_matter() -> None:
    book = cast.draft(())
    key = register_draft(book, "Taro@Example.jp")
    assert open_with_access_key(" taro@example.JP ", in_fours(key).lower()).id == book.id
    assert open_with_access_key("ｔａｒｏ@example.jp", key.replace("0", "o").replace("1", "l")).id == book.id


def test_a_changed_email_address_opens_the_book() -> None:
    book = cast.draft(())
    access_key = register_draft(book, cast.EMAIL)
    save_entries(book, cast.entries((), contact__email="new@example.jp"))
    assert open_with_access_key("new@example.jp", access_key).id == book.id
    with pytest.raises(NoSuchBook):
        open_with_access_key(cast.EMAIL, access_key)


def test_a_draft_saved_while_it_was_registered_does_not_lock_the_book() -> None:
    book = cast.draft(())
    second_press = draft_by_id(str(book.id))
    access_key = register_draft(book, cast.EMAIL)
    save_entries(second_press, cast.entries(()))
    assert open_with_access_key(cast.EMAIL, access_key).id == book.id


@pytest.mark.parametrize("email", ["", "hanako@example.jp"])
def test_another_email_address_does_not_open_the_book(email: str) -> None:
    key = register_draft(cast.draft(()), cast.EMAIL)
    with pytest.raises(NoSuchBook):
        open_with_access_key(email, key)


@pytest.mark.parametrize("key", ["", "A" * 24, "𠮷", "'; drop table"])
def test_another_access_key_does_not_open_the_book(key: str) -> None:
    register_draft(cast.draft(()), cast.EMAIL)
    with pytest.raises(NoSuchBook):
        open_with_access_key(cast.EMAIL, key)


@pytest.mark.parametrize("key", ["", "nonsense", "018f0000-0000-7000-8000-000000000000"])
def test_an_unknown_id_has_no_draft(key: str) -> None:
    with pytest.raises(NoSuchBook):
        draft_by_id(key)


def test_a_sealed_text_opens_only_for_its_book_and_field() -> None:
    one, other = begin_draft(), begin_draft()
    sealed = seal_for_book(one, "entries", {"a": 1})
    assert open_for_book(one, "entries", sealed) == {"a": 1}
    with pytest.raises(SealBroken):
        open_for_book(other, "entries", sealed)
    with pytest.raises(SealBroken):
        open_for_book(one, "draft", sealed)


def test_old_drafts_are_deleted_and_books_kept() -> None:
    old, book, fresh = cast.draft(()), cast.draft(()), cast.draft(())
    register_draft(book, cast.EMAIL)
    Book.objects.filter(id__in=[old.id, book.id]).update(created_at=timezone.now() - timedelta(days=8))
    now = timezone.now()
    Book.objects.filter(id=book.id).update(mailbox_proved_at=now)
    Book.objects.filter(id=old.id).update(created_at=now - timedelta(days=7, seconds=1))
    Book.objects.filter(id=fresh.id).update(created_at=now - timedelta(days=7))
    assert enforce_retention(now) == {"draft": 1}
    assert set(Book.objects.values_list("id", flat=True)) == {book.id, fresh.id}
