"""Top page (サービストップ)."""

import pytest
from django.test import Client

from renrakucho.mover.models import Book
from tests.book.opened import open_book_of
from tests.book_apply.flow import Applicant, read

pytestmark = pytest.mark.django_db


def test_the_top_page_has_the_question_and_four_links(applicant: Applicant) -> None:
    response = applicant.client.get("/")
    page = read(response)
    assert page.index("どこから、どこへ") < page.index("引越手続一括申込み 業種")
    for link in ("/apply/", "/book/", "/search", "/links"):
        assert f'<li><a href="{link}">' in response.content.decode()
    assert "転出届" in page
    assert "「送信済」は「受理」ではありません" in page


def test_opening_the_page_begins_no_draft(applicant: Applicant) -> None:
    applicant.client.get("/")
    applicant.get("?origin=1020084&industries=gas")
    assert not Book.objects.exists()


def test_two_postal_codes_are_saved_for_the_addresses(applicant: Applicant) -> None:
    response = applicant.client.post("/", {"origin": "１０２ー００８４", "destination": "196-0015"})
    assert (response.status_code, response.headers["Location"]) == (303, "/apply/providers")
    assert applicant.entries.origin.town == "二番町"
    assert applicant.entries.destination.municipality == "昭島市"


@pytest.mark.parametrize("known", ["", "102-0084"])
def test_a_postal_code_that_is_left_out_is_asked_for_next(applicant: Applicant, known: str) -> None:
    response = applicant.client.post("/", {"origin": known, "destination": ""})
    assert response.headers["Location"] == "/apply/addresses"


def test_whoever_types_two_postal_codes_wishes_for_what_every_home_has(applicant: Applicant) -> None:
    applicant.client.post("/", {"origin": "102-0084", "destination": "196-0015"})
    assert applicant.entries.wishes == dict.fromkeys(("electricity", "gas", "water"), ("leaving", "arriving"))
    applicant.post("", {"wishes": ["water:leaving"]})
    applicant.client.post("/", {"origin": "102-0084", "destination": "196-0015"})
    assert applicant.entries.wishes == {"water": ("leaving",)}  # as the mover said


@pytest.mark.parametrize(
    ("code", "complaint"),
    [("102-00", "数字7けたです"), ("ほげほげ", "住所として読めませんでした"), ("999-9999", "見つかりません")],
)
def test_a_wrong_postal_code_is_kept_and_explained(applicant: Applicant, code: str, complaint: str) -> None:
    response = applicant.client.post("/", {"origin": code, "destination": "196-0015"}, follow=True)
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>エラー：" in page
    assert f'value="{code}"' in page
    assert 'value="196-0015"' in page
    assert page.count(complaint) == 2  # at the field and in the summary
    assert 'href="#id_origin"' in page
    assert not Book.objects.exists()


def test_a_draft_can_be_continued_or_erased(applicant: Applicant) -> None:
    applicant.to_items()
    assert 'href="/apply/check">続きから' in applicant.client.get("/").content.decode()
    assert applicant.get("check").headers["Location"] == "/apply/items"
    response = applicant.client.post("/apply/erase", follow=True)
    assert "入力した内容を消しました" in read(response)
    assert not Book.objects.exists()
    assert applicant.get("items").headers["Location"] == "/apply/"


def test_an_opened_book_is_not_overwritten_from_here(directory: str, client: Client) -> None:
    book = open_book_of(client)
    assert "れんらく帳を開いています" in read(client.get("/"))
    assert client.post("/", {"origin": "160-0022", "destination": ""}).headers["Location"] == "/book/"
    assert Applicant(client).entries.origin.postal_code == "1020084"
    client.post("/apply/erase")
    assert Book.objects.filter(id=book.id).exists()


@pytest.mark.parametrize("typed", ["東京都千代田区二番町5-6", "〒102-0084 東京都千代田区二番町5-6"])
def test_an_address_may_be_pasted_into_a_field_for_a_code(applicant: Applicant, typed: str) -> None:
    response = applicant.client.post("/", {"origin": typed, "destination": ""})
    assert response.status_code == 303
    assert (applicant.entries.origin.town, applicant.entries.items["origin.block"]) == ("二番町", "5-6")
