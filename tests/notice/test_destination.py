"""Where notices go changes by two people, or after a cooling-off with word to the contact known before."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.channel.connection_file import forget_connections
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.monitoring.installation_checks import run_checks
from renrakucho.notice import destination
from renrakucho.notice.destination import (
    ConfirmResult,
    NothingToConfirm,
    SamePerson,
    confirm_destination,
    is_destination_in_force,
    watch_destinations,
)
from renrakucho.notice.models import Destination, Notice, Status
from renrakucho.notice.operator_acts import resume_lanes
from renrakucho.notice.operator_decisions import forget_decisions, pause_of
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import BUREAU, Staff, StaffRole
from renrakucho.provider.staff_mail import StaffMail, StaffMailKind, read_staff_mail
from renrakucho.receipt.mover_actions import enter_notice
from tests.desk.cast import clerk, seated
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
AKISHIMA = "akishima-water"
DESK = "[akishima-water]\ndesk = true\n"
ELSEWHERE = '[akishima-water]\ndesk = true\n[akishima-water.webhook]\nurl = "https://evil.example/in"\nsecret = "{}"\n'
SECRET = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


@pytest.fixture(autouse=True)
def file(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "connections.toml"
    settings.CONNECTIONS, settings.TRIAL_CONNECTIONS = str(path), False
    says(path, DESK)
    return path


def says(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    forget_connections()
    forget_decisions()


def operator(login_id: str) -> Staff:
    return Staff.objects.create_staff(
        login_id=login_id, provider=BUREAU, name=login_id, password="x" * 12, role=StaffRole.OPERATOR
    )


def chief() -> Staff:
    staff = Staff(login_id="chief", provider=AKISHIMA, name="田中", role=StaffRole.ADMINISTRATOR)
    staff.set_mail_address("chief@akishima.example")
    staff.save()
    return staff


def changed(path: Path) -> None:
    """The first destination is in force, and one person has written another one into the file."""
    assert is_destination_in_force(AKISHIMA)
    says(path, ELSEWHERE.format(SECRET))
    assert not is_destination_in_force(AKISHIMA)


def later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    moment = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(destination, "database_now", lambda: moment)


def test_the_first_destination_needs_nobody(file: Path) -> None:
    assert watch_destinations() == 0
    assert Destination.objects.get().pending == ""


def test_a_changed_destination_gets_nothing_until_two_people_confirm_it(file: Path) -> None:
    changed(file)
    assert confirm_destination(AKISHIMA, operator("one")) == ConfirmResult.FIRST_WORD
    assert not is_destination_in_force(AKISHIMA)
    assert confirm_destination(AKISHIMA, operator("two")) == ConfirmResult.IN_FORCE
    assert is_destination_in_force(AKISHIMA)
    with pytest.raises(NothingToConfirm):
        confirm_destination(AKISHIMA, operator("three"))


def test_one_person_alone_can_never(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(file)
    one = operator("one")
    confirm_destination(AKISHIMA, one)
    for _time in range(3):
        with pytest.raises(SamePerson):
            confirm_destination(AKISHIMA, one)
    assert not is_destination_in_force(AKISHIMA)


def test_one_user_of_the_command_line_is_one_person_with_sudo_and_without(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(file)
    monkeypatch.setattr(destination, "command_line_user", lambda: "alice")
    call_command("connections", "confirm", AKISHIMA)
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "alice")
    with pytest.raises(CommandError, match="another person"):
        call_command("connections", "confirm", AKISHIMA)
    monkeypatch.setenv("SUDO_USER", "bob")
    call_command("connections", "confirm", AKISHIMA)
    assert is_destination_in_force(AKISHIMA)


def test_with_one_confirmation_it_would_be_one_person(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the first word counts as the second."""
    changed(file)
    Destination.objects.update(first_by="nobody")
    assert confirm_destination(AKISHIMA, operator("one")) == ConfirmResult.IN_FORCE


def test_the_cooling_off_begins_with_word_to_the_old_contact(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chief()
    changed(file)
    mail = read_staff_mail(StaffMail.objects.get(kind=StaffMailKind.DESTINATION))
    assert mail["to"] == "chief@akishima.example"
    assert "心当たりがないときは" in mail["text"]
    assert "evil.example" not in mail["text"]
    later(monkeypatch, 71.9)
    assert not is_destination_in_force(AKISHIMA)
    later(monkeypatch, 72.1)
    assert is_destination_in_force(AKISHIMA)


def test_it_is_in_force_at_the_very_end_of_the_cooling_off(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chief()
    changed(file)
    matures_at = Destination.objects.get().matures_at
    monkeypatch.setattr(destination, "database_now", lambda: matures_at)
    assert is_destination_in_force(AKISHIMA)


PEER = '[peers.kansai]\nname = "関西"\nurl = "{}"\nsecret = "{}"\n'


def test_a_peer_that_moved_gets_none_of_its_providers_notices(file: Path) -> None:
    says(file, DESK + PEER.format("https://kansai.example", SECRET))
    assert is_destination_in_force("kansai:osaka-water")
    says(file, DESK + PEER.format("https://evil.example", SECRET))
    assert not is_destination_in_force("kansai:osaka-water")
    assert not is_destination_in_force("kansai:sakai-water")
    assert is_destination_in_force(AKISHIMA)
    assert Destination.objects.exclude(pending="").get().provider == "peers.kansai"


def test_an_installation_for_trying_things_out_keeps_none(file: Path, settings: Any) -> None:
    settings.TRIAL_CONNECTIONS = True
    assert (watch_destinations(), is_destination_in_force(AKISHIMA)) == (0, True)
    assert not Destination.objects.exists()


def test_where_nobody_can_be_told_no_time_makes_it_live(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(file)
    later(monkeypatch, 24 * 365)
    assert not is_destination_in_force(AKISHIMA)
    assert not StaffMail.objects.exists()


def test_another_change_meanwhile_begins_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chief()
    changed(file)
    confirm_destination(AKISHIMA, operator("one"))
    later(monkeypatch, 71)
    says(file, ELSEWHERE.format(SECRET).replace("evil", "worse"))
    assert not is_destination_in_force(AKISHIMA)
    assert Destination.objects.get().first_by == ""
    later(monkeypatch, 73)
    assert not is_destination_in_force(AKISHIMA)
    assert StaffMail.objects.count() == 2


def test_a_file_that_is_put_back_ends_the_waiting(file: Path) -> None:
    changed(file)
    says(file, DESK)
    assert is_destination_in_force(AKISHIMA)
    assert Destination.objects.get().pending == ""
    assert AuditEntry.objects.filter(deed=AuditAction.DESTINATION_REFUSED).exists()


@pytest.mark.parametrize(
    "text",
    [
        '[akishima-water]\ndesk = true\n[akishima-water.fax]\nnumber = "+81421111111"\n[here.fax]\nserver = "hylafax://localhost"\n',
        '[akishima-water]\ndesk = true\nhosts = ["https://evil.example"]\n',
        f'[akishima-water]\ndesk = true\nsecret = "{"k" * 32}"\n',
    ],
    ids=["another channel", "another host", "another key"],
)
def test_host_key_number_and_channel_count_as_the_destination(file: Path, text: str) -> None:
    assert is_destination_in_force(AKISHIMA)
    says(file, text)
    assert not is_destination_in_force(AKISHIMA)


def test_notices_wait_meanwhile_and_go_when_it_is_confirmed(file: Path) -> None:
    notice = answered()
    changed(file)
    says(file, DESK + 'hosts = ["https://evil.example"]\n')
    assert not is_destination_in_force(AKISHIMA)
    enter_notice(notice)
    deliver_due_notices("test")
    assert status(notice) == Status.ENTERED
    pause = pause_of(AKISHIMA, notice.channel)
    assert pause
    assert "送信を待っています" in pause.sentence
    resume_lanes(None, provider=AKISHIMA)
    deliver_due_notices("test")
    assert status(notice) == Status.ENTERED
    for name in ("one", "two"):
        confirm_destination(AKISHIMA, operator(name))
    deliver_due_notices("test")
    assert status(notice) == Status.SENT


def test_even_before_the_worker_has_looked_nothing_goes_there(file: Path) -> None:
    notice = enter_notice(answered())
    assert is_destination_in_force(AKISHIMA)
    says(file, DESK + 'hosts = ["https://evil.example"]\n')
    deliver_due_notices("test")
    assert status(notice) == Status.ENTERED


def status(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.status


def test_the_desk_reads_that_nothing_new_arrives(file: Path) -> None:
    desk = seated(clerk())
    assert "いま届きません" not in desk.get("/desk/").text
    changed(file)
    forget_decisions()
    assert "いま届きません" in desk.get("/desk/").text


def test_what_waits_is_said_to_the_operator(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(file)
    call_command("connections", "pending")
    assert AKISHIMA in capsys.readouterr().out
    found = run_checks(["destinations"])["destinations"]
    assert AKISHIMA in str(found.said)
    assert AuditEntry.objects.filter(deed=AuditAction.DESTINATION_FOUND, about=AKISHIMA).exists()


def test_no_address_or_key_is_stored(file: Path) -> None:
    changed(file)
    stored = " ".join(str(value) for value in Destination.objects.values_list().get())
    assert "evil" not in stored
    assert SECRET not in stored
