"""A made-up mover's notice through a provider's real channel: marked in every format, and nobody's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.channel.message import NoticeMessage, message_document
from renrakucho.delivery import trial_notice
from renrakucho.delivery.answer_clock import remind_of_answers
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.delivery.late_answers import overdue_notices
from renrakucho.delivery.trial_notice import CannotTry, send_trial_notice
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_day, frozen_form
from renrakucho.notice.operator_acts import mark_not_connected
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.desk.cast import address, clerk, seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER, MAIL, DAY = "akishima-water", "bureau@example.jp", timedelta(days=1)


def tried() -> Notice:
    return send_trial_notice(None, WATER, "start", mail_to=MAIL)


def test_a_trial_goes_the_whole_way_and_its_mails_go_to_whoever_tries() -> None:
    notice = tried()
    deliver_due_notices("test")
    answer_notice(Notice.objects.get(id=notice.id), ProviderAnswer(receipt_number="昭水-1"), SystemActor("CIS"))
    assert Notice.objects.get(id=notice.id).status == Status.ACCEPTED
    assert {read_mail(mail)["to"] for mail in Mail.objects.all()} == {MAIL}
    [entry] = AuditEntry.objects.all()
    assert (entry.deed, entry.number, entry.about) == ("tested", notice.number, f"{WATER}/inbox")


def test_a_second_press_makes_no_second_trial_while_the_first_waits() -> None:
    assert tried() == tried()
    assert Notice.objects.count() == AuditEntry.objects.count() == 1


def test_it_is_marked_at_the_desk_and_for_machines() -> None:
    notice = tried()
    deliver_due_notices("test")
    shown = seated(clerk()).get(address("notice", notice.id)).content.decode()
    assert "【試験】" in shown
    message: NoticeMessage = DeliveryTask(notice, FIRST_DELIVERY).message()
    document = message_document(message)
    assert "【試験】" in str(document)
    assert any(line.text.startswith("試験") for line in frozen_form(notice).lines)


def test_it_is_marked_in_a_nightly_file(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "connections.toml"
    path.write_text(f'[{WATER}.files]\nfolder = "{tmp_path / "out"}"\n', "utf-8")
    settings.CONNECTIONS = str(path)
    tried()
    deliver_due_notices("test")
    deliver_batches("test", now=timezone.now() + DAY)
    [file] = (tmp_path / "out").glob("*.csv")
    assert "試験" in file.read_text("utf-8-sig")


def test_where_no_mark_can_be_made_it_is_refused() -> None:
    with pytest.raises(CannotTry, match="carried"):
        send_trial_notice(None, "tokyo-waterworks", "stop", mail_to=MAIL)
    with pytest.raises(CannotTry, match="not_connected"):
        send_trial_notice(None, "no-such", "stop", mail_to=MAIL)
    mark_not_connected(None, WATER)
    with pytest.raises(CannotTry, match="not_connected"):
        tried()


def test_a_form_without_a_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_notice, "TRIAL_MARK", "この語はどこにもない")
    with pytest.raises(CannotTry, match="cannot_mark"):
        tried()
    assert not Notice.objects.exists()


def test_nobody_is_reminded_of_a_trial_and_it_counts_for_nobody() -> None:
    notice = tried()
    deliver_due_notices("test")
    Notice.objects.update(answer_due_at=timezone.now() - DAY, phone_at=timezone.now() - DAY)
    assert remind_of_answers() == 0
    assert not overdue_notices().exists()
    assert enforce_retention(timezone.now() + 8 * DAY) == {"draft": 1}
    assert not Notice.objects.filter(id=notice.id).exists()


def test_the_command_line_names_the_number_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("notice", "trial", WATER, "start", "--mail", MAIL)
    assert Notice.objects.get().number == capsys.readouterr().out.strip().replace("-", "")
    with pytest.raises(CommandError, match="ブラウザ"):
        call_command("notice", "trial", "tokyo-waterworks", "stop", "--mail", MAIL)


def test_the_made_up_move_is_two_weeks_ahead() -> None:
    assert frozen_day(tried()) == timezone.localdate() + 14 * DAY
