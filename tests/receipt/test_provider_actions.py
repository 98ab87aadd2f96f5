"""Provider actions: which answers are readable, how each ends, and what is recorded once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.notice.models import Notice, Status
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import Staff
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.provider_actions import (
    answer_by_number,
    is_resend_requested,
    open_at_desk,
    receipt_number_of,
    request_resend,
    return_reason_of,
)
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.receipt.cast import answered, clerk, sent


@pytest.mark.parametrize(
    ("number", "reason", "readable"),
    [
        ("A-1", "", True),
        ("", "お客さま番号が違います", True),
        ("", "", False),
        ("A-1", "お客さま番号が違います", False),
        ("9" * 40, "", True),
        ("9" * 41, "", False),
        ("", "あ" * 500, True),
        ("", "あ" * 501, False),
        ("A\u202e1", "", False),
        ("", "違い\x07ます", False),
        ("", "右\u202e左", False),
        ("", "番号\u200bが違います", False),
        ("", "葛\U000e0100城市の番号です\n\t次の行", True),
    ],
)
def test_a_readable_answer_says_one_thing_in_visible_words(number: str, reason: str, readable: bool) -> None:
    assert ProviderAnswer(number, reason).readable is readable


def answer(notice: Notice, staff: Staff, number: str = "", reason: str = "") -> str:
    """The result of one answer by the notice's number, at the desk."""
    return answer_by_number(notice.provider, notice.number, ProviderAnswer(number, reason), StaffActor(staff))


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
class TestAnswers:
    """How an answer ends at each status of the notice."""

    def test_an_accepted_notice_has_a_number_and_no_reason(self) -> None:
        notice, staff = sent()
        assert [answer(notice, staff, number) for number in ("A-1", "A-1", "A-2")] == [
            "accepted",
            "accepted",
            "already_accepted",
        ]
        assert answer(notice, staff, reason="違います") == "already_accepted"
        assert (receipt_number_of(notice), return_reason_of(notice)) == ("A-1", "")

    def test_a_returned_notice_has_a_reason_and_no_number(self) -> None:
        notice, staff = sent()
        assert [answer(notice, staff, reason=reason) for reason in ("違います", "違います", "別の理由")] == [
            "returned",
            "returned",
            "already_returned",
        ]
        assert answer(notice, staff, "A-1") == "already_returned"
        assert (receipt_number_of(notice), return_reason_of(notice)) == ("", "違います")

    def test_a_withdrawn_notice_is_not_answered(self) -> None:
        notice, staff = sent()
        withdraw_notice(notice)
        assert answer(notice, staff, "A-1") == "withdrawn"

    def test_a_replaced_notice_is_not_answered(self) -> None:
        notice, staff = sent()
        replace_notice(notice)
        assert answer(notice, staff, "A-1") == "replaced"


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_opening_a_withdrawn_notice_is_kept_in_the_audit_log_only() -> None:
    notice, staff = sent()
    open_at_desk(notice, StaffActor(staff))
    assert Receipt.objects.filter(kind=ReceiptKind.OPENED).count() == 1
    withdraw_notice(notice)
    colleague = clerk("akishima-2")
    colleague.save()
    open_at_desk(notice, StaffActor(colleague))
    assert Receipt.objects.filter(kind=ReceiptKind.OPENED).count() == 1
    assert AuditEntry.objects.filter(deed=AuditAction.SEEN).count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_resend_is_requested_once_until_it_is_delivered() -> None:
    notice, staff = sent()
    assert not is_resend_requested(notice)
    request_resend(notice, StaffActor(staff))
    notice.refresh_from_db()
    assert is_resend_requested(notice)
    assert notice.due_at
    request_resend(notice, StaffActor(staff))
    assert Receipt.objects.filter(kind=ReceiptKind.ASKED_AGAIN).count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_sent_notice_that_is_polled_can_be_requested_again() -> None:
    notice, staff = sent()
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() + timedelta(hours=1))
    request_resend(notice, StaffActor(staff))
    assert Receipt.objects.filter(kind=ReceiptKind.ASKED_AGAIN).count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_a_notice_that_is_on_its_way_is_not_requested_again() -> None:
    notice = enter_notice(answered())
    staff = clerk()
    staff.save()
    request_resend(notice, StaffActor(staff))
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    assert not Receipt.objects.filter(kind=ReceiptKind.ASKED_AGAIN).exists()
