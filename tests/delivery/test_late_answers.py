"""What whoever runs the portal sees of answers: late ones, providers that are always late, and web forms left open."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from renrakucho.delivery.late_answers import (
    ProviderLateness,
    overdue_notices,
    provider_lateness,
    unfinished_handovers,
)
from renrakucho.notice.models import Notice
from renrakucho.receipt.evidence import OwnWord, SystemActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import hand_over_notice, record_own_word, withdraw_notice
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests import cast
from tests.receipt.cast import sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "unguarded")]

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WATER, TOKYO = "akishima-water", "tokyo-waterworks"


def due(days_ago: float) -> Notice:
    notice, staff = sent()
    staff.delete()
    Notice.objects.filter(id=notice.id).update(answer_due_at=timezone.now() - days_ago * DAY)
    return Notice.objects.get(id=notice.id)


def accepted(notice: Notice, days_ago: float) -> None:
    answer_notice(notice, ProviderAnswer(receipt_number="1"), SystemActor("CIS"))
    answers = Receipt.objects.filter(notice=notice, kind=ReceiptKind.ACCEPTED)
    answers.update(recorded_at=timezone.now() - days_ago * DAY)


def test_what_is_overdue_stands_in_the_order_in_which_it_was_due() -> None:
    second, first, _later = due(1), due(5), due(-1)
    accepted(due(9), 0)
    assert list(overdue_notices()) == [first, second]


def test_the_share_of_late_answers_counts_what_is_late_and_what_is_missing() -> None:
    accepted(due(10), 11)  # in time
    accepted(due(10), 9)  # late
    due(3)  # missing
    due(-1)  # not due yet
    accepted(due(89.5), 90)  # in time, just within the 90 days
    accepted(due(90.5), 80)  # late, and before them
    withdraw_notice(due(4))  # nobody waits for it any more
    assert provider_lateness() == [ProviderLateness(WATER, 4, 2)]
    assert provider_lateness()[0].share == pytest.approx(1 / 2)


def test_web_forms_that_never_came_back_are_listed_by_provider() -> None:
    def carried(days_ago: float) -> Notice:
        notice = hand_over_notice(cast.notice("water:stop:tokyo-waterworks"))
        Receipt.objects.filter(notice=notice).update(recorded_at=timezone.now() - days_ago * DAY)
        return notice

    older, old, _fresh, said = carried(9), carried(4), carried(2), carried(8)
    record_own_word(said, OwnWord("W-7"))
    [found] = unfinished_handovers(3)
    assert (found.provider, found.numbers) == (TOKYO, (older.number, old.number))
    assert timezone.now() - found.oldest_at > 8 * DAY
    assert len(unfinished_handovers(10)) == 0


def test_the_command_line_lists_numbers() -> None:
    def run(*words: str) -> str:
        printed = StringIO()
        call_command("notice", *words, stdout=printed)
        return printed.getvalue()

    notice = due(3)
    spoken = f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"
    assert run("late").startswith(f"{WATER}  1/1  100%\n{spoken}  {WATER}/inbox  sent")
    assert run("carried", "--days", "0") == ""
