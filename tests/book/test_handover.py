"""Web link: the form is handed over as it was shown, and only the provider's signed link accepts the notice."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.lib.browser_encoding import form_body
from renrakucho.lib.signing import sign_parts
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from tests import cast
from tests.book.opened import confirm, confirmation_fields, latest_notice, open_book_of, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP = "water:stop:tokyo-waterworks"


def handed_over_notice(client: Client, offer: str = STOP, **others: str) -> tuple[Book, Notice, str]:
    """Hand a notice over. Returns the book, the notice and its return link."""
    book = open_book_of(client, [offer], **others)
    notice = latest_notice(book, offer)
    confirm(client, f"/book/notices/{notice.id}/handover")
    page = client.get(f"/book/notices/{notice.id}/carry").content.decode()
    found = re.search(r'value="[^"]*(/return/[^"]+)"', page)
    assert found
    return book, Notice.objects.get(id=notice.id), found[1]


def signed_return_link(notice: Notice, way_back: str, number: str = "W-77") -> str:
    way = connection_of(notice.provider)
    assert way
    at = str(int(timezone.now().timestamp()))
    ticket = way_back.rsplit("/", 1)[1]
    return f"{way_back}?number={number}&at={at}&signature={sign_parts(way.secret, ticket, number, at)}"


def test_the_page_names_the_provider_its_domain_and_every_item(client: Client) -> None:
    book = open_book_of(client, [STOP])
    page = page_text(client.get(f"/book/notices/{latest_notice(book, STOP).id}/handover"))
    for word in ("東京都水道局", "localhost:8100", "髙﨑", "二番町", "お客さま番号"):
        assert word in page
    assert latest_notice(book, STOP).status == Status.NOT_ENTERED


def test_the_form_has_the_frozen_texts_and_may_post_to_the_provider_only(client: Client) -> None:
    _book, notice, _way_back = handed_over_notice(client)
    response = client.get(f"/book/notices/{notice.id}/carry")
    text = response.content.decode()
    pairs = [
        (unescape(name), unescape(value))
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    ]
    assert form_body(pairs, "Shift_JIS") == form_body(frozen_form(notice).pairs(), "Shift_JIS")
    assert 'accept-charset="Shift_JIS"' in text
    assert response["Referrer-Policy"] == "strict-origin"  # else a browser calls the portal's origin «null»
    policy = response["Content-Security-Policy"]
    assert "form-action 'self' http://localhost:8100" in policy
    other = client.get(f"/book/notices/{notice.id}/")["Content-Security-Policy"]
    assert "form-action 'self';" in other + ";"


def test_a_form_that_was_not_confirmed_or_is_over_is_carried_nowhere(client: Client) -> None:
    book = open_book_of(client, [STOP])
    address = f"/book/notices/{latest_notice(book, STOP).id}/"
    assert client.get(f"{address}carry")["Location"] == address
    confirm(client, f"{address}handover")
    assert client.get(f"{address}carry").status_code == 200
    confirm(client, f"{address}withdraw")
    assert latest_notice(book, STOP).status == Status.WITHDRAWN
    assert client.get(f"{address}carry")["Location"] == address


def test_a_signed_return_link_accepts_the_notice(client: Client) -> None:
    _book, notice, way_back = handed_over_notice(client)
    response = client.get(signed_return_link(notice, way_back), follow=True)
    assert "受理されました" in page_text(response)
    assert "W-77" in page_text(response)
    assert "number=" not in response.request["QUERY_STRING"]


def test_a_signed_return_link_accepts_without_a_session(client: Client) -> None:
    _book, notice, way_back = handed_over_notice(client)
    response = Client().get(signed_return_link(notice, way_back))
    assert response.status_code == 200
    assert "受理されました" in page_text(response)
    assert "髙﨑" not in page_text(response)
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED


def test_an_unsigned_return_link_changes_nothing_and_offers_the_movers_own_word(client: Client) -> None:
    book, notice, way_back = handed_over_notice(client)
    response = client.get(way_back, follow=True)
    assert "東京都水道局の画面での手続は、終わりましたか" in page_text(response)
    client.post(f"/book/notices/{notice.id}/own-word")
    page = page_text(client.get("/book/"))
    assert "自分で手続した" in page
    assert latest_notice(book, STOP).status == Status.HANDED_OVER
    assert "受付印" not in page.split("しるしの見かた")[0]


def test_a_forged_return_link_is_refused(client: Client) -> None:
    book, notice, way_back = handed_over_notice(client)
    response = client.get(signed_return_link(notice, way_back) + "0", follow=True)
    assert "受理を確かめられませんでした" in page_text(response)
    assert latest_notice(book, STOP).status == Status.HANDED_OVER


@pytest.mark.parametrize("ticket", ["x", "%F0%A0%AE%B7", "A" * 500])
def test_an_unknown_return_link_is_not_found(client: Client, ticket: str) -> None:
    assert client.get(f"/return/{ticket}?number=1&at=1&signature=1").status_code == 404


def test_a_form_is_handed_over_only_as_it_was_shown(client: Client) -> None:
    book = open_book_of(client, [STOP])
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    seen = confirmation_fields(client, address)
    save_entries(book, cast.entries([STOP], person__given_name="次郎"))
    response = client.post(address, seen, follow=True)
    assert "次郎" in page_text(response)
    assert latest_notice(book, STOP).status == Status.NOT_ENTERED
    assert confirm(client, address)["Location"].endswith("/carry")


def test_own_texts_are_validated_only_where_they_are_chosen(client: Client) -> None:
    book = open_book_of(client, [STOP], person__family_name="𠮷野", person__family_kana="ヨシノ")
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    names = re.findall(r'name="pick-([^"]+)"', client.get(address).content.decode())
    posted = {"instead": "1"}
    for name in names:
        posted |= {f"pick-{name}": "suggested", f"words-{name}": "あ" * 201}
    assert client.post(address, posted)["Location"] == address
    assert "引き継ぐ内容" in page_text(client.get(address))


def test_own_texts_are_kept_when_the_session_has_expired(client: Client) -> None:
    book = cast.draft([STOP], person__family_name="𠮷野", person__family_kana="ヨシノ")
    access_key = cast.access_key_of(book)
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    client.post(address, {"instead": "1", "pick-SHIMEI": "own", "words-SHIMEI": "よし野　太郎"})
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key})["Location"] == address
    for _reload in range(2):
        page = client.get(address).content.decode()
        assert 'value="よし野　太郎"' in page
        assert re.search(r'value="own" checked', page)


def test_a_second_press_freezes_nothing_new(client: Client) -> None:
    book, notice, _way_back = handed_over_notice(client)
    before = frozen_form(notice)
    confirm(client, f"/book/notices/{notice.id}/handover")
    assert frozen_form(latest_notice(book, STOP)) == before


def test_the_mover_replaces_a_kanji_that_the_form_cannot_encode(client: Client) -> None:
    book = open_book_of(client, [STOP], person__family_name="𠮷野", person__family_kana="ヨシノ")
    notice = latest_notice(book, STOP)
    address = f"/book/notices/{notice.id}/handover"
    page = client.get(address)
    assert "「𠮷」は、この事業者の様式では書けない文字です。" in page_text(page)
    assert "「吉野" in page_text(page)
    assert confirm(client, address).status_code == 200
    assert latest_notice(book, STOP).status == Status.NOT_ENTERED
    picks = re.findall(r'name="(pick-[^"]+)"', page.content.decode())
    unanswered = client.post(address, {"instead": "1"}, follow=True)
    assert unanswered.status_code == 422
    chosen = client.post(address, {"instead": "1", **dict.fromkeys(picks, "suggested")})
    assert chosen["Location"] == address
    shown = page_text(client.get(address))
    assert "「𠮷野" in shown
    assert "書き方を変えて引き継ぐ" in shown
    confirm(client, address)
    assert latest_notice(book, STOP).status == Status.HANDED_OVER


def test_own_texts_that_the_form_cannot_encode_are_refused_and_kept(client: Client) -> None:
    book = open_book_of(client, [STOP], person__family_name="𠮷野", person__family_kana="ヨシノ")
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    names = re.findall(r'name="pick-([^"]+)"', client.get(address).content.decode())
    posted = {"instead": "1"}
    for name in names:
        posted |= {f"pick-{name}": "own", f"words-{name}": "𠮷之"}
    response = client.post(address, posted, follow=True)
    assert response.status_code == 422
    assert "𠮷之" in response.content.decode()


def test_a_wave_dash_is_sent_as_its_lookalike_and_shown(client: Client) -> None:
    book = open_book_of(client, [STOP], origin__building="ハイツ〜南")
    page = page_text(client.get(f"/book/notices/{latest_notice(book, STOP).id}/handover"))
    assert "「ハイツ〜南」を「ハイツ～南」と書きます。（見た目は同じで、記号の種類だけが変わります。）" in page


def test_a_replacement_for_one_name_is_not_used_for_another(client: Client) -> None:
    book = open_book_of(client, [STOP], person__family_name="𠮷野", person__family_kana="ヨシノ")
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    picks = re.findall(r'name="(pick-[^"]+)"', client.get(address).content.decode())
    client.post(address, {"instead": "1", **dict.fromkeys(picks, "suggested")})
    assert "引き継ぐ内容" in page_text(client.get(address))
    save_entries(book, cast.entries([STOP], person__family_name="𠮷田", person__family_kana="ヨシダ"))
    page = page_text(client.get(address))
    assert "「吉田" in page
    assert "吉野" not in page


def test_a_name_with_one_part_is_offered_for_both_fields_of_a_form(client: Client) -> None:
    one_name = {"person__family_name": "", "person__family_kana": "", "person__given_kana": "スカルノ"}
    book = open_book_of(client, ["gas:stop:tokyo-gas"], **one_name)
    page = page_text(client.get(f"/book/notices/{latest_notice(book, 'gas:stop:tokyo-gas').id}/handover"))
    assert "もう一方の欄と同じ「スカルノ」と書く" in page


def test_a_selector_is_named_with_its_letter_and_the_plain_letter_is_offered(client: Client) -> None:
    book = open_book_of(client, [STOP], person__family_name="葛\U000e0100西")
    page = page_text(client.get(f"/book/notices/{latest_notice(book, STOP).id}/handover"))
    assert "「葛」に、字の形を選ぶ目に見えない印" in page
    assert "葛西" in page


def test_a_reading_that_forms_do_not_take_is_shown_as_it_will_be_written(client: Client) -> None:
    book = open_book_of(client, [STOP], person__given_kana="みすゞ")
    page = page_text(client.get(f"/book/notices/{latest_notice(book, STOP).id}/handover"))
    assert "ミスズ" in page
    assert "書き方を変えて引き継ぐところがあります" in page


def test_a_name_too_long_for_the_form_is_offered_in_shorter_forms(client: Client) -> None:
    names = {"person__family_name": "Garcia Lopez Hernandez", "person__given_name": "Maria Fernanda Guadalupe"}
    book = open_book_of(client, [STOP], **names)
    address = f"/book/notices/{latest_notice(book, STOP).id}/handover"
    page = client.get(address)
    assert "この欄には40文字まで入ります。いまの内容は入りきりません。" in page_text(page)
    offered = re.findall(r"「(Ｇａｒｃｉａ[^」]+)」と書く", page_text(page))
    family = "Ｇａｒｃｉａ　Ｌｏｐｅｚ　Ｈｅｒｎａｎｄｅｚ　"
    assert offered == [f"{family}Ｍａｒｉａ　Ｆ．　Ｇ．", f"{family}Ｍａｒｉａ"] * 2  # the addressee of the bill too
    assert "checked" not in page.content.decode().partition("pick-")[2].partition("</fieldset>")[0]
    assert confirm(client, address).status_code == 200  # nothing is told before the mover chooses
    assert latest_notice(book, STOP).status == Status.NOT_ENTERED
    picks = re.findall(r'name="(pick-[^"]+)"', page.content.decode())
    client.post(address, {"instead": "1", **dict.fromkeys(picks, "shorter2")})
    confirm(client, address)
    notice = latest_notice(book, STOP)
    assert notice.status == Status.HANDED_OVER
    assert offered[1] in [line.text for line in frozen_form(notice).lines]
