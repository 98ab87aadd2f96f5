"""Figures of what waits for an answer, and of mails and files."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_mails
from renrakucho.mail.models import Mail
from renrakucho.monitoring.notice_figures import (
    handed_over_long_ago,
    mail_figures,
    unanswered_notices,
    waiting_files,
)
from renrakucho.notice.models import Notice
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import record_receipt
from tests import cast
from tests.receipt.cast import accept_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_a_notice_that_was_handed_over_and_never_came_back_is_counted_after_a_day() -> None:
    notice = cast.notice("water:start:akishima-water")
    record_receipt(notice, ReceiptKind.HANDED_OVER)
    Notice.objects.update(written_at=timezone.now())
    assert handed_over_long_ago(timezone.now() + timedelta(hours=23)) == {}
    assert handed_over_long_ago(timezone.now() + timedelta(hours=25)) == {notice.provider: 1}
    record_receipt(notice, ReceiptKind.ACCEPTED)
    assert handed_over_long_ago(timezone.now() + timedelta(hours=25)) == {}


@pytest.mark.parametrize(("days", "bucket"), [(0, 0), (2, 0), (4, 1), (6, 1), (8, 2), (13, 2), (15, 3), (400, 3)])
def test_notices_without_an_answer_are_counted_by_their_age(days: int, bucket: int) -> None:
    sent()
    [found] = unanswered_notices(timezone.now() + timedelta(days=days))
    assert found.provider == "akishima-water"
    assert found.by_age == tuple(int(at == bucket) for at in range(4))


def test_a_notice_with_an_answer_is_not_counted() -> None:
    notice, staff = sent()
    accept_notice(notice, staff, "A-1")
    assert unanswered_notices() == []


def test_mails_that_are_due_sent_and_given_up_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    sent()
    movers, staff = mail_figures(timezone.now() + timedelta(seconds=70))
    waiting = Mail.objects.count()
    assert waiting > 1
    assert (movers.due, movers.given_up, movers.last_sent_at, staff.due) == (waiting, 0, None, 0)
    assert movers.oldest_due is not None
    assert movers.oldest_due >= timedelta(seconds=70)
    send_due_mails("test", limit=1)
    Mail.objects.filter(sent_at=None).update(gave_up_at=timezone.now(), due_at=None)
    movers, _staff = mail_figures()
    assert (movers.due, movers.given_up) == (0, waiting - 1)
    assert movers.last_sent_at is not None
    assert mail_figures(timezone.now() + timedelta(days=2))[0].given_up == 0


def test_files_that_a_provider_has_not_fetched_are_counted_with_their_age(tmp_path: Path, settings: Any) -> None:
    folder = tmp_path / "exchange"
    settings.CONNECTIONS = str(tmp_path / "connections.toml")
    Path(settings.CONNECTIONS).write_text(f'[akishima-water.files]\nfolder = "{folder}"\n', "utf-8")
    [found] = waiting_files()
    assert not found.readable
    folder.mkdir()
    [found] = waiting_files()
    assert (found.readable, found.count, found.oldest) == (True, 0, None)
    for number, days in enumerate((3, 1)):
        path = folder / f"{number}.csv"
        path.write_text("", "utf-8")
        at = (timezone.now() - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    [found] = waiting_files()
    assert (found.provider, found.count) == ("akishima-water", 2)
    assert found.oldest is not None
    assert found.oldest.days == 3
