"""Pages of the book and its notices: texts, buttons, and access."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.book.notices import own_items_page
from renrakucho.mover.book import begin_draft, entries_of, save_entries
from renrakucho.notice import notice_form
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import draft_of
from renrakucho.page.formatting import format_day
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.notice_view import notice_view
from renrakucho.sheet.window import ReceptionWindow
from tests import cast
from tests.book.opened import confirm, confirmation_fields, latest_notice, open_book_of, own_items, page_text
from tests.receipt.cast import accept_notice, return_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"
WATER_STOP = "water:stop:akishima-water"


def clerk() -> Staff:
    staff = Staff(login_id="akishima-1", provider="akishima-water", name="窓口")
    staff.save()
    return staff


def sent(client: Client, notice: Notice) -> Notice:
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    confirm(client, f"/book/notices/{notice.id}/check")
    deliver_due_notices("test")
    return Notice.objects.get(id=notice.id)


def test_the_book_has_a_notice_for_every_provider(client: Client) -> None:
    open_book_of(client)
    page = page_text(client.get("/book/"))
    for name in ("東京電力エナジーパートナー", "東京ガス", "東京都水道局", "昭島市水道部", "NHK"):
        assert name in page
    assert page.count("未入力") == 7


def test_the_first_line_says_what_is_left_to_do(client: Client) -> None:
    book = open_book_of(client, [WATER])
    assert "つぎは、昭島市水道部（開始）の手続です。ここでの手続は、あと1件です。" in page_text(client.get("/book/"))
    notice = sent(client, latest_notice(book, WATER))
    assert "1件が事業者の返事を待っています" in page_text(client.get("/book/"))
    accept_notice(notice, clerk(), "A-1")
    assert "すべて受理されました。お引越し、おつかれさまです。" in page_text(client.get("/book/"))


def test_a_day_that_was_changed_later_is_not_shown_as_told(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = sent(client, latest_notice(book, WATER))
    assert "伝えた内容とちがいます" not in page_text(client.get(f"/book/notices/{notice.id}/"))
    entries = entries_of(book)
    items = dict(entries.items)
    told_on = date.fromisoformat(items["move.arrive_on"])
    items["move.arrive_on"] = (told_on + timedelta(days=1)).isoformat()
    save_entries(book, replace(entries, items=items))
    assert notice_view(notice).on == told_on
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "伝えた内容とちがいます。「変更」から送りなおしてください。" in page
    assert "伝えた内容が、いまの登録とちがいます。「変更」から" in page_text(client.get("/book/"))
    accept_notice(notice, clerk(), "A-1")
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "伝えた内容とちがいます。変更は、事業者へお電話でご連絡ください。" in page


def test_an_empty_book_has_a_page(client: Client) -> None:
    open_book_of(client, [])
    assert "まだ1件もありません" in page_text(client.get("/book/"))


def test_a_notice_goes_from_own_items_to_sent(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER)
    response = client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    assert response["Location"] == f"/book/notices/{notice.id}/check"
    assert "髙﨑" in page_text(client.get(response["Location"]))
    confirm(client, f"/book/notices/{notice.id}/check")
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "入力済" in page
    deliver_due_notices("test")
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "送信済" in page
    assert "まだ受理されていません" in page


def stop_in_akishima(client: Client) -> Notice:
    """A notice that asks for the customer number, of the book that this browser has opened."""
    book = begin_draft(replace(cast.entries([WATER_STOP]), origin=cast.AKISHIMA, destination=cast.CHIYODA))
    client.post("/book/login", {"email": cast.EMAIL, "access_key": cast.access_key_of(book)})
    return latest_notice(book, WATER_STOP)


@pytest.mark.parametrize(
    ("item", "typed", "said"),
    [
        ("notes", "マイナンバーは1234-5678-9018です", "マイナンバーのようです"),
        ("notes", "4111 1111 1111 1111 で払います", "クレジットカードの番号のようです"),
        ("notes", "オートロックの暗証番号は1234です", "パスワードや暗証番号のようです"),
        ("customer_number", "4111111111111111", "クレジットカードの番号のようです"),
    ],
)
def test_a_secret_is_refused_beside_its_field_and_not_kept(client: Client, item: str, typed: str, said: str) -> None:
    notice = stop_in_akishima(client)
    page = f"/book/notices/{notice.id}/answers"
    response = client.post(page, {**own_items(notice), item: typed}, follow=True)
    assert said in page_text(response)
    assert typed in page_text(response) or typed in response.content.decode()
    notice.refresh_from_db()
    assert typed not in draft_of(notice).answers.values()
    assert notice.status == Status.NOT_ENTERED


def test_a_customer_number_like_a_my_number_is_taken(client: Client) -> None:
    notice = stop_in_akishima(client)
    page = f"/book/notices/{notice.id}/answers"
    response = client.post(page, {**own_items(notice), "customer_number": "123456789018"})
    assert response["Location"] == f"/book/notices/{notice.id}/check"


def test_a_second_press_sends_nothing(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER)
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    seen = confirmation_fields(client, f"/book/notices/{notice.id}/check")
    first = client.post(f"/book/notices/{notice.id}/check", seen)
    second = client.post(f"/book/notices/{notice.id}/check", seen)
    assert first["Location"] == second["Location"]
    assert book.notices.count() == 1
    assert Receipt.objects.filter(kind=ReceiptKind.ENTERED).count() == 1


def test_a_second_press_changes_nothing(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = sent(client, latest_notice(book, WATER))
    client.post(f"/book/notices/{notice.id}/answers", {**own_items(notice), "notes": "変えました"})
    seen = confirmation_fields(client, f"/book/notices/{notice.id}/check")
    first = client.post(f"/book/notices/{notice.id}/check", seen)
    second = client.post(f"/book/notices/{notice.id}/check", seen)
    assert first["Location"] == second["Location"] == f"/book/notices/{latest_notice(book, WATER).id}/"
    assert book.notices.count() == 2


def test_a_notice_is_sent_only_as_it_was_shown(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER)
    address = f"/book/notices/{notice.id}"
    client.post(f"{address}/answers", own_items(notice))
    seen = confirmation_fields(client, f"{address}/check")
    client.post(f"{address}/answers", {**own_items(notice), "notes": "ほかの画面で書きました"})
    response = client.post(f"{address}/check", seen, follow=True)
    assert "内容が変わりました" in page_text(response)
    assert "ほかの画面で書きました" in page_text(response)
    assert latest_notice(book, WATER).status == Status.NOT_ENTERED
    confirm(client, f"{address}/check")
    assert latest_notice(book, WATER).status == Status.ENTERED


def test_an_accepted_notice_cannot_be_changed(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = sent(client, latest_notice(book, WATER))
    seen = confirmation_fields(client, f"/book/notices/{notice.id}/check")
    accept_notice(notice, clerk(), "A-1")
    page = page_text(client.get("/book/"))
    assert "A-1" in page
    assert "変更" not in page
    client.post(f"/book/notices/{notice.id}/check", seen)
    assert "すでに「受理」になっている" in page_text(client.get(f"/book/notices/{notice.id}/"))
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED
    assert client.get(f"/book/notices/{notice.id}/answers").status_code == 302


def test_a_returned_notice_shows_the_reason_and_can_be_sent_again(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = sent(client, latest_notice(book, WATER))
    return_notice(notice, clerk(), "<b>番号</b>をお確かめください")
    response = client.get(f"/book/notices/{notice.id}/")
    assert "&lt;b&gt;番号&lt;/b&gt;をお確かめください" in response.content.decode()
    assert "差し戻されています" in page_text(client.get("/book/"))
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    confirm(client, f"/book/notices/{notice.id}/check")
    assert latest_notice(book, WATER).status == Status.ENTERED


def test_a_returned_notice_whose_day_has_passed_can_be_sent_again_for_a_later_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: asking whether the provider still takes the day that was told, not the day entered now."""
    book = open_book_of(client, [WATER])
    notice = sent(client, latest_notice(book, WATER))
    told = notice_view(notice).on
    return_notice(notice, clerk(), "日をお改めください")
    window = ReceptionWindow("move.arrive_on", None, None)
    for module in (notice_form, own_items_page):
        monkeypatch.setattr(module, "sheet_for", lambda *of: replace(sheet_for(*of), window=window))
    monkeypatch.setattr(ReceptionWindow, "takes", lambda _window, on, _now: on != told)
    page = f"/book/notices/{notice.id}/answers"
    assert client.get(page).status_code == 302  # the day entered is still the one that was told
    entries = entries_of(book)
    later = {"move.arrive_on": (timezone.localdate() + timedelta(days=12)).isoformat()}
    save_entries(book, replace(entries, items={**entries.items, **later}))
    assert client.get(page).status_code == 200
    client.post(page, own_items(notice))
    confirm(client, f"/book/notices/{notice.id}/check")
    assert latest_notice(book, WATER).status == Status.ENTERED


def test_withdrawing_asks_first(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER)
    assert "取り消しますか" in page_text(client.get(f"/book/notices/{notice.id}/withdraw"))
    assert latest_notice(book, WATER).status == Status.NOT_ENTERED
    client.post(f"/book/notices/{notice.id}/withdraw")
    client.post(f"/book/notices/{notice.id}/withdraw")
    assert latest_notice(book, WATER).status == Status.WITHDRAWN


def test_a_missing_own_item_is_an_error_at_its_field_and_all_input_is_kept(client: Client) -> None:
    book = open_book_of(client, [WATER])
    notice = latest_notice(book, WATER)
    typed = {"notes": "犬がいます", "customer_number": "あいう"}
    response = client.post(f"/book/notices/{notice.id}/answers", typed, follow=True)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert "犬がいます" in page_text(response)
    again = client.get(f"/book/notices/{notice.id}/answers")
    assert "犬がいます" in page_text(again)


def test_an_answer_above_the_sheets_limit_is_refused_and_kept(client: Client) -> None:
    book = open_book_of(client, [WATER])
    address = f"/book/notices/{latest_notice(book, WATER).id}/answers"
    for typed in ("あ" * 301, "あ" * 10_000):
        response = client.post(address, {**own_items(latest_notice(book, WATER)), "notes": typed}, follow=True)
        assert f"この欄には300文字まで入ります。いまは{len(typed)}文字あります。" in page_text(response)
        assert typed in client.get(address).content.decode()
    lines = ("あ" * 149 + "\r\n") * 2 + "あ"
    assert client.post(address, {**own_items(latest_notice(book, WATER)), "notes": lines})["Location"].endswith(
        "/answers"
    )
    assert client.post(address, {**own_items(latest_notice(book, WATER)), "notes": lines[:-1]})["Location"].endswith(
        "/check"
    )


@pytest.mark.parametrize("notes", ["山\u202e田", "山\x00田"])
def test_an_answer_with_invisible_characters_is_refused(client: Client, notes: str) -> None:
    book = open_book_of(client, [WATER])
    address = f"/book/notices/{latest_notice(book, WATER).id}/answers"
    response = client.post(address, {**own_items(latest_notice(book, WATER)), "notes": notes}, follow=True)
    assert "目に見えない文字" in page_text(response)


@pytest.mark.parametrize("page", ["", "answers", "check", "handover", "carry", "withdraw"])
def test_another_book_cannot_read_the_notice(client: Client, page: str) -> None:
    mine = open_book_of(client, [WATER])
    other = Client()
    open_book_of(other, [WATER])
    response = other.get(f"/book/notices/{latest_notice(mine, WATER).id}/{page}")
    assert response.status_code == 404
    assert "昭島" not in page_text(response)


@pytest.mark.parametrize("page", ["answers", "check", "handover", "own-word", "withdraw"])
def test_another_book_cannot_change_the_notice(client: Client, page: str) -> None:
    mine = open_book_of(client, [WATER])
    notice = latest_notice(mine, WATER)
    other = Client()
    open_book_of(other, [WATER])
    assert other.post(f"/book/notices/{notice.id}/{page}", {"notes": "x"}).status_code == 404
    assert Notice.objects.get(id=notice.id).draft == notice.draft
    assert Receipt.objects.count() == 0


def test_the_mover_notes_that_a_listed_provider_was_told(client: Client) -> None:
    book = open_book_of(client, ["gas:start:akishima-gas"])
    notice = latest_notice(book, "gas:start:akishima-gas")
    assert "お客さまからご連絡ください" in page_text(client.get(f"/book/notices/{notice.id}/"))
    client.post(f"/book/notices/{notice.id}/own-word")
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "事業者の「受理」ではありません" in page
    assert latest_notice(book, "gas:start:akishima-gas").status == Status.NOT_ENTERED


def test_a_day_that_the_provider_refuses_has_no_button(client: Client) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    book = open_book_of(client, ["water:stop:tokyo-waterworks"], move__leave_on=tomorrow)
    page = page_text(client.get("/book/"))
    ended = format_day(timezone.localdate() - timedelta(days=2))
    assert f"受付は{ended}に終わりました。お電話でご連絡ください。 03-5326-1101" in " ".join(page.split())
    notice = latest_notice(book, "water:stop:tokyo-waterworks")
    assert confirm(client, f"/book/notices/{notice.id}/handover").status_code == 302
    assert Notice.objects.get(id=notice.id).status == Status.NOT_ENTERED
    assert "自分で手続した" in page_text(client.get(f"/book/notices/{notice.id}/"))
    client.post(f"/book/notices/{notice.id}/own-word")
    assert "ここでしていただくことは終わりました" in page_text(client.get("/book/"))


def test_no_page_has_inline_scripts_or_styles(client: Client) -> None:
    book = open_book_of(client)
    pages = [
        "/book/",
        f"/book/notices/{latest_notice(book, WATER).id}/",
        f"/book/notices/{latest_notice(book, WATER).id}/answers",
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
