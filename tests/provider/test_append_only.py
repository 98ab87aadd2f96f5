"""Append-only tables: the database itself refuses what save() does not see."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.provider.append_only import guarded_tables, install_guards, missing_guards, retention_pass
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_command
from renrakucho.receipt.models import Receipt, ReceiptAuthor, ReceiptKind
from tests import cast

pytestmark = pytest.mark.django_db


def entry() -> AuditEntry:
    log_command(AuditAction.CLOSED, about="one")
    return AuditEntry.objects.get()


def notice_with_receipt() -> Notice:
    notice = cast.notice("water:start:akishima-water")
    if not notice.receipts.exists():
        Receipt.objects.create(
            notice=notice, kind=ReceiptKind.ENTERED, by=ReceiptAuthor.MOVER, recorded_at=timezone.now()
        )
    return notice


def refused(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def run_sql(statement: str) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


def drop_guards() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def test_the_audit_log_its_chain_and_the_receipts_are_guarded() -> None:
    assert guarded_tables() == ["provider_auditentry", "provider_auditlink", "receipt_receipt"]
    assert missing_guards() == []


def test_an_audit_entry_is_neither_changed_nor_deleted() -> None:
    kept = entry()
    assert refused(lambda: AuditEntry.objects.update(about="two"))
    assert refused(lambda: AuditEntry.objects.all().delete())
    assert refused(run_sql("UPDATE provider_auditentry SET number = '1'"))
    assert AuditEntry.objects.get().about == kept.about


@pytest.mark.usefixtures("directory")
def test_a_receipt_is_neither_changed_nor_deleted_with_its_book() -> None:
    notice = notice_with_receipt()
    assert refused(lambda: Receipt.objects.update(kind=ReceiptKind.OPENED))
    assert refused(lambda: Receipt.objects.all().delete())
    assert refused(lambda: Book.objects.filter(id=notice.book_id).delete())
    assert Receipt.objects.filter(notice=notice).exists()


def test_without_the_triggers_both_are_possible() -> None:
    """The mutant: that the refusals above come from the triggers."""
    entry()
    drop_guards()
    assert not refused(lambda: AuditEntry.objects.update(about="two"))
    assert not refused(lambda: AuditEntry.objects.all().delete())


@pytest.mark.usefixtures("directory")
def test_retention_deletes_and_still_changes_nothing() -> None:
    entry()
    notice = notice_with_receipt()
    with retention_pass():
        assert refused(lambda: AuditEntry.objects.update(about="two"))
        AuditEntry.objects.all().delete()
        Book.objects.filter(id=notice.book_id).delete()
    assert not AuditEntry.objects.exists()
    assert not Receipt.objects.exists()
    entry()
    assert refused(lambda: AuditEntry.objects.all().delete())


def test_a_row_is_not_put_in_the_place_of_another() -> None:
    entry()
    columns = ", ".join(str(field.column) for field in AuditEntry._meta.concrete_fields)
    if connection.vendor == "sqlite":
        replace = f"INSERT OR REPLACE INTO provider_auditentry ({columns}) SELECT {columns} FROM provider_auditentry"
        assert refused(run_sql(replace))
    else:
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")()
        assert refused(run_sql("TRUNCATE provider_auditentry CASCADE"))


def test_guards_that_were_dropped_are_named_and_made_again() -> None:
    drop_guards()
    assert "receipt_receipt_no_change" in missing_guards() or "receipt_receipt_no_update" in missing_guards()
    install_guards()
    assert missing_guards() == []


def test_migrating_a_database_makes_the_guards(database: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database}
    program = "renrakucho.config.settings"
    migrate = [sys.executable, "-m", "django", "migrate", "--settings", program, "-v", "0"]
    subprocess.run(migrate, env=environment, check=True)
    asked = "import django; django.setup(); from renrakucho.provider.append_only import *; print(missing_guards())"
    python = [sys.executable, "-c", asked]
    found = subprocess.run(
        python, env={**environment, "DJANGO_SETTINGS_MODULE": program}, check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]"
