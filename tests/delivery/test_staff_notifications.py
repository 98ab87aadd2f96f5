"""Word to a desk's staff: one mail for all that is new, not too often, to those who asked, and nothing of a mover's."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_staff_mails
from renrakucho.delivery.staff_notifications import AT_MOST_EVERY, notify_staff
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.receipt import transitions
from renrakucho.receipt.mover_actions import withdraw_notice
from tests import cast
from tests.desk.cast import YOKOSUKA, clerk, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
SOON = timedelta(seconds=10)  # after what has just arrived


def wanting(login_id: str = "akishima-1", *, provider: str = "akishima-water") -> Staff:
    staff = clerk(login_id, provider=provider)
    staff.set_mail_address(f"{login_id}@example.jp")
    staff.told_until = timezone.now()
    staff.save()
    return staff


def test_one_mail_counts_all_new_notices(mailoutbox: list[EmailMessage]) -> None:
    wanting()
    for _each in range(3):
        sent()
    assert notify_staff(timezone.now() + SOON) == 1
    assert send_due_staff_mails("test") == 1
    (mail,) = mailoutbox
    assert mail.to == ["akishima-1@example.jp"]
    assert "新しいれんらくが3件届いています" in mail.body
    assert "/desk/" in mail.body


def test_the_mail_holds_no_personal_data(mailoutbox: list[EmailMessage]) -> None:
    wanting()
    notice = sent()
    notify_staff(timezone.now() + SOON)
    send_due_staff_mails("test")
    for personal in ("髙﨑", cast.EMAIL, "昭和町", notice.number):
        assert personal not in f"{mailoutbox[0].subject}{mailoutbox[0].body}"


def test_a_notice_is_announced_once() -> None:
    wanting()
    sent()
    now = timezone.now() + SOON
    assert [notify_staff(now), notify_staff(now), notify_staff(now + 2 * AT_MOST_EVERY)] == [1, 0, 0]


def test_the_next_mail_waits_fifteen_minutes() -> None:
    wanting()
    sent()
    first = timezone.now() + SOON
    notify_staff(first)
    Staff.objects.update(told_until=timezone.now())
    sent()
    assert timedelta(minutes=15) == AT_MOST_EVERY
    assert notify_staff(first + AT_MOST_EVERY - timedelta(seconds=1)) == 0
    assert notify_staff(first + AT_MOST_EVERY) == 1


def test_staff_who_did_not_ask_get_no_mail() -> None:
    clerk()
    wanting("yokosuka-1", provider=YOKOSUKA)
    closed = wanting("closed")
    Staff.objects.filter(id=closed.id).update(is_active=False)
    sent()
    assert notify_staff(timezone.now() + SOON) == 0


def test_notices_from_before_the_request_are_not_announced() -> None:
    sent()
    wanting()
    assert notify_staff(timezone.now() + SOON) == 0


def test_an_answered_or_withdrawn_notice_is_not_announced() -> None:
    staff = wanting()
    done, withdrawn = sent(), sent()
    accept_notice(done, staff, "1")
    withdraw_notice(withdrawn)
    assert notify_staff(timezone.now() + SOON) == 0


def test_each_person_gets_a_mail_of_their_own() -> None:
    wanting()
    wanting("akishima-2")
    sent()
    assert notify_staff(timezone.now() + SOON) == 2
    assert len(set(StaffMail.objects.values_list("about", flat=True))) == 2


def test_a_receipt_of_the_last_seconds_waits_for_the_next_mail() -> None:
    wanting()
    sent()
    now = timezone.now()
    assert notify_staff(now) == 0
    assert notify_staff(now + SOON) == 1


def test_a_receipt_waits_five_seconds_for_its_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    wanting()
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(transitions, "database_now", lambda: now)
        sent()
    assert notify_staff(now + timedelta(seconds=5) - timedelta(microseconds=1)) == 0
    assert notify_staff(now + timedelta(seconds=5)) == 1


@pytest.mark.parametrize("change", [{"address": None}, {"told_until": None}])
def test_staff_who_want_no_mail_any_more_when_it_is_written_get_none(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, None]
) -> None:
    stale = wanting()
    sent()
    Staff.objects.update(**change)
    monkeypatch.setattr("renrakucho.delivery.staff_notifications._due_staff", lambda _now: [stale])
    assert notify_staff(timezone.now() + SOON) == 0
    assert not StaffMail.objects.exists()


def test_the_mail_address_is_stored_sealed() -> None:
    wanting()
    sent()
    notify_staff(timezone.now() + SOON)
    assert "@example.jp" not in str(list(StaffMail.objects.values())) + str(list(Staff.objects.values()))


def test_an_address_that_does_not_open_keeps_nobody_else_from_their_mail(caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again with the same pause, and counts everything once it opens."""
    broken, _whole = wanting(), wanting("akishima-2")
    sealed = broken.address
    Staff.objects.filter(id=broken.id).update(address=b"sealed under another key")
    sent()
    now = timezone.now() + SOON
    assert [notify_staff(now), notify_staff(now)] == [1, 0]
    assert caplog.text.count(f"staff {broken.id}") == 1
    Staff.objects.filter(id=broken.id).update(address=sealed)
    assert notify_staff(now + AT_MOST_EVERY) == 1
