"""Alarms: one mail when something begins to fail, one when it ends, at most one an hour between; nothing of a mover."""

import logging
import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from renrakucho.delivery.deliver_mail import OutgoingMail
from renrakucho.lib.message_text import BothLanguages
from renrakucho.monitoring import alarms
from renrakucho.monitoring.alarms import watch_installation
from renrakucho.monitoring.check_result import CheckResult, CheckState
from renrakucho.monitoring.installation_checks import run_checks
from renrakucho.monitoring.models import BackupMark, OpenAlarm, WorkerHeartbeat
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.notice.models import Notice
from tests.delivery.cast import entered

pytestmark = pytest.mark.django_db
DISK = f"disk@{socket.gethostname()}"
DOWN = CheckResult(CheckState.FAILING, BothLanguages("つながりません。", "It is down."))


@pytest.fixture(autouse=True)
def installation(settings: Any, tmp_path: Path) -> Iterator[None]:
    """One where a worker beats and all is well, as far as alarms go."""
    settings.BUREAU_MAIL = ["bureau@example.jp"]
    settings.VAR = tmp_path
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "staticfiles.json").write_text("{}", "utf-8")
    settings.SANDBOX = True
    beat()
    yield
    OpenAlarm.objects.all().delete()


def beat(ago: float = 0) -> None:
    record_heartbeat("host:1", timezone.now(), {})
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=ago))


def failing(monkeypatch: pytest.MonkeyPatch, *keys: str, unknown: tuple[str, ...] = ()) -> None:
    """These checks fail, those cannot be known, and all others are well."""
    well = CheckResult(CheckState.OK, BothLanguages("よい", "well"))
    blank = CheckResult(CheckState.UNKNOWN, BothLanguages("?", "?"))
    results = {key: DOWN if key in keys else blank if key in unknown else well for key in run_checks()}
    monkeypatch.setattr(alarms, "run_checks", lambda: results)


def subjects() -> list[str]:
    """Of the mails since the last look."""
    found = [str(message.subject) for message in mail.outbox]
    mail.outbox.clear()
    return found


@pytest.mark.usefixtures("directory")
def test_nothing_is_mailed_while_all_is_well() -> None:
    assert not watch_installation()
    assert subjects() == []


@pytest.mark.usefixtures("directory")
def test_with_the_worker_off_one_mail_tells_it_and_one_tells_that_it_is_back() -> None:
    beat(ago=61)
    assert list(watch_installation().began) == ["workers"]
    assert list(watch_installation().began) == []
    [message] = mail.outbox
    assert message.to == ["bureau@example.jp"]
    assert "renrakucho worker run" in str(message.body)
    subjects()
    beat()
    assert watch_installation().ended == ["workers"]
    assert not watch_installation()
    assert subjects() == ["【引越れんらく帳】監視のお知らせ: (workers)"]


@pytest.mark.usefixtures("directory")
def test_each_lane_that_stands_still_is_an_alarm_of_its_own_and_says_nothing_of_the_mover() -> None:
    notice = entered()
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() - timedelta(seconds=61))
    assert list(watch_installation().began) == ["lanes akishima-water inbox"]
    [message] = mail.outbox
    text = f"{message.subject} {message.body}"
    for personal in ("髙﨑", "太郎", "taro@", "3515", "昭和町", notice.number):
        assert personal not in text
    Notice.objects.update(due_at=None)
    assert watch_installation().ended == ["lanes akishima-water inbox"]


def test_an_alarm_is_repeated_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "disk")
    watch_installation()
    for minutes, told in ((59, 0), (61, 1)):
        OpenAlarm.objects.update(mailed_at=timezone.now() - timedelta(minutes=minutes))
        assert len(watch_installation().still) == told
    assert len(subjects()) == 2


def test_two_workers_send_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "disk", "fonts")
    assert len(watch_installation().began) == 2
    assert not watch_installation()
    assert len(subjects()) == 1


def test_a_machine_does_not_end_the_alarm_of_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "disk")
    monkeypatch.setattr(alarms, "_HOST", "other-host")
    assert list(watch_installation().began) == ["disk@other-host"]
    monkeypatch.setattr(alarms, "_HOST", socket.gethostname())
    failing(monkeypatch)
    assert not watch_installation()
    monkeypatch.setattr(alarms, "_HOST", "other-host")
    assert watch_installation().ended == ["disk@other-host"]


def test_a_machine_that_serves_no_pages_needs_no_static_files(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "static_files")
    assert not watch_installation()


def test_what_is_not_known_ends_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "disk")
    watch_installation()
    failing(monkeypatch, unknown=("disk",))
    assert not watch_installation()
    failing(monkeypatch)
    assert watch_installation().ended == [DISK]


def test_a_mail_that_could_not_go_out_is_sent_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object) -> int:
        raise SMTPServerDisconnected

    failing(monkeypatch, "disk")
    with monkeypatch.context() as broken:
        broken.setattr(OutgoingMail, "send", refuse)
        watch_installation()
    assert list(watch_installation().began) == [DISK]
    failing(monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(OutgoingMail, "send", refuse)
        watch_installation()
    assert watch_installation().ended == [DISK]
    assert len(subjects()) == 2


def test_the_alarm_of_the_database_needs_none(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    failing(monkeypatch, "database", unknown=("lanes", "workers"))
    assert list(watch_installation().began) == ["database"]
    assert not watch_installation()
    old = (timezone.now() - timedelta(minutes=61)).timestamp()
    os.utime(settings.VAR / "database_alarm", (old, old))
    assert list(watch_installation().still) == ["database"]
    failing(monkeypatch)
    assert watch_installation().ended == ["database"]
    assert not watch_installation()
    assert len(subjects()) == 3


def test_without_an_address_alarms_are_logged_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BUREAU_MAIL = []
    failing(monkeypatch, "disk")
    watch_installation()
    assert subjects() == []
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        f"alarm {DISK}: It is down."
    ]


def doctor(*arguments: str) -> int:
    try:
        call_command("doctor", *arguments)
    except SystemExit as exit:
        return int(str(exit.code))
    return 0


@pytest.mark.usefixtures("directory")
def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor() == 0
    beat(ago=61)
    assert doctor() == 2
    said = capsys.readouterr().out
    assert "× ワーカー (workers): 動いているワーカーがありません" in said
    assert "No worker is running" in said
    assert "→ renrakucho worker run を始めてください" in said
    assert "Start: renrakucho worker run" in said
    beat()
    BackupMark.objects.create(marked_at=timezone.now() - timedelta(hours=27))
    assert doctor() == 1


@pytest.mark.usefixtures("directory")
def test_the_doctor_mails_what_is_new_when_it_is_asked_to() -> None:
    beat(ago=61)
    assert doctor() == 2
    assert subjects() == []
    assert doctor("--mail") == 2
    assert doctor("--mail") == 2
    assert len(subjects()) == 1


@pytest.mark.usefixtures("directory")
def test_a_backup_that_is_marked_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backup", "done")
    call_command("backup", "done")
    assert BackupMark.objects.count() == 1
    capsys.readouterr()
    doctor()
    assert "○ バックアップ (backup)" in capsys.readouterr().out
