"""Back from a provider's site (終わりましたか): the mover says that it is done there, and keeps the receipt number."""

import re
from typing import Any

import pytest
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.evidence import LinkActor, OwnWord
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import hand_over_notice, record_own_word, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import InvalidTransition, record_receipt
from tests import cast
from tests.book.opened import open_book_of, page_text
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP, LISTED = "water:stop:tokyo-waterworks", "electricity:stop:other"


def handed_over(client: Client) -> Notice:
    notice = open_book_of(client, [STOP]).notices.get()
    return hand_over_notice(notice)


def leaf_of(client: Client, notice: Notice) -> str:
    return client.get(f"/book/notices/{notice.id}/").content.decode()


def tell(client: Client, notice: Notice, **typed: str) -> Any:
    return client.post(f"/book/notices/{notice.id}/own-word", typed, follow=True)


def words(notice: Notice) -> int:
    return Receipt.objects.filter(notice=notice, kind=ReceiptKind.OWN_WORD).count()


def test_the_first_button_says_that_it_is_done_and_never_applies_again(client: Client) -> None:
    notice = handed_over(client)
    page = leaf_of(client, notice)
    main = page[page.index("<main") :]
    first, again = main.index('class="button"'), main.index(f"/book/notices/{notice.id}/handover")
    assert "はい、終わりました" in main[first : first + 90]
    assert first < main.index("二重の申込み") < again
    assert 'class="button"' not in main[again - 60 : again]
    book = page_text(client.get("/book/"))
    assert "の画面での手続は、終わりましたか。" in book
    assert "handover" not in client.get("/book/").content.decode()


def test_going_on_a_second_time_warns_before_it_does(client: Client) -> None:
    notice = handed_over(client)
    assert "二重の申込みになります" in page_text(client.get(f"/book/notices/{notice.id}/handover"))


def test_the_number_stands_in_the_book_as_the_movers_word(client: Client) -> None:
    notice = handed_over(client)
    tell(client, notice, number="水-２０２６-77", done="yes")
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number, leaf.own_word.number) == (Status.HANDED_OVER, "", "水-２０２６-77")
    for page in (leaf_of(client, notice), client.get("/book/").content.decode()):
        assert "水-２０２６-77" in page
        assert "受付番号（ご本人の控え）" in page
        assert 'class="stamp' not in page
        assert "mark-handed-over" not in page
    history = leaf_of(client, notice).split('class="history"')[1]
    assert "水-２０２６-77" in history
    assert "ご自分で手続したというお客さまの記録です" in page_text(client.get("/book/"))


def test_a_number_can_be_corrected_and_the_word_taken_back(client: Client) -> None:
    notice = handed_over(client)
    tell(client, notice, number="W-1", done="yes")
    tell(client, notice, number="W-1", done="yes")
    assert words(notice) == 1
    tell(client, notice, number="W-2", done="yes")
    assert (words(notice), notice_view(notice).own_word.number) == (2, "W-2")
    tell(client, notice, done="no")
    tell(client, notice, done="no")
    assert (words(notice), notice_view(notice).own_word_at) == (3, None)
    page = leaf_of(client, notice)
    assert "の画面での手続は、終わりましたか" in page
    assert "「手続を終えた」という記録を、お客さまが取り消しました" in page
    tell(client, notice, done="yes")
    assert notice_view(notice).own_word_at


def test_not_yet_done_is_no_word_where_none_was_given(client: Client) -> None:
    notice = handed_over(client)
    tell(client, notice, done="no")
    assert words(notice) == 0


@pytest.mark.parametrize("number", ["9" * 41, "W-1\u202e"])
def test_a_number_that_cannot_be_kept_is_shown_with_its_error(client: Client, number: str) -> None:
    notice = handed_over(client)
    page = tell(client, notice, number=number, done="yes").content.decode()
    assert 'aria-invalid="true"' in page
    assert f'value="{number}"' in page
    assert words(notice) == 0


def test_a_signed_return_that_comes_later_wins(client: Client) -> None:
    notice = handed_over(client)
    tell(client, notice, number="W-1", done="yes")
    answer_notice(notice, ProviderAnswer(receipt_number="P-9"), LinkActor("1", "s"))
    page = leaf_of(client, notice)
    assert notice_view(Notice.objects.get(id=notice.id)).receipt_number == "P-9"
    assert 'class="stamp' in page
    assert "控えを直す" not in page


def test_the_number_of_an_unsigned_return_is_offered_and_not_believed(client: Client) -> None:
    notice = open_book_of(client, [STOP]).notices.get()
    hand_over_notice(notice)
    ticket = re.search(r"/return/([\w-]+)", str(client.get(f"/book/notices/{notice.id}/carry").content))
    assert ticket
    response = client.get(f"/return/{ticket[1]}?number=W-55", follow=True)
    assert "W-55" not in response.request["QUERY_STRING"]
    assert 'value="W-55"' in response.content.decode()
    assert (words(notice), Notice.objects.get(id=notice.id).status) == (0, Status.HANDED_OVER)
    page = Client().get(f"/return/{ticket[1]}?number=W-55").content.decode()
    assert f"/book/notices/{notice.id}/" in page


def test_a_typed_number_is_kept_when_the_session_has_expired(client: Client) -> None:
    book = cast.draft([STOP])
    access_key = cast.access_key_of(book)
    notice = hand_over_notice(book.notices.get())
    address = f"/book/notices/{notice.id}/own-word"
    client.post(address, {"number": "W-88", "done": "yes"})
    assert words(notice) == 0
    assert client.post("/book/login", {"email": cast.EMAIL, "access_key": access_key})["Location"] == address
    assert 'value="W-88"' in client.get(address).content.decode()
    assert words(notice) == 0


def test_a_phone_leaf_keeps_number_and_note_and_is_not_called_not_entered(client: Client) -> None:
    book = open_book_of(client, [LISTED])
    notice = book.notices.get()
    tell(client, notice, number="A-3", note="12月9日に止まる 係: 田中", done="yes")
    word = notice_view(notice).own_word
    assert (word.number, word.note) == ("A-3", "12月9日に止まる 係: 田中")
    for page in (leaf_of(client, notice), client.get("/book/").content.decode()):
        assert "mark-own" in page
        assert "mark-not-entered" not in page
    assert "田中" in leaf_of(client, notice)
    assert "この連絡を取り消す" not in leaf_of(client, notice)


def test_what_was_not_delivered_can_be_noted_as_done_by_telephone() -> None:
    notice = answered()
    record_receipt(notice, ReceiptKind.ENTERED)
    record_receipt(notice, ReceiptKind.UNDELIVERED)
    record_own_word(notice, OwnWord("T-1"))
    assert notice_view(notice).own_word.number == "T-1"
    assert not notice_view(notice).awaits_mover


def test_a_withdrawn_notice_takes_no_word() -> None:
    notice = cast.notice(STOP)
    withdraw_notice(notice)
    with pytest.raises(InvalidTransition):
        record_own_word(notice, OwnWord())
    deliver_due_notices("test")
