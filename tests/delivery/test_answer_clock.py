"""The clock on 受理: desk, operator and mover are told in that order, once, and never after an answer."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from renrakucho.delivery import answer_clock
from renrakucho.delivery.answer_clock import DESK_AHEAD, ESCALATION, remind_of_answers
from renrakucho.delivery.models import AnswerReminder, ReminderStep
from renrakucho.delivery.operator_resend import ResendScope, resend_notices
from renrakucho.delivery.staff_notifications import notify_staff
from renrakucho.lib.errors import Conflict
from renrakucho.lib.sealing import SealBroken
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.staff import BUREAU, Staff, StaffRole
from renrakucho.provider.staff_mail import StaffMail, read_staff_mail
from renrakucho.receipt.evidence import OwnWord, SystemActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, hand_over_notice, record_own_word, withdraw_notice
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.receipt.transitions import locked_notice, record_receipt
from tests import cast
from tests.receipt.cast import answered, clerk, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "unguarded")]

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
STOP = "water:stop:tokyo-waterworks"


def told() -> list[str]:
    return list(AnswerReminder.objects.order_by("id").values_list("step", flat=True))


def moment(notice: Notice, step: str) -> datetime:
    assert notice.answer_due_at
    assert notice.phone_at
    return {
        "desk": notice.answer_due_at - timedelta(hours=5),
        "operator": notice.answer_due_at,
        "mover": notice.phone_at,
    }[step]


def test_every_notice_has_its_moments_from_its_entry() -> None:
    notice, _staff = sent()
    assert notice.answer_due_at
    assert notice.phone_at
    assert notice.written_at
    assert notice.written_at + 40 * MINUTE <= notice.answer_due_at < notice.phone_at
    assert notice.phone_at.date() < timezone.localdate() + 9 * DAY  # the day of the move


def test_each_is_told_at_its_moment_and_not_before() -> None:
    notice, _staff = sent()
    for at, step in enumerate(("desk", "operator", "mover")):
        assert remind_of_answers(now=moment(notice, step) - SECOND) == 0
        assert remind_of_answers(now=moment(notice, step)) == 1
        assert told() == ["desk", "operator", "mover"][: at + 1]
    assert remind_of_answers(now=moment(notice, "mover") + 30 * DAY) == 0


def test_after_a_worker_was_off_all_are_told_in_order_and_once() -> None:
    notice, _staff = sent()
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 3
    assert told() == ["desk", "operator", "mover"]
    assert Mail.objects.filter(kind=MailKind.NOT_ANSWERED, about=notice.id).count() == 1


def test_the_table_has_every_step_in_order() -> None:
    assert [each.step for each in ESCALATION] == list(ReminderStep)
    assert timedelta(hours=5) == DESK_AHEAD


def accept(notice: Notice) -> None:
    answer_notice(notice, ProviderAnswer(receipt_number="昭水-1"), SystemActor("CIS"))


def send_back(notice: Notice) -> None:
    answer_notice(notice, ProviderAnswer(reason="番号がちがいます"), SystemActor("CIS"))


@pytest.mark.parametrize("end", [accept, send_back, withdraw_notice])
def test_nobody_is_told_after_an_answer_or_a_withdrawal(end: Callable[[Notice], None]) -> None:
    notice, _staff = sent()
    end(notice)
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0
    assert told() == []


def test_an_answer_in_the_same_moment_wins_over_a_reminder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice is found due, and accepted before the worker has its lock."""
    notice, _staff = sent()

    def accepted_just_before(found: Notice) -> Notice:
        accept(notice)
        return locked_notice(found)

    monkeypatch.setattr(answer_clock, "locked_notice", accepted_just_before)
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0
    assert told() == []


def test_the_test_would_catch_a_reminder_that_does_not_look_again_under_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mutant: what the query found is believed, without the lock."""
    notice, _staff = sent()

    def as_it_was(found: Notice) -> Notice:
        before = Notice.objects.select_related("book").get(id=found.id)
        accept(notice)
        Notice.objects.filter(id=notice.id).update(status=Status.SENT)
        return before

    monkeypatch.setattr(answer_clock, "locked_notice", as_it_was)
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 3


def test_a_mail_that_asks_and_has_not_left_is_dropped_by_the_answer() -> None:
    notice, _staff = sent()
    remind_of_answers(now=moment(notice, "mover"))
    assert Mail.objects.filter(kind=MailKind.NOT_ANSWERED).exists()
    accept(notice)
    assert not Mail.objects.filter(kind=MailKind.NOT_ANSWERED).exists()


def test_a_worker_that_dies_between_row_and_mail_leaves_neither_and_the_next_one_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notice, _staff = sent()

    def killed(*_given: object) -> None:
        raise Conflict

    with monkeypatch.context() as patch:
        patch.setattr(answer_clock, "mail_mover_about", killed)
        remind_of_answers(now=moment(notice, "mover"))
        assert told() == []
    assert remind_of_answers(now=moment(notice, "mover")) == 3
    assert Mail.objects.filter(kind=MailKind.NOT_ANSWERED).count() == 1


def test_a_notice_that_does_not_open_is_told_once_without_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _staff = sent()

    def broken(*_given: object) -> None:
        raise SealBroken

    monkeypatch.setattr(answer_clock, "mail_mover_about", broken)
    assert remind_of_answers(now=moment(notice, "mover")) == 3
    assert remind_of_answers(now=moment(notice, "mover")) == 0


def test_a_notice_of_which_nobody_can_be_told_keeps_no_other_from_being_told(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = sent()[0], enter_notice(answered())

    def lock(notice: Notice) -> Notice:
        if notice.id == broken.id:
            raise RuntimeError
        return locked_notice(notice)

    monkeypatch.setattr(answer_clock, "locked_notice", lock)
    assert remind_of_answers(now=moment(whole, "mover") + DAY) == 2
    assert not AnswerReminder.objects.filter(notice=broken).exists()


def test_nobody_is_told_while_the_clocks_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _staff = sent()
    monkeypatch.setattr(answer_clock, "is_clock_right", lambda: False)
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0


def test_what_waits_to_be_sent_is_told_to_operator_and_mover_but_to_no_desk() -> None:
    notice = enter_notice(answered())
    assert remind_of_answers(now=moment(notice, "mover")) == 2
    assert told() == ["operator", "mover"]


def test_what_was_given_up_is_not_asked_about_and_has_new_moments_when_it_is_sent_again() -> None:
    notice = enter_notice(answered())
    record_receipt(notice, ReceiptKind.UNDELIVERED)
    assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0
    Notice.objects.update(answer_due_at=timezone.now() - DAY, phone_at=timezone.now() - DAY)
    resend_notices(None, ResendScope(number=notice.number))
    notice.refresh_from_db()
    assert notice.answer_due_at
    assert notice.answer_due_at > timezone.now()


class TestWebLink:
    def test_the_mover_is_asked_once_whether_it_is_done_and_nobody_else(self) -> None:
        notice = hand_over_notice(cast.notice(STOP))
        assert remind_of_answers(now=moment(notice, "mover") - SECOND) == 0
        assert remind_of_answers(now=moment(notice, "mover")) == 1
        assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0
        assert told() == ["mover"]
        text = read_mail(Mail.objects.get(kind=MailKind.NOT_FINISHED))["text"]
        assert "東京都水道局" in text
        assert "お済みですか" in text

    def test_who_has_noted_that_it_is_done_is_not_asked(self) -> None:
        notice = hand_over_notice(cast.notice(STOP))
        record_own_word(notice, OwnWord("W-7"))
        assert remind_of_answers(now=moment(notice, "mover") + DAY) == 0


def test_the_mail_says_whom_to_call_and_what_to_say() -> None:
    notice, _staff = sent()
    remind_of_answers(now=moment(notice, "mover"))
    mail = read_mail(Mail.objects.get(kind=MailKind.NOT_ANSWERED))
    spoken = f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"
    for word in ("昭島市水道部", "042-", spoken, "受け付けられているか教えてください"):
        assert word in mail["text"]
    assert "お電話でご確認ください" in mail["subject"]


def test_notices_from_before_there_was_a_clock_get_their_moments() -> None:
    notice, _staff = sent()
    wanted = (notice.answer_due_at, notice.phone_at)
    Notice.objects.update(answer_due_at=None, phone_at=None)
    remind_of_answers(now=timezone.now() + 3 * DAY)  # from their entry on, whenever that is found out
    notice.refresh_from_db()
    assert (notice.answer_due_at, notice.phone_at) == wanted


class TestStaffMails:
    def person(self, provider: str, role: str) -> Staff:
        staff = clerk("person-1", provider=provider)
        staff.role = role
        staff.set_mail_address("madoguchi@example.jp")
        staff.told_until = timezone.now() - 30 * DAY
        staff.save()
        return staff

    def settled(self) -> datetime:
        AnswerReminder.objects.update(told_at=timezone.now() - MINUTE)
        return timezone.now()

    def texts(self) -> list[str]:
        return [read_staff_mail(mail)["text"] for mail in StaffMail.objects.order_by("created_at", "id")]

    def test_the_desks_mail_says_how_many_are_due_today(self) -> None:
        notice, _staff = sent()
        self.person("akishima-water", StaffRole.CLERK)
        notice.receipts.filter(kind=ReceiptKind.SENT).update(recorded_at=timezone.now() - 40 * DAY)
        remind_of_answers(now=moment(notice, "desk"))
        assert notify_staff(self.settled()) == 1
        [text] = self.texts()
        assert "きょうが返事の期限のれんらくが1件あります。" in text
        assert "届いています" not in text
        assert notify_staff(timezone.now() + DAY) == 0

    def test_a_desk_is_not_told_of_what_it_has_answered(self) -> None:
        notice, _staff = sent()
        self.person("akishima-water", StaffRole.CLERK)
        remind_of_answers(now=moment(notice, "desk"))
        accept(notice)
        assert notify_staff(self.settled()) == 0

    def test_the_bureau_gets_one_mail_a_day_with_the_providers(self) -> None:
        first, _staff = sent()
        self.person(BUREAU, StaffRole.OPERATOR)
        remind_of_answers(now=moment(first, "operator"))
        now = self.settled()
        assert notify_staff(now) == 1
        [text] = self.texts()
        assert "昭島市水道部: 1件" in text
        assert first.number not in text
        AnswerReminder.objects.update(told_at=now + MINUTE)
        assert notify_staff(now + DAY - MINUTE) == 0
        assert notify_staff(now + DAY) == 1
