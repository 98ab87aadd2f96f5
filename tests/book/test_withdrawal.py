"""A withdrawn notice is not finished: the book says so, and the procedure can be asked for once more."""

from dataclasses import replace
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.delivery_task import pending_task
from renrakucho.faces.book.notices.book_page import todo_sentence
from renrakucho.lib.signing import sign_parts
from renrakucho.mover.book import entries_of
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.evidence import OwnWord
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import ask_again, hand_over_notice, record_own_word, withdraw_notice
from renrakucho.receipt.notice_view import NoticeView, notice_views
from renrakucho.receipt.transitions import record_receipt
from tests import cast
from tests.book.opened import key_of, latest_notice, open_book_of, page_text
from tests.book_apply.flow import Applicant, read
from tests.book_apply.flow import typed as typed_items

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP, GAS, NHK = "water:stop:tokyo-waterworks", "gas:stop:tokyo-gas", "broadcasting:change:nhk"
CARRIED = [STOP, GAS, "electricity:stop:tepco-ep"]
FINISHED = "おつかれさまです"


def views_of(states: tuple[str, ...]) -> list[NoticeView]:
    book = cast.book(CARRIED[: len(states)])
    for notice, state in zip(book.notices.order_by("position"), states, strict=True):
        if state == "withdrawn":
            withdraw_notice(notice)
            continue
        hand_over_notice(notice)
        notice.refresh_from_db()
        if state == "accepted":
            record_receipt(notice, ReceiptKind.ACCEPTED)
        else:
            record_own_word(notice, OwnWord())
    return notice_views(book)


@pytest.mark.parametrize("states", list(product(("accepted", "withdrawn", "own"), repeat=2)))
def test_only_what_was_accepted_is_called_finished(states: tuple[str, ...]) -> None:
    said = todo_sentence(views_of(states))
    assert (FINISHED in said) == (set(states) == {"accepted"})
    assert ("取り消した1件は、手続されていません。" in said) == (states.count("withdrawn") == 1)
    assert ("お客さまの記録です" in said) == ("own" in states)
    assert ("1件が受理されました。" in said) == (set(states) == {"accepted", "withdrawn"})


def test_a_book_of_withdrawn_notices_says_so(client: Client) -> None:
    book = open_book_of(client, [STOP])
    client.post(f"/book/notices/{book.notices.get().id}/withdraw")
    page = page_text(client.get("/book/"))
    assert "連絡は、すべて取り消しました。手続が必要なものは、もう一度手続してください。" in page
    assert FINISHED not in page


def test_what_waits_beside_a_withdrawn_one_is_said_with_it() -> None:
    views = views_of(("withdrawn", "accepted"))
    waiting = [replace(view, status=Status.SENT) if view.status == Status.ACCEPTED else view for view in views]
    said = todo_sentence(waiting)
    assert "1件が事業者の返事を待っています。取り消した1件は、手続されていません。" in said


def test_a_lost_withdrawal_comes_first(client: Client) -> None:
    book = open_book_of(client, [STOP, GAS])
    notice = latest_notice(book, STOP)
    withdraw_notice(notice)
    notice.refresh_from_db()
    record_receipt(notice, ReceiptKind.WITHDRAWAL_UNDELIVERED)
    assert "取消が、届いていないかもしれません。お電話でご連絡ください。" in page_text(client.get("/book/"))
    record_receipt(notice, ReceiptKind.WITHDRAWAL_SENT)
    assert "取消が、届いていない" not in page_text(client.get("/book/"))


def test_a_withdrawn_leaf_offers_the_procedure_once_more(client: Client) -> None:
    book = open_book_of(client, [STOP])
    old = book.notices.get()
    withdraw_notice(old)
    leaf = f"/book/notices/{old.id}/"
    assert "もう一度手続する" in page_text(client.get(leaf))
    assert client.get(f"{leaf}again").status_code == 302
    assert book.notices.count() == 1
    first, second = (client.post(f"{leaf}again")["Location"] for _press in range(2))
    new = book.notices.exclude(id=old.id).get()
    assert first == second == f"/book/notices/{new.id}/"
    assert (new.status, new.replaces, new.number != old.number) == (Status.NOT_ENTERED, None, True)
    assert STOP in entries_of(new.book).chosen
    page = page_text(client.get(leaf))
    assert "もう一度手続する" not in page
    assert "この手続の、いまの連絡を見る" in page
    assert "つぎは、東京都水道局（停止）の手続です。" in page_text(client.get("/book/"))
    withdraw_notice(new)
    assert ask_again(old).id not in (old.id, new.id)


def test_a_withdrawn_provider_can_be_chosen_once_more_and_is_not_without_its_tick(client: Client) -> None:
    book = open_book_of(client, [STOP, NHK])
    withdraw_notice(latest_notice(book, STOP))
    applicant = Applicant(client)
    page = applicant.get("providers")
    assert "まえの連絡は取り消しました。" in read(page)
    assert f'value="{STOP}"' in page.content.decode()
    ticked = [line for line in page.content.decode().splitlines() if f'value="{STOP}"' in line]
    assert "checked" not in ticked[0]
    applicant.post("providers", {"in_book": "1", "belongs": str(book.id)})
    assert not Notice.objects.filter(offer=STOP).exclude(status=Status.WITHDRAWN).exists()


def test_a_book_has_one_notice_for_an_offer_that_is_not_withdrawn(client: Client) -> None:
    book = open_book_of(client, [STOP])
    old = book.notices.get()
    twin = Notice(
        number="999999999999",
        book=book,
        industry="water",
        procedure="stop",
        offer=STOP,
        position=1,
        draft=b"",
        created_at=timezone.now(),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    withdraw_notice(old)
    twin.save(force_insert=True)
    assert book.notices.count() == 2


def test_a_handed_over_notice_that_was_not_finished_can_be_closed(client: Client) -> None:
    book = open_book_of(client, [STOP])
    hand_over_notice(book.notices.get())
    leaf = f"/book/notices/{book.notices.get().id}/"
    assert "手続しなかった（この連絡を閉じる）" in page_text(client.get(leaf))
    asked = page_text(client.get(f"{leaf}withdraw"))
    assert "この連絡を閉じるだけで、事業者には何も伝わりません。" in asked
    assert "登録を終えていたときは、手続はそのまま進みます。" in asked
    assert "事業者には何も伝えていません" in page_text(client.post(f"{leaf}withdraw", follow=True))
    closed = book.notices.get()
    assert (closed.status, closed.due_at, pending_task(closed)) == (Status.WITHDRAWN, None, None)
    page = page_text(client.get(leaf))
    assert "「手続しなかった」とお客さまが記録しました（事業者には何も伝えていません）" in page
    assert "この事業者に伝えたのは" not in page
    assert "もう一度手続する" in page
    assert "取り消した1件は" not in page_text(client.get("/book/"))
    client.post(f"{leaf}again")
    assert "つぎは、東京都水道局（停止）の手続です。" in page_text(client.get("/book/"))


def test_the_withdrawal_of_a_notice_that_was_never_carried_keeps_its_words(client: Client) -> None:
    book = open_book_of(client, [STOP])
    leaf = f"/book/notices/{book.notices.get().id}/"
    assert "連絡を取り消しますか" in page_text(client.get(f"{leaf}withdraw"))
    client.post(f"{leaf}withdraw")
    assert "手続しなかった" not in page_text(client.get(leaf))


def test_what_the_mover_noted_as_done_is_not_closed_as_not_done(client: Client) -> None:
    book = open_book_of(client, [STOP])
    hand_over_notice(book.notices.get())
    record_own_word(book.notices.get(), OwnWord("W-7"))
    assert "手続しなかった（" not in page_text(client.get(f"/book/notices/{book.notices.get().id}/"))


def test_a_signed_return_to_a_closed_notice_says_what_that_means(client: Client) -> None:
    book = open_book_of(client, [STOP])
    notice = hand_over_notice(book.notices.get())
    withdraw_notice(notice)
    way = next(line.text for line in frozen_form(notice).lines if "/return/" in line.text)
    ticket, connection, at = (
        way.rpartition("/")[2],
        connection_of(notice.provider),
        str(int(timezone.now().timestamp())),
    )
    assert connection
    signed = {"number": "W-7", "at": at, "signature": sign_parts(connection.secret, ticket, "W-7", at)}
    page = page_text(client.get(f"/return/{ticket}", signed, follow=True))
    assert "この連絡は「手続しなかった」と記録してあるので、受理とはしていません。" in page
    assert book.notices.get().status == Status.WITHDRAWN


def test_nobody_need_be_told_again_once_all_notices_were_withdrawn(client: Client) -> None:
    book = open_book_of(client, [STOP])
    withdraw_notice(book.notices.get())
    applicant, form = Applicant(client), {"in_book": "1", "belongs": str(book.id)}
    assert applicant.get("items").status_code == 200
    assert applicant.post("providers", form).headers["Location"] == "/apply/items"
    typed = {"contact.email": "hanako@example.jp"} | key_of(book)
    assert applicant.post("items", form | typed).headers["Location"] == "/apply/check"
    page = read(applicant.get("check"))
    assert "hanako@example.jp" in page
    assert "いま連絡する事業者はありません。" in page
    assert book.notices.count() == 1
    again = applicant.post("providers", form | {"chosen": [STOP]})
    assert again.headers["Location"] == "/apply/items"
    client.post("/apply/items", form | typed_items())
    client.post("/apply/check", form)
    assert book.notices.exclude(status=Status.WITHDRAWN).get().offer == STOP
