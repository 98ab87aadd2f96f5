"""Mails about notices: each says which of the book's notices it is about, and nothing that is confidential."""

import re

import pytest
from django.utils.translation import override

from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import draft_of, frozen_form, keep_draft
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice
from renrakucho.receipt.provider_actions import answer_notice, mail_mover_about, mark_reached, request_resend
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import record_receipt
from tests import cast
from tests.desk.cast import clerk, needed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"
ALL_KINDS = [
    MailKind.SENT,
    MailKind.ACCEPTANCE,
    MailKind.RETURN,
    MailKind.UNDELIVERED,
    MailKind.WITHDRAWAL_UNDELIVERED,
]


def entered(book: Book, offer: str = WATER) -> Notice:
    notice = book.notices.get(offer=offer, replaced_by=None)
    keep_draft(notice, answers=needed(notice))
    return enter_notice(notice)


def sent_mails() -> list[dict[str, str]]:
    return [read_mail(mail) for mail in Mail.objects.filter(kind=MailKind.SENT)]


def mail_about(notice: Notice, kind: MailKind) -> dict[str, str]:
    return read_mail(Mail.objects.get(kind=kind, about=notice.id))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_each_mail_says_which_notice_it_is_about(kind: MailKind) -> None:
    notice = entered(cast.book(move__arrive_on="2026-12-05", move__leave_on="2026-12-06"))
    with override("en"):
        mail_mover_about(notice, kind, receipt_number="A-1" if kind == MailKind.ACCEPTANCE else "")
    mail = mail_about(notice, kind)
    title = "水道の開始 12月5日(土) 昭島市水道部"
    assert mail["subject"] == f"【引越れんらく帳】{kind.label}: {title}（7件のうち6件目）"
    assert f"手続: {title}" in mail["text"]
    assert "れんらく帳の7件のうち6件目" in mail["text"]
    number = notice.number
    assert f"れんらく番号: {number[:4]}-{number[4:8]}-{number[8:]}" in mail["text"]
    phones = draft_of(notice).card.phones
    assert phones
    for phone in phones:
        assert f"事業者の電話: {phone}" in mail["text"]


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_a_mail_tells_nothing_confidential(kind: MailKind) -> None:
    notice = entered(cast.book())
    mail_mover_about(notice, kind)
    whole = " ".join(mail_about(notice, kind)[part] for part in ("subject", "text"))
    told = frozen_form(notice).facts
    named = ("person.", "holder.", "contact.", "origin.", "destination.")
    confidential = [text for name, text in told.items() if name.startswith(named) and len(text) > 2]
    assert len(confidential) > 5
    provider = draft_of(notice).card.name
    assert [text for text in confidential if text in whole and text not in provider] == []


def test_ten_acceptances_can_be_told_apart_by_their_subjects() -> None:
    book = cast.book()
    subjects = []
    for notice in book.notices.order_by("position"):
        mail_mover_about(notice, MailKind.ACCEPTANCE, receipt_number="A-1")
        subjects.append(mail_about(notice, MailKind.ACCEPTANCE)["subject"])
    assert len(set(subjects)) == len(cast.ALL) == 7
    places = [re.findall(r"(\d+)件のうち(\d+)件目", subject) for subject in subjects]
    assert places == [[("7", str(place))] for place in range(1, 8)]
    assert ["電気の停止" in subject for subject in subjects] == [True] + [False] * 6
    assert ["電気の開始" in subject for subject in subjects] == [False, True] + [False] * 5


def test_a_changed_notice_keeps_its_place_in_the_book() -> None:
    old = entered(cast.book())
    new = replace_notice(old)
    mail_mover_about(new, MailKind.ACCEPTANCE, receipt_number="A-1")
    assert "（7件のうち6件目）" in mail_about(new, MailKind.ACCEPTANCE)["subject"]


def test_a_day_that_is_not_known_is_left_out() -> None:
    notice = cast.book([WATER]).notices.get()  # nothing is told yet
    mail_mover_about(notice, MailKind.SENT)
    assert mail_about(notice, MailKind.SENT)["subject"].endswith("水道の開始 昭島市水道部（1件のうち1件目）")


def test_a_notice_that_was_sent_is_mailed_once() -> None:
    notice = entered(cast.book())
    assert sent_mails() == []
    deliver_due_notices("test")
    (mail,) = sent_mails()
    assert mail["to"] == cast.EMAIL
    assert "昭島市水道部に、水道の開始の連絡を送りました。" in mail["text"]
    assert "まだ受理されたわけではありません" in mail["text"]
    send_due_mails("test")
    request_resend(notice, StaffActor(clerk()))
    deliver_due_notices("test")
    assert notice.receipts.filter(kind=ReceiptKind.SENT).count() == 2
    assert Mail.objects.filter(kind=MailKind.SENT).count() == 1


def test_a_notice_fetched_after_it_was_given_up_is_mailed_as_sent() -> None:
    notice = entered(cast.book())
    record_receipt(notice, ReceiptKind.UNDELIVERED)
    notice.refresh_from_db()
    mark_reached(notice, "read through the API")
    assert len(sent_mails()) == 1


@pytest.mark.parametrize("answer", [ProviderAnswer(receipt_number="A-1"), ProviderAnswer(reason="番号がちがいます")])
def test_an_answer_overtakes_the_mail_that_it_was_sent(answer: ProviderAnswer) -> None:
    notice = entered(cast.book())
    deliver_due_notices("test")
    answer_notice(notice, answer, StaffActor(clerk()))
    assert sent_mails() == []
    kinds = set(Mail.objects.filter(about=notice.id).values_list("kind", flat=True))
    assert kinds == {MailKind.ACCEPTANCE if answer.receipt_number else MailKind.RETURN}


def test_a_mail_that_has_gone_out_is_not_forgotten_when_the_answer_comes() -> None:
    notice = entered(cast.book())
    deliver_due_notices("test")
    send_due_mails("test")
    answer_notice(notice, ProviderAnswer(receipt_number="A-1"), StaffActor(clerk()))
    assert Mail.objects.filter(about=notice.id, kind=MailKind.SENT, sent_at__isnull=False).count() == 1


def test_the_other_notices_mails_are_not_overtaken() -> None:
    one, other = (entered(cast.book()) for _each in range(2))
    deliver_due_notices("test")
    answer_notice(one, ProviderAnswer(receipt_number="A-1"), StaffActor(clerk()))
    assert [mail["subject"] for mail in sent_mails()] == [mail_about(other, MailKind.SENT)["subject"]]
