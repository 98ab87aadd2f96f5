"""The pages where a mailbox is proved: after the registration, on the page that sends, and behind mailed links."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.book import mailbox_code, mailbox_links
from renrakucho.lib.identifiers import in_fours
from renrakucho.mail.mailbox_proof import prove_by_link
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import entries_of
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice, Status
from tests import cast
from tests.book.opened import (
    confirmation_fields,
    hidden_field,
    key_of,
    latest_notice,
    mailed_code,
    open_book_of,
    own_items,
    page_text,
)
from tests.book_apply.flow import Applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

START, STOP = "water:start:akishima-water", "water:stop:tokyo-waterworks"
KEY = re.compile(r'class="access-key number">([0-9A-Z-]{29})<')


def registered(client: Client, *offers: str) -> Book:
    """Register in this browser; the mailbox is not proved."""
    applicant = Applicant(client)
    applicant.to_check(offers or [START])
    assert applicant.post("check").headers["Location"] == "/book/mailbox"
    return Book.objects.latest("created_at")


def mailed(pattern: str) -> str:
    """The part of the latest mail with a code that has this pattern."""
    mail = Mail.objects.filter(kind__in=(MailKind.REGISTRATION, MailKind.MAILBOX_CODE)).latest("id")
    return str(re.findall(pattern, read_mail(mail)["text"])[0])


def enter(client: Client, code: str) -> Any:
    return client.post("/book/mailbox", {"mailbox_code": code}, follow=True)


def test_the_code_opens_the_page_with_the_key(client: Client) -> None:
    registered(client)
    assert not KEY.search(client.get("/book/registered", follow=True).content.decode())
    page = enter(client, mailed_code())
    assert page.redirect_chain == [("/book/registered", 302)]
    assert KEY.search(page.content.decode())


def test_many_wrong_codes_from_one_network_are_stopped_until_a_time_that_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_code, "WRONG_CODES_FROM", replace(mailbox_code.WRONG_CODES_FROM, limit=2))
    registered(client)
    wrong = f"{(int(mailed_code()) + 1) % 10**6:06}"
    for _each in range(2):
        assert "番号がちがいます" in page_text(enter(client, wrong))
    stopped = page_text(enter(client, mailed_code()))
    assert re.search(r"止めています。\d+:00になったら、もう一度お試しください。", stopped)


def test_a_wrong_code_says_how_many_tries_are_left_and_a_reload_costs_none(client: Client) -> None:
    registered(client)
    wrong = f"{(int(mailed_code()) + 1) % 10**6:06}"
    page = enter(client, wrong)
    assert (page.status_code, "あと4回" in page_text(page)) == (422, True)
    assert "あと4回" in page_text(client.get("/book/mailbox"))
    for _each in range(4):
        page = enter(client, wrong)
    assert "新しい番号を送ってください" in page_text(page)
    assert enter(client, mailed_code()).status_code == 422


def test_nothing_typed_is_asked_for_at_the_field(client: Client) -> None:
    registered(client)
    assert "メールに書いてある6けたの番号を入れてください" in page_text(enter(client, ""))


def test_a_new_code_can_be_asked_for_six_times_an_hour_with_the_first(client: Client) -> None:
    registered(client)
    first = mailed_code()
    for _each in range(5):
        assert client.post("/book/mailbox", {"email": cast.EMAIL}).status_code == 302
    refused = client.post("/book/mailbox", {"email": cast.EMAIL})
    assert refused.status_code == 429
    if mailed_code() != first:
        assert enter(client, first).status_code == 422
    assert enter(client, mailed_code()).status_code == 200


def test_the_address_can_be_corrected_before_the_proof(client: Client) -> None:
    book = registered(client)
    old = mailed_code()
    page = client.post("/book/mailbox", {"email": "hanako@example.jp"}, follow=True)
    assert "新しい番号を送りました" in page_text(page)
    book.refresh_from_db()
    assert entries_of(book).items["contact.email"] == "hanako@example.jp"
    if mailed_code() != old:
        assert enter(client, old).status_code == 422
    assert KEY.search(enter(client, mailed_code()).content.decode())


def test_an_address_that_is_none_is_named_and_kept(client: Client) -> None:
    registered(client)
    page = client.post("/book/mailbox", {"email": "hanako"}, follow=True)
    assert page.status_code == 422
    assert 'value="hanako"' in page.content.decode()


def test_web_links_go_on_without_a_proof(client: Client) -> None:
    book = registered(client, STOP)
    assert "番号を入れずに" in page_text(client.get("/book/mailbox"))
    notice = latest_notice(book, STOP)
    address = f"/book/notices/{notice.id}/handover"
    client.post(address, confirmation_fields(client, address))
    notice.refresh_from_db()
    assert notice.status == Status.HANDED_OVER


def test_the_book_says_that_nothing_leaves_yet(client: Client) -> None:
    registered(client)
    assert "メールアドレスの確認がまだです" in page_text(client.get("/book/"))
    enter(client, mailed_code())
    assert "メールアドレスの確認がまだです" not in page_text(client.get("/book/"))


def sending(client: Client, notice: Notice, code: str | None) -> Any:
    address = f"/book/notices/{notice.id}/answers"
    seen = confirmation_fields(client, address)
    code_field = {} if code is None else {"mailbox_code": code}
    return client.post(address, {**own_items(notice), **seen, "notes": "門の左", **code_field}, follow=True)


@pytest.mark.parametrize("code", [None, "", "000"])
def test_a_notice_of_the_portals_own_is_not_sent_without_the_code_and_keeps_what_was_typed(
    client: Client, code: str | None
) -> None:
    notice = latest_notice(registered(client), START)
    page = sending(client, notice, code)
    assert page.status_code == (200 if code is None else 422)  # without the field, all of it is shown once more
    assert 'name="mailbox_code"' in page.content.decode()
    assert "門の左" in page.content.decode()
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.NOT_ENTERED, None)


def test_the_code_on_the_page_that_sends_proves_and_sends_in_one_press(client: Client) -> None:
    notice = latest_notice(registered(client), START)
    number = client.cookies["sessionid"].value
    page = sending(client, notice, mailed_code())
    notice.refresh_from_db()
    assert (page.status_code, notice.status) == (200, Status.ENTERED)
    assert "アクセスキーを、メールでお送りします" in page_text(page)
    assert client.cookies["sessionid"].value != number
    assert KEY.search(client.get("/book/registered").content.decode())


def test_a_book_without_an_open_code_is_mailed_one_when_it_sends(client: Client) -> None:
    book = open_book_of(client, [START])
    cast.unprove(book)
    Mail.objects.all().delete()
    book.mailboxes.update(code_until=timezone.now())
    notice = latest_notice(book, START)
    assert "確認の番号をメールで送りました" in page_text(sending(client, notice, ""))
    assert sending(client, notice, mailed_code()).status_code == 200
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED


def test_a_changed_address_of_a_proved_book_has_to_be_proved(client: Client) -> None:
    book = open_book_of(client, [START])
    client.post("/apply/items", {**cast.items(contact__email="hanako@example.jp"), "in_book": "1", **key_of(book)})
    book.refresh_from_db()
    assert book.mailbox_proved_at is None
    assert client.get("/book/").status_code == 200
    notice = latest_notice(book, START)
    assert sending(client, notice, "").status_code == 422
    assert sending(client, notice, mailed_code()).status_code == 200


def test_a_link_that_is_only_opened_proves_nothing(client: Client) -> None:
    book = registered(client)
    text = mailed(r"/book/confirm#(\w{24})\n")
    for address in ("/book/confirm", f"/book/confirm?text={text}", f"/book/confirm#{text}"):
        assert Client().get(address).status_code == 200
    book.refresh_from_db()
    assert book.mailbox_proved_at is None


def test_a_link_that_proved_when_opened_would_fail_that_test(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    book = registered(client)
    text = mailed(r"/book/confirm#(\w{24})\n")
    shown = mailbox_links._link_page

    def prove_first(*args: Any, **more: Any) -> Any:
        prove_by_link(text)
        return shown(*args, **more)

    monkeypatch.setattr(mailbox_links, "_link_page", prove_first)
    Client().get("/book/confirm")
    book.refresh_from_db()
    assert book.mailbox_proved_at


def test_a_link_pressed_in_another_browser_proves_and_opens_nothing_there(client: Client) -> None:
    book = registered(client)
    phone = Client()
    page = phone.post("/book/confirm", {"text": in_fours(mailed(r"/book/confirm#(\w{24})\n"))})
    assert "登録したブラウザに戻って" in page_text(page)
    assert not KEY.search(page.content.decode())
    assert phone.get("/book/").status_code == 302
    book.refresh_from_db()
    assert book.mailbox_proved_at
    here = client.get("/book/mailbox", follow=True)  # the browser that registered goes on
    assert here.redirect_chain == [("/book/registered", 302)]
    assert KEY.search(here.content.decode())


def test_a_link_pressed_in_the_same_browser_shows_the_key(client: Client) -> None:
    registered(client)
    page = client.post("/book/confirm", {"text": mailed(r"/book/confirm#(\w{24})\n")}, follow=True)
    assert page.redirect_chain == [("/book/registered", 302)]
    assert KEY.search(page.content.decode())


def test_whoever_did_not_register_stops_it_without_a_login(client: Client) -> None:
    registered(client)
    text = mailed(r"/book/not-mine#(\w{24})\n")
    assert Client().get("/book/not-mine").status_code == 200
    assert Book.objects.exists()
    owner = Client(enforce_csrf_checks=True)
    token = hidden_field(owner.get("/book/not-mine"), "csrfmiddlewaretoken")
    for _press in range(2):
        page = owner.post("/book/not-mine", {"text": text, "csrfmiddlewaretoken": token})
        assert (page.status_code, "すべて止めました" in page_text(page)) == (200, True)
    assert Book.objects.get().erasure_requested_at
    assert client.get("/book/").status_code == 302


@pytest.mark.parametrize("address", ["/book/confirm", "/book/not-mine"])
@pytest.mark.parametrize("text", ["", "x", "0" * 24, "a" * 100])
def test_a_link_that_is_none_is_named_at_the_field(address: str, text: str) -> None:
    assert Client().post(address, {"text": text}).status_code == 422
