"""Sequence of hand-overs: one confirmation for several web forms, and each return leads to the next provider's site."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.lib.signing import sign_parts
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import Receipt, ReceiptKind
from tests import cast
from tests.book.opened import confirm, latest_notice, mailed_code, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

PAGE = "/book/sequence"
WATER = "water:start:akishima-water"  # a desk's
CARRIED = ["gas:stop:tokyo-gas", "water:stop:tokyo-waterworks", "broadcasting:change:nhk"]


def shown_forms(client: Client, address: str = PAGE) -> list[str]:
    """Return what the page's form posts."""
    return re.findall(r'<input type="hidden" name="shown" value="([^"]+)">', client.get(address).content.decode())


def notices_of(client: Client) -> list[Notice]:
    """Return the notices of the page, in its order."""
    return [Notice.objects.get(id=one.partition(":")[0]) for one in shown_forms(client)]


def statuses(book: Book) -> list[str]:
    return sorted(notice.status for notice in book.notices.all())


def return_link(client: Client, notice: Notice, *, signed: bool = True) -> str:
    """Return the link that leads back from the last page of a provider that the notice was handed over to."""
    page = client.get(f"/book/notices/{notice.id}/carry").content.decode()
    found = re.search(r'value="[^"]*(/return/[^"]+)"', page)
    way = connection_of(notice.provider)
    assert found
    assert way
    number, at = f"W-{notice.number[:4]}", str(int(timezone.now().timestamp()))
    signature = sign_parts(way.secret, found[1].rsplit("/", 1)[1], number, at) if signed else ""
    return f"{found[1]}?number={number}&at={at}&signature={signature}"


def test_the_page_shows_what_goes_to_whom(client: Client) -> None:
    open_book_of(client, CARRIED)
    page = page_text(client.get(PAGE))
    for word in (
        "東京ガス",
        "東京都水道局",
        "NHK",
        "移る先: localhost:8100",
        "髙﨑",
        "千代田区二番町",
        "届く内容",
        "お客さま番号",
    ):
        assert word in page
    assert "確認して、3件をつづけて進む" in page


def test_one_press_hands_the_first_form_over_and_no_other(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    first, *_others = notices_of(client)
    response = client.post(PAGE, {"shown": shown_forms(client)})
    assert response["Location"] == f"/book/notices/{first.id}/carry"
    assert statuses(book) == [Status.HANDED_OVER, Status.NOT_ENTERED, Status.NOT_ENTERED]


def test_each_return_leads_to_the_next_providers_site_and_the_last_to_the_book(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    first, second, third = notices_of(client)
    client.post(PAGE, {"shown": shown_forms(client)})
    for done, following in ((first, second), (second, third)):
        response = client.get(return_link(client, done))
        assert response["Location"] == f"/book/notices/{following.id}/carry?after={done.id}"
        page = client.get(response["Location"])
        assert "が受理されました" in page_text(page)
        assert f"W-{done.number[:4]}" in page_text(page)
        assert "form-action 'self' http://localhost:8100" in page["Content-Security-Policy"]
    assert "ここでの手続は、あと1件です" in page_text(page)
    assert client.get(return_link(client, third))["Location"] == "/book/"
    assert statuses(book) == [Status.ACCEPTED] * 3


def test_the_registration_page_confirms_them_all(client: Client) -> None:
    draft = cast.draft(CARRIED)
    session = client.session
    session["draft"] = str(draft.id)
    session.save()
    client.post("/apply/check")
    client.post("/book/mailbox", {"mailbox_code": mailed_code()})
    shown = shown_forms(client, "/book/registered")
    assert len(shown) == 3
    first = notices_of(client)[0]
    assert client.post(PAGE, {"shown": shown})["Location"] == f"/book/notices/{first.id}/carry"


def test_the_book_leads_to_the_page_while_several_forms_are_left(client: Client) -> None:
    open_book_of(client, CARRIED[:2])
    assert f'class="button" href="{PAGE}">手続へ進む' in client.get("/book/").content.decode()
    first, second = notices_of(client)
    client.post(PAGE, {"shown": shown_forms(client)[:1]})
    assert client.get(return_link(client, first))["Location"] == f"/book/notices/{second.id}/handover?after={first.id}"
    assert (
        f'class="button" href="/book/notices/{second.id}/handover">手続へ進む' in client.get("/book/").content.decode()
    )


def test_without_a_form_to_confirm_the_page_leads_to_the_book(client: Client) -> None:
    open_book_of(client, [WATER])
    assert client.get(PAGE)["Location"] == "/book/"


def test_a_form_that_changed_since_is_confirmed_on_its_own_page(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    first, second, third = notices_of(client)
    client.post(PAGE, {"shown": shown_forms(client)})
    link = return_link(client, first)
    save_entries(book, cast.entries(CARRIED, person__given_name="次郎"))
    response = client.get(link)
    assert response["Location"] == f"/book/notices/{second.id}/handover?after={first.id}"
    assert Notice.objects.get(id=second.id).status == Status.NOT_ENTERED
    confirm(client, response["Location"])
    assert client.get(return_link(client, second))["Location"].startswith(f"/book/notices/{third.id}/handover")


def test_a_page_that_shows_something_else_hands_nothing_over(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    shown = shown_forms(client)
    save_entries(book, cast.entries(CARRIED, person__given_name="次郎"))
    response = client.post(PAGE, {"shown": shown}, follow=True)
    assert "まだ送っていません" in page_text(response)
    assert "次郎" in page_text(response)
    assert statuses(book) == [Status.NOT_ENTERED] * 3


@pytest.mark.parametrize("shown", [[], ["x"], ["x:y"], ["01a2210b-3410-7109-a348-9ba440af6ee1:y"]])
def test_a_form_that_the_page_did_not_have_hands_nothing_over(client: Client, shown: list[str]) -> None:
    book = open_book_of(client, CARRIED)
    assert client.post(PAGE, {"shown": [*shown_forms(client), *shown] if shown else []})["Location"] == PAGE
    assert statuses(book) == [Status.NOT_ENTERED] * 3


def test_another_movers_notice_is_not_handed_over(client: Client) -> None:
    other = cast.draft(CARRIED[:1])
    cast.access_key_of(other)
    strange = latest_notice(other, CARRIED[0])
    open_book_of(client, CARRIED)
    digests = [one.partition(":")[2] for one in shown_forms(client)]
    assert client.post(PAGE, {"shown": [f"{strange.id}:{digest}" for digest in digests]})["Location"] == PAGE
    assert Notice.objects.get(id=strange.id).status == Status.NOT_ENTERED


def test_a_second_press_leads_to_the_same_form(client: Client) -> None:
    open_book_of(client, CARRIED)
    shown = shown_forms(client)
    locations = {client.post(PAGE, {"shown": shown})["Location"] for _press in range(2)}
    assert len(locations) == 1
    assert Receipt.objects.filter(kind=ReceiptKind.HANDED_OVER).count() == 1


def test_the_page_of_before_hands_nothing_over_again(client: Client) -> None:
    open_book_of(client, CARRIED)
    shown, first = shown_forms(client), notices_of(client)[0]
    client.post(PAGE, {"shown": shown})
    client.get(return_link(client, first))
    assert client.post(PAGE, {"shown": shown})["Location"] == PAGE


def test_an_unsigned_return_waits_for_the_mover(client: Client) -> None:
    book = open_book_of(client, CARRIED)
    first = notices_of(client)[0]
    client.post(PAGE, {"shown": shown_forms(client)})
    assert client.get(return_link(client, first, signed=False))["Location"] == f"/book/notices/{first.id}/"
    assert statuses(book) == [Status.HANDED_OVER, Status.NOT_ENTERED, Status.NOT_ENTERED]


def test_a_notice_that_was_done_beside_it_leads_to_no_providers_site(client: Client) -> None:
    open_book_of(client, CARRIED)
    first, second, third = notices_of(client)
    client.post(PAGE, {"shown": shown_forms(client)})
    confirm(client, f"/book/notices/{third.id}/handover")  # in another tab
    assert client.get(return_link(client, third))["Location"] == f"/book/notices/{second.id}/handover?after={third.id}"
    assert client.get(return_link(client, first))["Location"] == f"/book/notices/{second.id}/carry?after={first.id}"


def test_a_notice_to_a_desk_waits_for_its_answers_and_the_next_form_for_its_press(client: Client) -> None:
    offers = [WATER, *CARRIED]
    book = open_book_of(client, offers)
    water, gas, stop, nhk = (latest_notice(book, offer) for offer in offers)
    client.post(PAGE, {"shown": shown_forms(client)})
    assert client.get(return_link(client, gas))["Location"] == f"/book/notices/{water.id}/answers?after={gas.id}"
    client.post(f"/book/notices/{water.id}/answers", own_items(water))
    response = confirm(client, f"/book/notices/{water.id}/check")
    assert response["Location"] == f"/book/notices/{stop.id}/handover?after={water.id}"
    confirm(client, response["Location"])
    assert client.get(return_link(client, stop))["Location"] == f"/book/notices/{nhk.id}/carry?after={stop.id}"
