"""Several contracts with one company: a notice for each, told apart by the name that the mover gives."""

from dataclasses import replace

import pytest
from django.test import Client

from renrakucho.mover.book import entries_of
from renrakucho.notice.contract_name import rename_contract
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import draft_of, frozen_form
from renrakucho.notice.offer import chosen_offers
from renrakucho.notice.registration import add_contract, register_book
from renrakucho.receipt.mover_actions import ask_again, hand_over_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests import cast
from tests.book.opened import open_book_of, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
JCB = "credit_card:change:jcb"
STOP = "electricity:stop:tepco-ep"


def with_cards(*names: str) -> list[Notice]:
    entries = cast.entries([JCB])
    entries = replace(entries, wishes={"credit_card": ("leaving", "arriving")}, more={JCB: names})
    return list(cast.registered(entries).notices.order_by("position"))


def test_each_contract_has_a_notice_of_its_own() -> None:
    first, second, third = with_cards("2枚め", "家族カード")
    assert [one.offer for one in (first, second, third)] == [JCB, f"{JCB}#2", f"{JCB}#3"]
    assert {one.provider for one in (first, second, third)} == {"jcb"}
    assert [draft_of(one).card.name for one in (first, second, third)] == ["JCB", "JCB（2枚め）", "JCB（家族カード）"]
    hand_over_notice(second)
    assert [notice_view(Notice.objects.get(id=one.id)).status for one in (first, second)] == [
        "not_entered",
        "handed_over",
    ]


def test_two_other_companies_keep_their_own_names() -> None:
    key = "bank:change:other"
    entries = replace(cast.entries([key]), wishes={"bank": ("leaving", "arriving")})
    entries = replace(entries, others={key: "みほん銀行"}, more={key: ("あおぞらみほん銀行",)})
    assert [offer.name for offer in chosen_offers(entries)] == ["みほん銀行", "あおぞらみほん銀行"]


def test_one_more_can_be_added_from_the_book_and_twice_is_once(client: Client) -> None:
    book = open_book_of(client, [STOP])
    notice = book.notices.get()
    for _time in range(2):
        response = client.post(f"/book/notices/{notice.id}/another", {"called": "離れ"})
    first, second = book.notices.order_by("position")
    assert response.headers["Location"] == f"/book/notices/{second.id}/"
    assert (first.offer, second.offer) == (STOP, f"{STOP}#2")
    page = page_text(client.get("/book/"))
    assert "東京電力エナジーパートナー（離れ）" in page
    third = add_contract(second, "店")
    assert third
    assert third.offer == f"{STOP}#3"
    assert not register_book(book)
    assert book.notices.count() == 3


def test_a_contract_needs_a_name_to_be_told_apart(client: Client) -> None:
    book = open_book_of(client, [STOP])
    response = client.post(f"/book/notices/{book.notices.get().id}/another", {"called": " "}, follow=True)
    assert "見分けられるように、呼び名を入れてください。" in page_text(response)
    assert book.notices.count() == 1


def test_a_book_of_before_has_no_further_contracts() -> None:
    entries = cast.entries([JCB])
    stored = {name: part for name, part in entries.as_json().items() if name != "more"}
    assert type(entries).from_json(stored).more == {}
    assert entries_of(cast.book([STOP])).more == {}


def test_a_contracts_name_can_be_changed_in_the_book(client: Client) -> None:
    book = open_book_of(client, [STOP])
    leaf = f"/book/notices/{book.notices.get().id}/"
    for called in ("離れ", "店"):
        client.post(f"{leaf}another", {"called": called})
    first, second, third = book.notices.order_by("position")
    page = page_text(client.get(f"/book/notices/{second.id}/"))
    assert "呼び名を変える" in page
    assert "呼び名を変える" not in page_text(client.get(f"/book/notices/{first.id}/"))
    shown = client.post(f"/book/notices/{second.id}/name", {"name": "はなれ"}, follow=True)
    assert "呼び名を変えました" in page_text(shown)
    assert "東京電力エナジーパートナー（はなれ）" in page_text(client.get("/book/"))
    assert "（離れ）" not in page_text(client.get("/book/"))
    refused = {"店": "ほかの契約に使っています", " ": "呼び名を入れてください", "あ" * 41: "40文字まで"}
    for wrong, said in refused.items():
        assert said in page_text(client.post(f"/book/notices/{second.id}/name", {"name": wrong}, follow=True))
    client.post(f"/book/notices/{first.id}/name", {"name": "本宅"})
    assert [draft_of(one).card.name for one in book.notices.order_by("position")] == [
        "東京電力エナジーパートナー",
        "東京電力エナジーパートナー（はなれ）",
        "東京電力エナジーパートナー（店）",
    ]
    assert add_contract(third, "はなれ") == second  # the offers are made from the new name
    assert not register_book(book)
    assert book.notices.count() == 3


def test_what_was_told_keeps_its_words_under_a_new_name(client: Client) -> None:
    _first, card, _third = with_cards("家族のJCBカード", "2枚め")
    hand_over_notice(card)
    card.refresh_from_db()
    told = frozen_form(card)
    rename_contract(card, "妻のカード")
    card.refresh_from_db()
    assert (draft_of(card).card.name, frozen_form(card)) == ("JCB（妻のカード）", told)
    withdrawn = with_cards("旧")[1]
    withdraw_notice(withdrawn)
    again = ask_again(withdrawn)
    rename_contract(again, "新")
    assert {draft_of(one).card.name for one in Notice.objects.filter(book=again.book, offer=again.offer)} == {
        "JCB（新）"
    }


def test_a_company_that_the_directory_lacks_can_be_renamed() -> None:
    key = "bank:change:other"
    entries = replace(cast.entries([key]), wishes={"bank": ("leaving", "arriving")})
    book = cast.registered(replace(entries, others={key: "みほん銀工"}, more={key: ("あおぞら",)}))
    first, second = book.notices.order_by("position")
    rename_contract(first, "みほん銀行")
    rename_contract(second, "あおぞらみほん銀行")
    book.refresh_from_db()
    assert [offer.name for offer in chosen_offers(entries_of(book))] == ["みほん銀行", "あおぞらみほん銀行"]
    assert [draft_of(one).card.name for one in book.notices.order_by("position")] == [
        "みほん銀行",
        "あおぞらみほん銀行",
    ]
    assert not rename_contract(second, "みほん銀行")
