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
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renrakucho.faces.desk.list import notice_queue
from renrakucho.notice.management.commands.database import PORTAL_ROLE, role_statements
from renrakucho.notice.models import Notice, SendingHold
from renrakucho.notice.notice_form import keep_draft
from renrakucho.notice.row_security import FOR_EVERYBODY, POLICIES, all_rows, desk_rows, install_row_policies
from renrakucho.provider.audit_chain import retire_entries
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_command
from renrakucho.provider.staff import Staff
from renrakucho.receipt.held_notices import hold_sending
from renrakucho.receipt.models import Receipt
from renrakucho.receipt.mover_actions import enter_notice
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import AKISHIMA, WATER, YOKOSUKA, address, clerk, needed, seated, sent
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


def provider_tables() -> set[str]:
    """Every table with a column `provider`, or with a foreign key to one of these, by the database's catalogue."""
    with connection.cursor() as cursor:
        tables = [table.name for table in connection.introspection.get_table_list(cursor) if table.type in ("t", "p")]
        columns = {
            table: {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table in tables
        }
        keys = {
            table: {other for _column, other in connection.introspection.get_relations(cursor, table).values()}
            for table in tables
        }
    found = {table for table in tables if "provider" in columns[table]}
    while more := {table for table in tables if keys[table] & found} - found:
        found |= more
    return found


def test_every_table_with_a_providers_rows_has_a_policy() -> None:
    """A new table needs one in POLICIES, or a reason in FOR_EVERYBODY."""
    named = set(POLICIES) | FOR_EVERYBODY
    assert provider_tables() - named == set()
    # Its events name receipts without a foreign key, so that they outlive them.
    assert named - provider_tables() <= {"receipt_feedevent"}
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid"
                " WHERE relrowsecurity AND relforcerowsecurity AND relnamespace = 'public'::regnamespace"
            )
            assert {name for (name,) in cursor.fetchall()} == set(POLICIES)


def test_a_table_without_a_policy_is_found() -> None:
    """The mutant: somebody adds a table of a provider's, and one that hangs on it."""
    run("CREATE TABLE desk_note (id integer PRIMARY KEY, provider varchar(64))")
    run("CREATE TABLE desk_note_line (id integer PRIMARY KEY, note_id integer REFERENCES desk_note (id))")
    assert provider_tables() - set(POLICIES) - FOR_EVERYBODY == {"desk_note", "desk_note_line"}


@pytest.mark.usefixtures("as_portal")
def test_a_desk_sees_its_own_hold_and_those_of_an_address_alone() -> None:
    hold_sending(clerk(), "", "")
    hold_sending(clerk("yokosuka", provider=YOKOSUKA), "", "")
    hold_sending(at_bureau(), "", "hash of an address")
    with desk_rows(YOKOSUKA):
        seen = set(SendingHold.objects.values_list("provider", flat=True))
        staff = set(Staff.objects.values_list("provider", flat=True))
    assert seen == ({YOKOSUKA, ""} if on_postgres() else {AKISHIMA, YOKOSUKA, ""})
    assert (staff == {YOKOSUKA}) == on_postgres()


@pytest.mark.usefixtures("as_portal")
def test_a_desks_hold_is_ended_as_before_and_a_hold_of_the_bureau_stands() -> None:
    bureau, desk = at_bureau(), seated(clerk())
    desk.post("/desk/rises/act", {"act": "hold", "rise": f"{AKISHIMA}|"})
    held = cast.notice(WATER)
    keep_draft(held, answers=needed(held))
    enter_notice(held)
    held.refresh_from_db()
    hold_sending(bureau, "", held.origin_hash)
    with desk_rows(AKISHIMA):
        own = SendingHold.objects.get(provider=AKISHIMA)
    desk.post("/desk/rises/act", {"act": "end", "hold": str(own.id)})
    held.refresh_from_db()
    assert held.held_at  # the bureau's hold keeps it


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
    kept = {
        "provider_auditentry": "UPDATE, DELETE",
        "provider_auditlink": "UPDATE, DELETE",
        "receipt_receipt": "UPDATE",
    }
    with connection.cursor() as cursor:  # by rights, and not by the triggers alone
        for table, rights in kept.items():
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [PORTAL_ROLE, table, rights])
            assert cursor.fetchone() == (False,), table
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


def changes_of_policy() -> list[list[str]]:
    """The first two words of each statement that makes policies anew, by transaction: here a savepoint."""
    with CaptureQueriesContext(connection) as captured:
        install_row_policies()
    changes: list[list[str]] = []
    inside = False
    for query in captured:
        said = query["sql"].split()[:2]
        if said[0] in ("SAVEPOINT", "RELEASE"):
            inside = said[0] == "SAVEPOINT"
            changes.append([])
        elif said[0] != "SELECT" and inside:
            changes[-1].append(" ".join(said))
        elif said[0] != "SELECT":
            changes.append([" ".join(said)])
    return [each for each in changes if each]


def test_a_policy_is_made_anew_in_one_transaction_and_only_where_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with the wall and without its policy shows nobody anything, and `migrate` runs beside a portal."""
    change = ["DROP POLICY", "CREATE POLICY", "COMMENT ON", "ALTER TABLE", "ALTER TABLE"]
    install_row_policies()
    assert changes_of_policy() == []
    monkeypatch.setitem(POLICIES, "notice_notice", f"{POLICIES['notice_notice']} AND true")
    assert changes_of_policy() == ([change] if on_postgres() else [])


def test_a_policy_that_somebody_took_away_or_switched_off_is_made_anew() -> None:
    install_row_policies()
    for damage in ("DROP POLICY renrakucho_desk ON {}", "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY"):
        if on_postgres():
            run(damage.format("notice_notice"))
        assert len(changes_of_policy()) == on_postgres()
