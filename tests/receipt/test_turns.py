"""What mover and provider can do, in turn and out of turn."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from renrakucho.delivery.postman import deliver_due
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.draft import draft_of, keep
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.writing import told
from renrakucho.provider.staff import Staff
from renrakucho.receipt.leaf import leaf_of, leaves
from renrakucho.receipt.models import AppendOnly, By, Kind, Receipt
from renrakucho.receipt.mover_turn import change, enter, hand_over, own_word, withdraw
from renrakucho.receipt.provider_turn import accept, opened, receipt_number, send_back
from renrakucho.receipt.record import OutOfTurn
from renrakucho.sheet.fill import CannotSay
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"
ANSWERS = {"next_payment": "account"}


def clerk(login_id: str = "akishima-1", provider: str = "akishima-water") -> Staff:
    return Staff(login_id=login_id, provider=provider, name="窓口")


def answered(**others: str) -> Notice:
    notice = cast.notice(WATER, **others)
    keep(notice, answers=answers_of(notice))
    return notice


def answers_of(notice: Notice) -> dict[str, str]:
    sheet = leaf_of(notice).sheet
    assert sheet
    return {
        blank.name: blank.choices[0][0] if blank.choices else "1234567890"
        for blank in sheet.own_items()
        if blank.required
    }


def sent() -> tuple[Notice, Staff]:
    notice = enter(answered())
    deliver_due("test")
    notice.refresh_from_db()
    staff = clerk()
    staff.save()
    return notice, staff


def test_entering_freezes_what_is_told() -> None:
    notice = enter(answered())
    before = told(notice)
    keep(notice, answers={})
    assert told(Notice.objects.get(id=notice.id)) == before
    assert notice.status == Status.ENTERED


def test_entering_without_a_needed_answer_changes_nothing() -> None:
    notice = cast.notice(WATER)
    with pytest.raises(CannotSay):
        enter(notice)
    notice.refresh_from_db()
    assert (notice.status, notice.filled, notice.receipts.count(), notice.due_at) == ("not_entered", None, 0, None)


def test_entering_twice_is_entering_once() -> None:
    notice = answered()
    assert enter(notice).id == enter(notice).id
    assert Receipt.objects.filter(kind=Kind.ENTERED).count() == 1


def test_sent_is_not_accepted() -> None:
    notice, _staff = sent()
    leaf = leaf_of(notice)
    assert (leaf.status, leaf.receipt_number, leaf.may_change, leaf.may_begin) == (Status.SENT, "", True, False)


def test_the_clerk_accepts_and_the_mover_is_told() -> None:
    notice, staff = sent()
    accept(notice, staff, "昭水-0042")
    leaf = leaf_of(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number, leaf.may_change) == (Status.ACCEPTED, "昭水-0042", False)
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE, about=notice.id).count() == 1
    receipt = Receipt.objects.get(kind=Kind.ACCEPTED)
    assert (receipt.by, receipt.staff) == (By.PROVIDER, staff)


def test_accepting_twice_is_accepting_once_and_another_number_is_refused() -> None:
    notice, staff = sent()
    accept(notice, staff, "1")
    accept(notice, staff, "1")
    with pytest.raises(OutOfTurn):
        accept(notice, staff, "2")
    assert receipt_number(notice) == "1"
    assert Receipt.objects.filter(kind=Kind.ACCEPTED).count() == 1


def test_nothing_changes_after_it_was_accepted() -> None:
    notice, staff = sent()
    accept(notice, staff, "1")
    for late in (change, withdraw, own_word, lambda it: send_back(it, staff, "遅い")):
        with pytest.raises(OutOfTurn):
            late(notice)
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED


def test_a_change_is_a_new_notice_and_the_old_one_stays_as_told() -> None:
    old, staff = sent()
    before = told(old)
    keep(old, answers={**answers_of(old), "notes": "裏口からお願いします"})
    new = change(old)
    old.refresh_from_db()
    assert (old.status, told(old), new.replaces, new.status) == (Status.WITHDRAWN, before, old, Status.ENTERED)
    assert new.number != old.number
    assert change(old).id == new.id
    with pytest.raises(OutOfTurn):
        accept(old, staff, "1")
    assert [leaf.notice.id for leaf in leaves(new.book)] == [new.id]


def test_returned_says_why_and_can_be_sent_again() -> None:
    notice, staff = sent()
    send_back(notice, staff, "お客さま番号をお確かめください")
    send_back(notice, staff, "お客さま番号をお確かめください")
    with pytest.raises(OutOfTurn):
        send_back(notice, staff, "同時に差し戻した方の理由")
    assert Receipt.objects.filter(kind=Kind.RETURNED).count() == 1
    leaf = leaf_of(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.reason, leaf.may_change) == (Status.RETURNED, "お客さま番号をお確かめください", True)
    assert change(notice).status == Status.ENTERED


def test_withdrawn_is_out_of_the_clerks_hands() -> None:
    notice, staff = sent()
    withdraw(notice)
    withdraw(notice)
    with pytest.raises(OutOfTurn):
        accept(notice, staff, "1")
    assert Receipt.objects.filter(kind=Kind.WITHDRAWN).count() == 1


def test_withdrawn_before_it_went_out_is_never_sent() -> None:
    notice = enter(answered())
    withdraw(notice)
    deliver_due("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.WITHDRAWN, None)


def test_opening_is_noted_once_a_clerk() -> None:
    notice, staff = sent()
    colleague = clerk("akishima-2")
    colleague.save()
    for who in (staff, staff, colleague):
        opened(notice, who)
    assert Receipt.objects.filter(kind=Kind.OPENED).count() == 2


def test_own_word_is_kept_and_is_not_acceptance() -> None:
    notice = hand_over(cast.notice("water:stop:tokyo-waterworks"))
    own_word(notice)
    own_word(notice)
    leaf = leaf_of(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.HANDED_OVER, "")
    assert leaf.own_word_at
    assert not leaf.done


def test_own_word_is_not_for_what_this_portal_has_to_send() -> None:
    with pytest.raises(OutOfTurn):
        own_word(answered())


def test_handing_over_again_is_the_same_sheet() -> None:
    notice = hand_over(cast.notice("water:stop:tokyo-waterworks"))
    before = told(notice)
    again = hand_over(notice)
    assert told(again) == before
    assert again.return_until
    assert again.return_until > timezone.now()


def test_a_receipt_is_never_changed() -> None:
    notice = enter(answered())
    receipt = notice.receipts.get()
    receipt.kind = Kind.ACCEPTED
    with pytest.raises(AppendOnly):
        receipt.save()


def test_the_database_too_refuses_acceptance_by_anyone_else() -> None:
    notice = enter(answered())
    forged = Receipt(notice=notice, kind=Kind.ACCEPTED, by=By.MOVER, recorded_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        forged.save(force_insert=True)


def test_words_chosen_instead_are_told_for_this_provider_alone() -> None:
    stop = cast.notice("water:stop:tokyo-waterworks", person__family_name="𠮷野", person__family_kana="ヨシノ")
    with pytest.raises(CannotSay) as caught:
        hand_over(stop)
    names = [problem.blank.name for problem in caught.value.problems]
    keep(stop, instead={problem.blank.name: problem.text.replace("𠮷", "吉") for problem in caught.value.problems})
    frozen = told(hand_over(stop))
    assert all("吉野" in line.text for line in frozen.lines if line.name in names)
    assert {change.label for change in frozen.changes} >= {problem.blank.label for problem in caught.value.problems}
    assert draft_of(stop).instead
