"""Append-only tables: rows that are added and never changed, held by triggers of the database itself.

UPDATE and TRUNCATE are refused always, DELETE outside `retention_pass`, and so is an INSERT that would take the place
of a row (SQLite's INSERT OR REPLACE fires no trigger of deletion). `install_guards` runs after each `migrate`, not in a
migration: SQLite makes a table anew for most changes of a column, and drops its triggers with the old one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models, transaction

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider.audit_log import AppendOnlyRow

_SQLITE_GUARDS = {
    "update": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "delete": "CREATE TRIGGER {name} BEFORE DELETE ON {table} WHEN NOT EXISTS (SELECT 1 FROM provider_retentionpass)"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "replace": "CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
}
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION renrakucho_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM provider_retentionpass) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# With its owner's rights: the portal's own role may not delete from the audit log (renrakucho database roles).
_POSTGRES_RETIREMENT = """
CREATE OR REPLACE FUNCTION renrakucho_retire_audit(until_number bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE removed bigint; pass uuid := gen_random_uuid();
BEGIN
    INSERT INTO provider_retentionpass (id) VALUES (pass);
    DELETE FROM provider_auditentry USING provider_auditlink AS link WHERE link.id = provider_auditentry.id
        AND link.number <= until_number AND provider_auditentry.done_at < now() - interval '90 days';
    GET DIAGNOSTICS removed = ROW_COUNT;
    DELETE FROM provider_retentionpass WHERE id = pass;
    RETURN removed;
END $$
"""
# ENABLE ALWAYS: session_replication_role = replica does not pass them by.
_POSTGRES_GUARDS = {
    "change": "CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION renrakucho_append_only()",
    "truncate": "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION renrakucho_append_only()",
}


class RetentionPass(models.Model):
    """While a transaction has a row here, it may delete append-only rows. No row is ever committed."""

    id = models.UUIDField(primary_key=True, default=new_uuid7, editable=False)


@contextmanager
def retention_pass() -> Iterator[None]:
    """Delete rows of append-only tables within this block, in one transaction: the way of retention, and of a mover
    who deletes a book. Other connections see nothing of the pass.
    """
    with transaction.atomic():
        row = RetentionPass.objects.create()
        yield
        row.delete()


def guarded_tables() -> list[str]:
    """The tables that are append-only."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyRow))


def install_guards() -> None:
    """Make the triggers that are missing or switched off."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
            cursor.execute(_POSTGRES_RETIREMENT)
        for name, table, statement in _missing_guards():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def missing_guards() -> list[str]:
    """The triggers that are missing or switched off, by name. One query."""
    return [name for name, _table, _statement in _missing_guards()]


def _missing_guards() -> list[tuple[str, str, str]]:
    """Name, table and statement of each trigger that does not stand."""
    guards = _POSTGRES_GUARDS if connection.vendor == "postgresql" else _SQLITE_GUARDS
    known = _standing_guards()
    return [
        (name, table, statement.format(name=name, table=table))
        for table in guarded_tables()
        for kind, statement in guards.items()
        if (name := f"{table}_no_{kind}") not in known
    ]


def _standing_guards() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {str(name) for (name,) in cursor.fetchall()}
