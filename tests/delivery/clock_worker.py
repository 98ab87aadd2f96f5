"""Workers that remind, and a provider's system that answers, at the same time: run as programs of their own by
test_answer_clock_race.py, on a database of their own.

usage: clock_worker.py ACT …    one after another: prepare, remind, remind-unlocked, accept, report
`remind-unlocked` is the control: it believes what its query found. The test has to catch it.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after setup

from renrakucho.delivery import answer_clock  # noqa: E402
from renrakucho.delivery.models import AnswerReminder  # noqa: E402
from renrakucho.mail.models import Mail, MailKind  # noqa: E402
from renrakucho.notice.models import Notice  # noqa: E402
from renrakucho.receipt.evidence import SystemActor  # noqa: E402
from renrakucho.receipt.models import Receipt, ReceiptKind  # noqa: E402
from renrakucho.receipt.provider_actions import answer_notice  # noqa: E402
from renrakucho.receipt.provider_answer import ProviderAnswer  # noqa: E402
from tests.delivery.cast_lanes import due_notices  # noqa: E402

COUNT = 24


def prepare() -> None:
    due_notices("water", COUNT)
    past = timezone.now() - timedelta(days=1)
    Notice.objects.update(due_at=None, answer_due_at=past, phone_at=past)


def as_it_was(notice: Notice) -> Notice:
    """The notice without a lock, as it stood when the worker began: it is answered meanwhile."""
    before = Notice.objects.select_related("book").get(id=notice.id)
    accept([before])
    Notice.objects.filter(id=notice.id).update(status=before.status)
    return before


def accept(notices: list[Notice]) -> None:
    for notice in notices:
        answer_notice(notice, ProviderAnswer(receipt_number="1"), SystemActor("CIS"))


def report() -> dict[str, object]:
    """rows: steps taken for each notice; late: steps that were taken after the notice was accepted."""
    accepted = dict(Receipt.objects.filter(kind=ReceiptKind.ACCEPTED).values_list("notice", "id"))
    steps: dict[str, list[str]] = {str(notice): [] for notice in Notice.objects.values_list("id", flat=True)}
    late = 0
    for reminder in AnswerReminder.objects.order_by("id"):
        steps[str(reminder.notice_id)].append(reminder.step)
        # Both ids are made under the notice's lock, and begin with their milliseconds.
        answer = accepted.get(reminder.notice_id)
        late += answer is not None and reminder.id.int >> 80 > answer.int >> 80
    mails = Mail.objects.filter(kind=MailKind.NOT_ANSWERED).count()
    return {"steps": list(steps.values()), "late": late, "mails": mails, "accepted": len(accepted)}


def run(act: str) -> None:
    if act == "prepare":
        prepare()
    elif act == "accept":
        accept(list(Notice.objects.order_by("?")))
    elif act == "report":
        print(json.dumps(report()))
    else:
        if act == "remind-unlocked":
            vars(answer_clock)["locked_notice"] = as_it_was
        while answer_clock.remind_of_answers():
            pass


if __name__ == "__main__":
    for act in sys.argv[1:]:
        run(act)
