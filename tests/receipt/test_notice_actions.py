"""Acts of mover and provider: which transitions are allowed, and which are refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.errors import AppendOnly
from renrakucho.lib.identifiers import first_uuid7_at
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice import notice_form
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import draft_of, frozen_form, keep_draft
from renrakucho.receipt import transitions
from renrakucho.receipt.evidence import OwnWord, StaffActor
from renrakucho.receipt.models import Receipt, ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import (
    enter_notice,
    hand_over_notice,
    record_own_word,
    replace_notice,
    withdraw_notice,
)
from renrakucho.receipt.notice_view import notice_view, notice_views
from renrakucho.receipt.provider_actions import mark_opened, receipt_number_of
from renrakucho.receipt.transitions import InvalidTransition
from renrakucho.sheet.fill import CannotSay
from tests import cast
from tests.receipt.cast import WATER, accept_notice, answered, answers_of, clerk, return_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_entering_freezes_what_is_told() -> None:
    notice = enter_notice(answered())
    before = frozen_form(notice)
    keep_draft(notice, answers={})
    assert frozen_form(Notice.objects.get(id=notice.id)) == before
    assert notice.status == Status.ENTERED


def test_receipts_are_dated_and_ordered_by_the_databases_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of the portal is five minutes behind: what it records sorts after what the database has."""
    moment = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr(transitions, "database_now", lambda: moment)
    monkeypatch.setattr(notice_form, "database_now", lambda: moment)
    notice = enter_notice(answered())
    entered = notice.receipts.get()
    assert (entered.recorded_at, notice.written_at) == (moment, moment)
    assert first_uuid7_at(moment) < entered.id < first_uuid7_at(moment + timedelta(milliseconds=1))
    assert notice.answer_due_at
    assert notice.answer_due_at > moment


def test_entering_without_a_needed_answer_changes_nothing() -> None:
    notice = cast.notice(WATER)
    with pytest.raises(CannotSay):
        enter_notice(notice)
    notice.refresh_from_db()
    assert (notice.status, notice.filled, notice.receipts.count(), notice.due_at) == ("not_entered", None, 0, None)


def test_entering_twice_records_one_receipt() -> None:
    notice = answered()
    assert enter_notice(notice).id == enter_notice(notice).id
    assert Receipt.objects.filter(kind=ReceiptKind.ENTERED).count() == 1


def test_a_sent_notice_is_not_accepted() -> None:
    notice, _staff = sent()
    leaf = notice_view(notice)
    assert (leaf.status, leaf.receipt_number, leaf.may_change, leaf.may_begin) == (Status.SENT, "", True, False)


def test_the_clerk_accepts_and_the_mover_is_told() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "昭水-0042")
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number, leaf.may_change) == (Status.ACCEPTED, "昭水-0042", False)
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE, about=notice.id).count() == 1
    receipt = Receipt.objects.get(kind=ReceiptKind.ACCEPTED)
    assert (receipt.by, receipt.staff) == (ReceiptAuthor.PROVIDER, staff)


def test_accepting_twice_records_one_receipt_and_refuses_another_number() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "1")
    accept_notice(notice, staff, "1")
    with pytest.raises(InvalidTransition):
        accept_notice(notice, staff, "2")
    assert receipt_number_of(notice) == "1"
    assert Receipt.objects.filter(kind=ReceiptKind.ACCEPTED).count() == 1


def test_nothing_changes_after_it_was_accepted() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "1")
    for late in (
        replace_notice,
        withdraw_notice,
        lambda it: record_own_word(it, OwnWord()),
        lambda it: return_notice(it, staff, "遅い"),
    ):
        with pytest.raises(InvalidTransition):
            late(notice)
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED


def test_a_change_makes_a_new_notice_and_keeps_the_old_form() -> None:
    old, staff = sent()
    before = frozen_form(old)
    keep_draft(old, answers={**answers_of(old), "notes": "裏口からお願いします"})
    new = replace_notice(old)
    old.refresh_from_db()
    assert (old.status, frozen_form(old), new.replaces, new.status) == (Status.WITHDRAWN, before, old, Status.ENTERED)
    assert new.number != old.number
    assert replace_notice(old).id == new.id
    with pytest.raises(InvalidTransition):
        accept_notice(old, staff, "1")
    assert [leaf.notice.id for leaf in notice_views(new.book)] == [new.id]


def test_a_returned_notice_has_a_reason_and_can_be_sent_again() -> None:
    notice, staff = sent()
    return_notice(notice, staff, "お客さま番号をお確かめください")
    return_notice(notice, staff, "お客さま番号をお確かめください")
    with pytest.raises(InvalidTransition):
        return_notice(notice, staff, "同時に差し戻した方の理由")
    assert Receipt.objects.filter(kind=ReceiptKind.RETURNED).count() == 1
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.reason, leaf.may_change) == (Status.RETURNED, "お客さま番号をお確かめください", True)
    assert replace_notice(notice).status == Status.ENTERED


def test_a_withdrawn_notice_cannot_be_accepted() -> None:
    notice, staff = sent()
    withdraw_notice(notice)
    withdraw_notice(notice)
    with pytest.raises(InvalidTransition):
        accept_notice(notice, staff, "1")
    assert Receipt.objects.filter(kind=ReceiptKind.WITHDRAWN).count() == 1


def test_a_withdrawn_notice_that_was_never_entered_is_not_due() -> None:
    notice = cast.notice(WATER)
    withdraw_notice(notice)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)


def test_the_worker_that_leases_a_withdrawn_notice_keeps_its_lease() -> None:
    notice = enter_notice(answered())
    until = timezone.now() + timedelta(minutes=5)
    Notice.objects.filter(id=notice.id).update(leased_until=until, lease_owner="another", due_at=until)
    withdraw_notice(notice)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at, notice.leased_until) == (Status.WITHDRAWN, until, until)


def test_a_notice_withdrawn_before_delivery_is_never_sent() -> None:
    notice = enter_notice(answered())
    withdraw_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)


def test_opening_is_recorded_once_for_each_clerk() -> None:
    notice, staff = sent()
    colleague = clerk("akishima-2")
    colleague.save()
    for who in (staff, staff, colleague):
        mark_opened(notice, StaffActor(who))
    assert Receipt.objects.filter(kind=ReceiptKind.OPENED).count() == 2


def test_the_movers_own_word_is_recorded_and_is_not_acceptance() -> None:
    notice = hand_over_notice(cast.notice("water:stop:tokyo-waterworks"))
    record_own_word(notice, OwnWord())
    record_own_word(notice, OwnWord())
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.HANDED_OVER, "")
    assert leaf.own_word_at
    assert not leaf.done


def test_the_movers_own_word_keeps_what_was_answered_and_can_be_corrected() -> None:
    notice = cast.notice("gas:start:akishima-gas")
    first, later = OwnWord("A-12", "鈴木", "午前に来る"), OwnWord("A-21", "鈴木")
    for said in (first, first, later):
        record_own_word(notice, said)
    leaf = notice_view(notice)
    assert (leaf.own_word, leaf.receipt_number, leaf.status) == (later, "", Status.NOT_ENTERED)
    assert notice.receipts.count() == 2


def test_the_movers_own_word_is_refused_for_a_notice_that_is_sent_from_here() -> None:
    with pytest.raises(InvalidTransition):
        record_own_word(answered(), OwnWord())


def test_handing_over_again_keeps_the_form() -> None:
    notice = hand_over_notice(cast.notice("water:stop:tokyo-waterworks"))
    before = frozen_form(notice)
    again = hand_over_notice(notice)
    assert frozen_form(again) == before
    assert again.return_until
    assert again.return_until > timezone.now()


def test_handing_over_again_opens_no_return_link_of_a_provider_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = hand_over_notice(cast.notice("water:stop:tokyo-waterworks"))
    now = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    monkeypatch.setattr("renrakucho.receipt.mover_actions.connection_of", lambda _provider: None)
    assert hand_over_notice(notice).return_until == now


def test_a_receipt_is_never_changed() -> None:
    notice = enter_notice(answered())
    receipt = notice.receipts.get()
    receipt.kind = ReceiptKind.ACCEPTED
    with pytest.raises(AppendOnly):
        receipt.save()


def test_the_database_too_refuses_acceptance_by_anyone_else() -> None:
    notice = enter_notice(answered())
    forged = Receipt(notice=notice, kind=ReceiptKind.ACCEPTED, by=ReceiptAuthor.MOVER, recorded_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save(force_insert=True)


def test_replacement_texts_go_to_this_provider_alone() -> None:
    stop = cast.notice("water:stop:tokyo-waterworks", person__family_name="𠮷野", person__family_kana="ヨシノ")
    with pytest.raises(CannotSay) as caught:
        hand_over_notice(stop)
    names = [problem.blank.name for problem in caught.value.problems]
    keep_draft(
        stop, instead={problem.blank.name: problem.text.replace("𠮷", "吉") for problem in caught.value.problems}
    )
    frozen = frozen_form(hand_over_notice(stop))
    assert all("吉野" in line.text for line in frozen.lines if line.name in names)
    assert {change.label for change in frozen.changes} >= {problem.blank.label for problem in caught.value.problems}
    assert draft_of(stop).instead


def test_the_mail_of_an_acceptance_is_in_japanese_whatever_the_language_of_the_page() -> None:
    notice, staff = sent()
    with override("en"):
        accept_notice(notice, staff, "A-1")
    mail = read_mail(Mail.objects.get(about=notice.id, kind=MailKind.ACCEPTANCE))
    assert "昭島市水道部が、水道の開始の手続を受理しました。" in mail["text"]
    assert "事業者受付番号" in mail["text"]
    assert "receipt number" not in mail["text"]
