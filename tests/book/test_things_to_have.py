"""Things to have at hand: what each provider will ask, before and after the registration."""

import pytest
from django.test import Client

from renrakucho.receipt.mover_actions import hand_over_notice
from renrakucho.receipt.notice_view import notice_view
from tests.book.opened import latest_notice, open_book_of, page_text
from tests.book_apply.flow import Applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

GAS, WATER, LISTED = "gas:stop:tokyo-gas", "water:start:akishima-water", "electricity:stop:other"


def shown(client: Client) -> str:
    return " ".join(page_text(client.get("/todo/ready")).split())


def test_a_book_says_what_is_asked_of_what_is_left_to_do(client: Client) -> None:
    book = open_book_of(client, [GAS, WATER])
    page = shown(client)
    gas = page[page.index("東京ガス （ガス 停止）") :]
    assert gas.index("さがしておく番号") < gas.index("お客さま番号") < gas.index("決めておくこと")
    assert gas.index("決めておくこと") < gas.index("訪問の時間帯")
    assert "昭島市水道部 （水道 開始）" in page
    hand_over_notice(latest_notice(book, GAS))
    client.post(f"/book/notices/{latest_notice(book, GAS).id}/own-word", {"number": "1", "done": "yes"})
    assert "東京ガス" not in shown(client)


def test_what_a_provider_says_of_its_own_items_is_told_there(client: Client) -> None:
    book = open_book_of(client, [WATER])
    sheet = notice_view(latest_notice(book, WATER)).sheet
    assert sheet
    helps = [blank.help for blank in sheet.own_items() if blank.help]
    assert helps
    assert [text for text in helps if text not in shown(client)] == []


def test_of_a_listed_provider_is_said_that_nothing_is_known(client: Client) -> None:
    open_book_of(client, [LISTED])
    assert "何を聞かれるかは、わかりません。" in shown(client)


def test_who_has_chosen_nothing_is_led_to_the_application(client: Client) -> None:
    assert "連絡する事業者を選ぶと、用意するものがここに並びます。" in shown(client)


def test_a_draft_knows_it_before_anything_is_registered(client: Client) -> None:
    Applicant(client).to_items([GAS])
    assert "東京ガス （ガス 停止） さがしておく番号" in shown(client)
    assert "この連絡を始める" not in shown(client)
