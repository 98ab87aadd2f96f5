"""The head of the audit log leaves the machine by mail, so that a tail that was cut off shows."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from renrakucho.monitoring import audit_head_mail
from renrakucho.monitoring.audit_head_mail import mail_audit_head
from renrakucho.provider.audit_link import AuditLink, chain_head
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bureau(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEAD_FILE = str(tmp_path / "audit_head")
    settings.BUREAU_MAIL = ["bureau@portal.example"]


def acts(count: int) -> None:
    for _number in range(count):
        log_command(AuditAction.CLOSED)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def drop_guards() -> None:
    kinds = ("change",) if connection.vendor == "postgresql" else ("update", "delete")
    with connection.cursor() as cursor:
        for table in ("provider_auditentry", "provider_auditlink"):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for kind in kinds:
                cursor.execute(f"DROP TRIGGER {table}_no_{kind}{on}")


def test_it_is_mailed_once_a_day_and_the_log_says_so() -> None:
    acts(2)
    head, now = str(chain_head()), timezone.now()
    assert [mail_audit_head(now), mail_audit_head(now + timedelta(hours=1))] == [True, False]
    (sent,) = mail.outbox
    assert sent.to == ["bureau@portal.example"]
    assert f"renrakucho audit verify --head {head}" in sent.body
    assert AuditEntry.objects.get(deed=AuditAction.HEAD_MAILED).about == head
    acts(0)
    assert mail_audit_head(now + timedelta(hours=25))


def test_nothing_is_mailed_where_nobody_is_named_or_nothing_was_done(settings: Any) -> None:
    assert not mail_audit_head(timezone.now())
    acts(1)
    settings.BUREAU_MAIL = []
    assert not mail_audit_head(timezone.now())
    assert mail.outbox == []


def test_a_mail_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    acts(1)

    def fail(_head: str) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(audit_head_mail, "_send", fail)
        with pytest.raises(OSError):  # noqa: PT011
            mail_audit_head(timezone.now())
    assert mail_audit_head(timezone.now())


def test_a_log_cut_off_behind_the_mail_is_found_with_the_mail_alone(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    acts(3)
    mail_audit_head(timezone.now())
    mailed = mail.outbox[0].body.partition("--head ")[2].split()[0]
    call_command("audit", "verify", head=[mailed])
    assert f"last head mailed to the bureau: {mailed}" in capsys.readouterr().out
    drop_guards()
    tail = list(AuditLink.objects.filter(number__gte=2).values_list("id", flat=True))
    AuditEntry.objects.filter(id__in=tail).delete()
    AuditLink.objects.filter(id__in=tail).delete()
    Path(settings.AUDIT_HEAD_FILE).unlink()
    with pytest.raises(CommandError):  # for the triggers alone: nothing within the machine can know of the tail
        call_command("audit", "verify")
    out = capsys.readouterr().out
    assert "no head was mailed yet" in out
    assert "the log reached" not in out
    with pytest.raises(CommandError):
        call_command("audit", "verify", head=[mailed])
    assert "the log reached number 3, and ends at 1" in capsys.readouterr().out
