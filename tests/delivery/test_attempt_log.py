"""Each attempt to deliver is a line of the log, in both forms, and no line has anything of the mover."""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.config.private_logging import PrivateFormatter, PrivateJsonFormatter
from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from tests.delivery.cast import FakeChannel, deliver, replace_inbox
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
PERSONAL = ("髙﨑", "太郎", "タカサキ", "タロウ", "3515", "6989", "taro", "二番町", "A-301", "1020084", "昭和町")
FAILURES = (OutcomeKind.UNKNOWN, OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN)


@pytest.mark.parametrize("kind", [OutcomeKind.UNKNOWN, OutcomeKind.TRY_LATER, OutcomeKind.REFUSED])
def test_a_failed_attempt_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: OutcomeKind
) -> None:
    notice = deliver(monkeypatch, FakeChannel(kind))
    [record] = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == f"notice {notice.id}: attempt 1, inbox to akishima-water: {kind}: … answer"


def test_every_failed_attempt_is_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "renrakucho")
    notice = deliver(monkeypatch, FakeChannel(*FAILURES, OutcomeKind.SENT), rounds=4)
    events = [vars(record) for record in caplog.records if "event" in vars(record)]
    assert [(event["attempt"], event["outcome"]) for event in events] == [
        (1, "unknown"),
        (2, "try_later"),
        (3, "unknown"),
        (4, "sent"),
    ]
    assert {event["notice"] for event in events} == {str(notice.id)}


def test_a_poll_that_brings_nothing_new_is_no_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "renrakucho")
    deliver(monkeypatch, FakeChannel(*[OutcomeKind.UNDER_WAY] * 3, OutcomeKind.SENT), rounds=4)
    assert [vars(record)["outcome"] for record in caplog.records if "event" in vars(record)] == ["under_way", "sent"]


@pytest.mark.parametrize("form", [PrivateFormatter("%(message)s"), PrivateJsonFormatter()], ids=["plain", "json"])
def test_nothing_of_the_mover_is_logged_from_entering_to_withdrawing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, form: logging.Formatter
) -> None:
    """The receiver repeats everything that it was sent, in an answer and in an error."""
    caplog.set_level(logging.DEBUG, "renrakucho")
    answers = iter([503, 0, 422, 200])

    def repeat(message: NoticeMessage) -> Outcome:
        status = next(answers)
        everything = " ".join(str(value) for value in (message.filled.as_json(), *PERSONAL))
        if not status:
            raise RuntimeError(everything)
        kind = {503: OutcomeKind.TRY_LATER, 422: OutcomeKind.UNKNOWN, 200: OutcomeKind.SENT}[status]
        return Outcome(kind, f"{status} {everything}\n{everything}")

    replace_inbox(monkeypatch, repeat)
    notice = enter_notice(answered())
    for day in range(4):
        deliver_due_notices("test", now=timezone.now() + timedelta(days=day))
    send_due_mails("test")
    notice = Notice.objects.get(id=notice.id)
    assert notice.status == Status.SENT
    withdraw_notice(notice)
    text = "\n".join(form.format(record) for record in caplog.records)
    assert len(caplog.records) == 5
    assert [word for word in PERSONAL if word in text] == []
    if isinstance(form, PrivateJsonFormatter):
        assert [json.loads(line)["level"] for line in text.splitlines()]
