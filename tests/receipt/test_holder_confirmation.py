"""Holder confirmation: another adult's contract is changed with their word, or with one that nobody asked them."""

import re
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from renrakucho.channel.message import message_document
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import save_entries
from renrakucho.mover.models import Book, HolderWord
from renrakucho.notice.models import HolderState, Notice, Status
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.receipt.evidence import RefusedByHolder, evidence_of
from renrakucho.receipt.holder_confirmation import (
    HolderHasAnswered,
    MoversOwnMailbox,
    answer_as_holder,
    ask_holder,
    holder_question,
    holder_standing,
    waive_holder,
)
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.provider_actions import answerable_notices, notices_on_desk
from renrakucho.receipt.provider_answer import needs_identity_check
from renrakucho.standard.schemas import wrong_places
from tests import cast
from tests.desk.cast import AKISHIMA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP = "water:stop:akishima-water"
HOLDER = {
    "holder__same": "no",
    "holder__family_name": "山田",
    "holder__given_name": "花子",
    "holder__family_kana": "ヤマダ",
    "holder__given_kana": "ハナコ",
}
HOLDERS_MAIL = "hanako@example.jp"


def entered(**items: str) -> Notice:
    notice = cast.registered(cast.leaving_akishima([STOP], **{**HOLDER, **items})).notices.get()
    keep_draft(notice, answers={"visit": "希望しない", "customer_number": "123-4567"})
    return enter_notice(notice)


def fate(notice: Notice) -> str:
    deliver_due_notices("test")
    notice.refresh_from_db()
    return notice.status


def mailed_text() -> str:
    """The text behind «#» of the latest link that a holder was mailed."""
    text = read_mail(Mail.objects.filter(kind=MailKind.HOLDER).latest("id"))["text"]
    return str(re.findall(r"/book/holder-answer#(\w{24})\n", text)[0])


def test_a_notice_about_anothers_contract_waits() -> None:
    notice = entered()
    assert (notice.holder, fate(notice)) == (HolderState.WAITS, Status.ENTERED)
    assert not notices_on_desk(AKISHIMA).exists()
    assert not answerable_notices(AKISHIMA).exists()
    assert holder_standing(notice.book) == "unasked"


def test_the_movers_own_contract_waits_for_nobody() -> None:
    notice = entered(holder__same="yes")
    assert (notice.holder, fate(notice), holder_standing(notice.book)) == ("", Status.SENT, "")


def test_without_the_gate_it_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = entered()
    monkeypatch.setattr("renrakucho.delivery.delivery_lanes.MAY_LEAVE", ~Q(id=None))
    assert fate(notice) == Status.SENT


def test_the_holder_confirms_by_a_mail_that_names_nobody() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    mail = read_mail(Mail.objects.get(kind=MailKind.HOLDER))
    assert mail["to"] == HOLDERS_MAIL
    assert "水道: 停止" in mail["text"]
    assert not any(typed in mail["text"] for typed in ("髙﨑", "山田", "昭和町", "not-mine"))
    question = holder_question(mailed_text())
    assert question
    assert (question.mover, question.procedures) == ("髙﨑　太郎", ("水道: 停止",))
    assert answer_as_holder(mailed_text(), confirms=True)
    assert (fate(notice), holder_standing(notice.book)) == (Status.SENT, "confirmed")
    message = DeliveryTask(notice, FIRST_DELIVERY).message()
    assert "ご契約者が確認しました" in str(message.filled.assurance.lines() if message.filled.assurance else "")
    document = message_document(message)
    assert document["assurance"]["holder"] == "confirmed"
    assert wrong_places("notice", document) == []


def test_a_refusal_withdraws_what_waits_and_stays() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    text = mailed_text()
    answer_as_holder(text, confirms=False)
    answer_as_holder(text, confirms=True)
    assert (fate(notice), holder_standing(notice.book)) == (Status.WITHDRAWN, "refused")
    assert HolderWord.objects.get().confirmed_at is None
    assert evidence_of(notice.receipts.get(kind=ReceiptKind.WITHDRAWN), notice) == RefusedByHolder()
    with pytest.raises(HolderHasAnswered):
        ask_holder(notice.book, HOLDERS_MAIL)
    with pytest.raises(HolderHasAnswered):
        waive_holder(notice.book)


def test_a_holder_who_confirmed_can_still_stop_it() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    answer_as_holder(mailed_text(), confirms=True)
    assert fate(notice) == Status.SENT
    answer_as_holder(mailed_text(), confirms=False)
    assert fate(notice) == Status.WITHDRAWN


def test_a_holder_without_mail_is_no_dead_end_and_the_provider_is_told() -> None:
    notice = entered()
    waive_holder(notice.book)
    assert (fate(notice), holder_standing(notice.book)) == (Status.SENT, "waived")
    told = frozen_form(notice).assurance
    assert told
    assert (told.holder, told.check_needed, needs_identity_check(notice)) == ("not_confirmed", False, True)


def test_the_movers_own_mailbox_confirms_nothing() -> None:
    notice = entered()
    with pytest.raises(MoversOwnMailbox):
        ask_holder(notice.book, cast.EMAIL.upper())


def test_a_link_expires_and_a_new_one_ends_the_old() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    old = mailed_text()
    ask_holder(notice.book, HOLDERS_MAIL)
    assert not answer_as_holder(old, confirms=True)
    word = HolderWord.objects.get()
    assert word.asked_at
    assert word.link_until == word.asked_at + timedelta(days=7)
    HolderWord.objects.update(link_until=timezone.now() - timedelta(seconds=1))
    assert not answer_as_holder(mailed_text(), confirms=True)
    assert (fate(notice), holder_standing(notice.book)) == (Status.ENTERED, "expired")


def test_the_holder_answers_in_a_browser_without_a_login() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    browser, text = Client(), mailed_text()
    assert "髙﨑" not in browser.get("/book/holder-answer").content.decode()
    assert "まちがっています" in browser.post("/book/holder-answer", {"text": "A" * 24}).content.decode()
    assert "髙﨑" in browser.post("/book/holder-answer", {"text": text}).content.decode()
    assert fate(notice) == Status.ENTERED  # looking confirms nothing
    assert "確認しました" in browser.post("/book/holder-answer", {"text": text, "answer": "yes"}).content.decode()
    assert fate(notice) == Status.SENT


def test_at_its_last_moment_a_link_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    until = HolderWord.objects.get().link_until
    assert until
    monkeypatch.setattr(timezone, "now", lambda: until - timedelta(microseconds=1))
    assert (holder_standing(notice.book), bool(holder_question(mailed_text()))) == ("asked", True)
    monkeypatch.setattr(timezone, "now", lambda: until)
    assert (holder_standing(notice.book), holder_question(mailed_text())) == ("expired", None)


def test_the_link_of_a_holder_who_is_not_entered_any_more_is_over() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    save_entries(notice.book, cast.leaving_akishima([STOP], **{**HOLDER, "holder__given_name": "次郎"}))
    assert not answer_as_holder(mailed_text(), confirms=True)
    assert fate(notice) == Status.ENTERED


def test_the_link_of_a_book_that_was_disavowed_is_over() -> None:
    notice = entered()
    ask_holder(notice.book, HOLDERS_MAIL)
    text = mailed_text()
    Book.objects.update(disavowed_at=timezone.now())
    assert not answer_as_holder(text, confirms=True)
    assert HolderWord.objects.get().confirmed_at is None
