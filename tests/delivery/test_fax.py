"""A notice by fax, from the mover's confirmation to what is known of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery import deliver_notices
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import LONGEST_WAY, retry_deadline
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.book import open_for_book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.answer_by_code import mark_paper_seen
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from renrakucho.receipt.provider_actions import request_resend
from tests.delivery.by_fax import entered, office
from tests.delivery.test_postman import put
from tests.receipt.test_turns import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

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


def test_it_is_handed_over_asked_after_and_sent(settings: Any, tmp_path: Path) -> None:
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


def test_nothing_personal_goes_to_a_number_that_was_not_proved(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, DONE, proved=False) as exchange:
        notice = entered()
        rounds(3)
    assert exchange.heard == []
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    assert notice.due_at
    assert not notice.attempts_made.exists()


def test_what_nobody_proves_is_told_to_the_mover_in_the_end(settings: Any, tmp_path: Path) -> None:
    with office(settings, tmp_path, proved=False):
        notice = entered()
        rounds(1)
        notice.receipts.update(recorded_at=timezone.now() - LONGEST_WAY)
        rounds(2)
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_the_last_call_is_the_afternoon_before() -> None:
    zone = timezone.get_default_timezone()
    day = datetime(2026, 12, 5, tzinfo=zone)
    assert retry_deadline(day.date(), day - timedelta(days=9)) == datetime(2026, 12, 4, 15, tzinfo=zone)
    late = datetime(2026, 12, 4, 20, tzinfo=zone)
    assert retry_deadline(day.date(), late) == late + timedelta(hours=1)


def test_it_is_given_up_rather_than_tried_after_the_day_before(monkeypatch: pytest.MonkeyPatch) -> None:
    in_ten_days = (timezone.localdate() + timedelta(days=10)).isoformat()
    put(monkeypatch, lambda parcel: Outcome(OutcomeKind.TRY_LATER, "busy", retry_after=timedelta(days=11)))
    notice = enter_notice(answered(move__arrive_on=in_ten_days))
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_no_second_try_is_made_when_the_worker_came_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def busy(parcel: Any) -> Outcome:
        calls.append(parcel.key)
        return Outcome(OutcomeKind.TRY_LATER, "busy")

    put(monkeypatch, busy)
    notice = enter_notice(answered())
    deliver_due_notices("test")
    monkeypatch.setattr("renrakucho.delivery.deliver_notices.until", lambda *_given: timezone.now() - timedelta(days=1))
    deliver_due_notices("test", now=timezone.now() + timedelta(days=1))
    notice.refresh_from_db()
    assert (notice.status, len(calls)) == (Status.UNDELIVERED, 1)


def test_what_is_under_way_without_a_word_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, lambda parcel: Outcome(OutcomeKind.UNDER_WAY, "the gateway took it", reference="m"))
    notice = enter_notice(answered())
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    long_ago = timezone.now() - LONGEST_WAY
    notice.receipts.update(recorded_at=long_ago)
    Attempt.objects.update(started_at=long_ago)
    deliver_due_notices("test", now=timezone.now() + timedelta(minutes=1))
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.UNDELIVERED, None)


def test_a_fax_that_was_lost_is_dialled_again(settings: Any, tmp_path: Path) -> None:
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


def test_a_call_that_nobody_knows_the_end_of_is_not_taken_for_the_one_asked_for_again(
    settings: Any, tmp_path: Path
) -> None:
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


def test_a_worker_that_is_killed_before_it_notes_the_job_has_it_dialled_once(
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
