"""A notice by fax, from the mover's confirmation to what is known of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import DeliveryTask
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import LONGEST_WAIT, retry_deadline
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.book import open_for_book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.answer_by_code import mark_paper_seen
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from renrakucho.receipt.provider_actions import request_resend
from tests.delivery.cast import entered, office, replace_inbox
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "unguarded")]

BUSY = ("FAILED", "Busy signal detected; too many attempts to dial")
DONE = ("DONE", "")


def rounds(count: int) -> None:
    """The worker comes by so many times, half a day apart."""
    for half_days in range(count):
        deliver_due_notices("test", now=timezone.now() + timedelta(hours=12 * half_days))


def evidence(notice: Notice) -> list[str]:
    """Of each attempt."""
    return [
        open_for_book(notice.book, f"attempt:{attempt.id}", attempt.evidence or b"")["evidence"]
        for attempt in notice.attempts_made.order_by("ordinal")
    ]


def test_a_fax_is_submitted_polled_and_sent(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, DONE) as exchange:
        notice = entered()
        assert notice.channel == "fax"
        rounds(1)
        notice.refresh_from_db()
        assert (notice.status, Attempt.objects.get().reference) == (Status.ENTERED, "1")
        rounds(2)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.SENT, None)
    assert len(exchange.documents) == 1
    [told] = evidence(notice)
    assert "NPAGES 1" in told


def test_every_dial_is_an_attempt_with_its_own_evidence(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, BUSY, BUSY, DONE):
        notice = entered()
        rounds(6)
    notice.refresh_from_db()
    assert notice.status == Status.SENT
    told = evidence(notice)
    assert ["Busy" in each for each in told] == [True, True, False]


def test_a_page_that_may_have_arrived_is_followed_by_its_withdrawal(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, ("FAILED", "No response to EOP repeated 3 tries"), DONE) as exchange:
        notice = entered()
        rounds(2)
        withdraw_notice(notice)
        rounds(3)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).count() == 1
    assert [job.parameters["JOBINFO"] for job in exchange.jobs.values()] == [str(notice.id), f"{notice.id}:withdrawn"]


def test_no_notice_goes_to_an_unverified_number(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, DONE, proved=False) as exchange:
        notice = entered()
        rounds(3)
    assert exchange.heard == []
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    assert notice.due_at
    assert not notice.attempts_made.exists()


def test_the_mover_is_told_when_the_number_is_never_verified(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, proved=False):
        notice = entered()
        rounds(1)
        notice.receipts.update(recorded_at=timezone.now() - LONGEST_WAIT)
        rounds(2)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_the_deadline_is_the_afternoon_before() -> None:
    zone = timezone.get_default_timezone()
    day = datetime(2026, 12, 5, tzinfo=zone)
    assert retry_deadline(day.date(), day - timedelta(days=9)) == datetime(2026, 12, 4, 15, tzinfo=zone)
    late = datetime(2026, 12, 4, 20, tzinfo=zone)
    assert retry_deadline(day.date(), late) == late + timedelta(hours=1)


def test_a_notice_is_given_up_when_the_next_try_would_miss_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    in_ten_days = (timezone.localdate() + timedelta(days=10)).isoformat()
    replace_inbox(monkeypatch, lambda message: Outcome(OutcomeKind.TRY_LATER, "busy", retry_after=timedelta(days=11)))
    notice = enter_notice(answered(move__arrive_on=in_ten_days))
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_no_second_try_is_made_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def busy(message: Any) -> Outcome:
        calls.append(message.key)
        return Outcome(OutcomeKind.TRY_LATER, "busy")

    replace_inbox(monkeypatch, busy)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    monkeypatch.setattr(DeliveryTask, "deadline", timezone.now() - timedelta(days=1))
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    notice.refresh_from_db()
    assert (notice.status, len(calls)) == (Status.UNDELIVERED, 1)


def test_a_fax_under_way_for_three_days_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_inbox(monkeypatch, lambda message: Outcome(OutcomeKind.UNDER_WAY, "the gateway took it", reference="m"))
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    long_ago = timezone.now() - LONGEST_WAIT
    notice.receipts.update(recorded_at=long_ago)
    Attempt.objects.update(started_at=long_ago)
    deliver_due_notices("test", now=timezone.now() + timedelta(minutes=1))
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)


def test_a_resent_fax_is_a_new_job(settings: Any, tmp_path: Path) -> None:
    """HylaFAX still has the first job, and that one is not taken for the second."""
    with office(settings, tmp_path, DONE, BUSY, DONE) as exchange:
        notice = entered()
        rounds(2)
        request_resend(notice, SystemActor("telephone"))
        rounds(4)
    assert [job.parameters["JOBINFO"] for job in exchange.jobs.values()] == [
        str(notice.id),
        f"{notice.id}:again1",
        f"{notice.id}:again1",
    ]
    assert notice.receipts.filter(kind=ReceiptKind.SENT).count() == 2


def test_a_job_of_unknown_end_is_not_taken_for_the_resent_one(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, ("ACTIVE", ""), DONE) as exchange:
        notice = entered()
        rounds(1)
        mark_paper_seen(notice)
        rounds(1)
        request_resend(notice, SystemActor("telephone"))
        rounds(2)
    assert len(exchange.jobs) == 2
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.SENT, None)


def test_a_worker_killed_before_it_stores_the_job_dials_once(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*given: object) -> None:
        raise Killed

    with office(settings, tmp_path, DONE) as exchange:
        notice = entered()
        with monkeypatch.context() as patch:
            patch.setattr(deliver_notices, "record_attempt", killed)
            with pytest.raises(Killed):
                deliver_due_notices("dying")
        rounds(3)
        assert list(exchange.jobs) == ["1"]
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.SENT, None)
    assert [attempt.outcome for attempt in notice.attempts_made.order_by("ordinal")] == ["", "sent"]
