"""Row-level security: with the application's own filter taken away, PostgreSQL still shows a desk its own rows alone.

These tests run on both databases. SQLite has no second wall, and there they show what the filter alone holds.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from renrakucho.faces.desk.list import notice_queue
from renrakucho.notice.management.commands.database import PORTAL_ROLE, role_statements
from renrakucho.notice.models import Notice
from renrakucho.notice.row_security import POLICIES, all_rows, desk_rows
from renrakucho.provider.audit_chain import retire_entries
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_command
from renrakucho.receipt.models import Receipt
from tests.desk.cast import AKISHIMA, YOKOSUKA, address, clerk, seated, sent
from tests.provider.cast import commit_links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def as_portal() -> Iterator[None]:
    """In the role of the portal, until the test's transaction ends: the tests' own role is a superuser, for whom no
    policy holds.
    """
    if on_postgres():
        run(*role_statements(PORTAL_ROLE), f"SET LOCAL ROLE {PORTAL_ROLE}")
    yield
    if on_postgres():
        run("RESET ROLE")


def refused(statement: str) -> bool:
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError:
        return True
    return False


@pytest.mark.usefixtures("as_portal")
def test_a_desk_sees_no_row_of_another_even_where_nothing_filters() -> None:
    notice = sent()
    log_command(AuditAction.CLOSED, provider=AKISHIMA)
    with desk_rows(YOKOSUKA):
        counted = [model.objects.count() for model in (Notice, Receipt, AuditEntry)]
        changed = Notice.objects.filter(id=notice.id).update(position=9)
    assert (counted == [0, 0, 0]) == on_postgres()
    assert changed == (0 if on_postgres() else 1)
    with desk_rows(AKISHIMA):
        assert Notice.objects.count() == 1
        assert Receipt.objects.exists()
        assert AuditEntry.objects.exists()
    assert Notice.objects.count() == 1


@pytest.mark.usefixtures("as_portal")
def test_a_forgotten_filter_in_a_view_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, stranger = sent(), clerk("stranger", provider=YOKOSUKA)
    forgotten: Any = lambda _provider: Notice.objects.all()  # noqa: E731
    monkeypatch.setattr(notice_queue, "notices_on_desk", forgotten)
    shown = seated(stranger).get(address("notice", notice.id))
    assert shown.status_code == (404 if on_postgres() else 200)


@pytest.mark.usefixtures("as_portal")
def test_without_the_policy_it_would_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the policies are switched off."""
    if on_postgres():
        run("RESET ROLE", *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in POLICIES))
        run(f"SET LOCAL ROLE {PORTAL_ROLE}")
    sent()
    with desk_rows(YOKOSUKA):
        assert Notice.objects.count() == 1


@pytest.mark.usefixtures("as_portal")
def test_the_desks_own_work_is_as_before_and_the_next_request_sees_all() -> None:
    notice, other = sent(), sent("electricity:start:tepco-ep") if not on_postgres() else sent()
    desk = seated(clerk())
    assert desk.get("/desk/").status_code == 200
    assert desk.get(address("notice", notice.id)).status_code == 200
    desk.post(address("accept", notice.id), {"number": "A-1"})
    notice.refresh_from_db()
    assert notice.status == "accepted"
    assert Notice.objects.filter(id__in=[notice.id, other.id]).count() == 2


@pytest.mark.usefixtures("as_portal")
def test_a_mail_to_the_mover_still_knows_the_whole_book() -> None:
    sent()
    with desk_rows(YOKOSUKA), all_rows():
        assert Notice.objects.count() == 1


def test_the_portals_role_cannot_alter_what_is_append_only() -> None:
    if not on_postgres():
        with pytest.raises(CommandError, match="SQLite has no roles"):
            call_command("database", "roles")
        return
    log_command(AuditAction.CLOSED)
    call_command("database", "roles", execute=True)
    run(f"SET LOCAL ROLE {PORTAL_ROLE}")
    log_command(AuditAction.REOPENED)  # it may add
    for statement in (
        "UPDATE provider_auditentry SET number = '1'",
        "DELETE FROM provider_auditentry",
        "TRUNCATE provider_auditentry CASCADE",
        "ALTER TABLE provider_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER provider_auditentry_no_change ON provider_auditentry",
        "CREATE OR REPLACE FUNCTION renrakucho_append_only() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "UPDATE receipt_receipt SET kind = 'opened'",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
        "ALTER TABLE notice_notice DISABLE ROW LEVEL SECURITY",
    ):
        assert refused(statement), statement
    assert AuditEntry.objects.count() == 2
    run("RESET ROLE")


@pytest.mark.usefixtures("as_portal")
def test_the_portals_role_retires_old_entries_by_the_one_way() -> None:
    old = timezone.now() - timedelta(days=400)
    AuditEntry.objects.create(provider=AKISHIMA, deed=AuditAction.SEEN, done_at=old)
    commit_links()
    assert retire_entries(timezone.now() - timedelta(days=365)) == 1


def test_a_role_has_a_plain_name() -> None:
    with pytest.raises(CommandError):
        call_command("database", "roles", role="x; DROP TABLE y")
