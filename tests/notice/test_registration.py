"""Registering a book."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import entries_of, save_entries
from renrakucho.notice.notice_form import draft_of
from renrakucho.notice.registration import new_notice_numbers, register_book
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_each_chosen_provider_gets_one_notice() -> None:
    book = cast.draft()
    assert register_book(book)
    assert register_book(book) is False
    assert sorted(book.notices.values_list("offer", flat=True)) == sorted(cast.ALL)
    assert Mail.objects.filter(book=book).count() == 1


def test_a_later_choice_adds_a_notice_and_changes_nothing_else() -> None:
    book = cast.book(["water:stop:tokyo-waterworks"])
    before = book.notices.get()
    save_entries(book, cast.entries(["water:stop:tokyo-waterworks", "broadcasting:change:nhk"]))
    assert register_book(book) is False
    assert book.notices.count() == 2
    assert book.notices.get(offer=before.offer).number == before.number
    assert Mail.objects.filter(book=book).count() == 1


def test_the_card_keeps_what_the_directory_said_that_day() -> None:
    card = draft_of(cast.notice("water:stop:tokyo-waterworks")).card
    assert card.name == "東京都水道局"
    assert card.phones


def test_the_name_of_another_company_is_stored_sealed() -> None:
    book = cast.draft(["electricity:stop:other"])
    entries = entries_of(book)
    save_entries(book, type(entries)(**{**vars(entries), "others": {"electricity:stop:other": "となりの電気"}}))
    register_book(book)
    notice = book.notices.get()
    assert draft_of(notice).card.name == "となりの電気"
    assert "となりの電気".encode() not in bytes(notice.draft)
    assert notice.provider == ""


def test_numbers_have_twelve_digits_and_differ() -> None:
    numbers = new_notice_numbers(200)
    assert len(set(numbers)) == 200
    assert all(len(number) == 12 and number.isdigit() and number[0] != "0" for number in numbers)


def test_what_is_kept_and_mailed_is_in_japanese_whatever_the_language_of_the_page() -> None:
    book = cast.draft(["electricity:stop:other", "water:stop:tokyo-waterworks"])
    with override("en"):
        register_book(book)
    names = {draft_of(notice).card.name for notice in book.notices.all()}
    assert names == {"ほかの会社", "東京都水道局"}
    mail = read_mail(Mail.objects.get(book=book))
    assert "確認の番号\n" in mail["text"]
    assert "Code" not in mail["text"]


def test_the_mail_to_an_unproved_address_says_nothing_that_was_typed() -> None:
    typed = {"person__family_name": "ここをおす", "origin__building": "http://evil.example/"}
    book = cast.draft(["electricity:stop:other"], **typed)
    entries = entries_of(book)
    letter = "至急https://evil.example/で更新"
    save_entries(book, replace(entries, others={"electricity:stop:other": letter}))
    register_book(book)
    mail = read_mail(Mail.objects.get(book=book))
    for text in ("evil", "ここをおす", "至急", "髙﨑", "二番町", "ほかの会社"):
        assert text not in mail["text"] + mail["subject"]
