"""Append-only tables: rows that are added and never changed, held by triggers of the database itself.

UPDATE and TRUNCATE are refused always, DELETE outside `retention_pass`, and so is an INSERT that would take the place
of a row (SQLite's INSERT OR REPLACE fires no trigger of deletion). `install_guards` runs after each `migrate`, not in a
migration: SQLite makes a table anew for most changes of a column, and drops its triggers with the old one. A
further trigger links each audit entry to the one before.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models, transaction

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider.audit_link import CHAIN_BEGINNING, AppendOnlyRow
from renrakucho.provider.audit_log import AuditEntry

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
# The links of the hash chain (provider.audit_chain), made in the transaction of their entry: what is removed afterwards
# leaves its link. Django has given SQLite its SHA256. On PostgreSQL at the commit, under a lock that is therefore the
# last one of its transaction: taken at the insert, two acts could wait for each other.
_SQLITE_LINK = """
CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN
    INSERT INTO provider_auditlink (id, number, entry_hash, chain_hash)
    SELECT NEW.id, head.number + 1, NEW.seal, SHA256(
        head.chain_hash || char(10) || (head.number + 1) || char(10) || NEW.id || char(10) || NEW.seal
    ) FROM (
        SELECT number, chain_hash FROM provider_auditlink UNION ALL SELECT 0, '{beginning}' ORDER BY number DESC LIMIT 1
    ) AS head;
END
"""
_POSTGRES_LINK_FUNCTION = """
CREATE OR REPLACE FUNCTION renrakucho_link_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head record;
BEGIN
    PERFORM pg_advisory_xact_lock(7461020170);
    SELECT number, chain_hash INTO head FROM (
        (SELECT number, chain_hash FROM provider_auditlink ORDER BY number DESC LIMIT 1)
        UNION ALL SELECT 0, '{beginning}'
    ) AS heads ORDER BY number DESC LIMIT 1;
    INSERT INTO provider_auditlink (id, number, entry_hash, chain_hash) VALUES (
        NEW.id, head.number + 1, NEW.seal, encode(sha256(convert_to(concat_ws(
            E'\\n', head.chain_hash, head.number + 1, replace(NEW.id::text, '-', ''), NEW.seal
        ), 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$
"""
_POSTGRES_LINK = (
    "CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION renrakucho_link_audit()"
)
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
            cursor.execute(_POSTGRES_LINK_FUNCTION.format(beginning=CHAIN_BEGINNING))
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
    guards, link = _SQLITE_GUARDS, _SQLITE_LINK
    if connection.vendor == "postgresql":
        guards, link = _POSTGRES_GUARDS, _POSTGRES_LINK
    wanted = [(f"{table}_no_{kind}", table, each) for table in guarded_tables() for kind, each in guards.items()]
    known, entries = _standing_guards(), AuditEntry._meta.db_table
    return [
        (name, table, statement.format(name=name, table=table, beginning=CHAIN_BEGINNING))
        for name, table, statement in [*wanted, (f"{entries}_link", entries, link)]
        if name not in known
    ]


def _standing_guards() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {str(name) for (name,) in cursor.fetchall()}
