"""Row-level security on PostgreSQL: while a desk's request runs, the database itself shows that desk's rows alone.

The views filter by provider; this is a second wall, for the day a filter is forgotten. The name of the desk is a
variable of the session (renrakucho.desk), set where the request's person is found and taken away when the view has
answered. Where it is not set, at movers, the bureau and the worker, every row is seen, and it costs no statement. A
superuser passes every policy by: the portal needs a role of its own (`renrakucho database roles`). SQLite has no such
thing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

_DESK = "(SELECT nullif(current_setting('renrakucho.desk', true), ''))"  # a sub-select is computed once a statement
_OF_NOTICE = f"EXISTS (SELECT 1 FROM notice_notice AS n WHERE n.id = notice_id AND n.provider = {_DESK})"  # noqa: S608 - constants
POLICIES = {
    "notice_notice": f"provider = {_DESK}",
    "provider_auditentry": f"provider = {_DESK}",
    "receipt_receipt": _OF_NOTICE,
}


def install_row_policies() -> None:
    """Make the policies anew, for the owner of the tables too. Run after each `migrate`."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table, condition in POLICIES.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS renrakucho_desk ON {table}")
            cursor.execute(f"CREATE POLICY renrakucho_desk ON {table} USING ({_DESK} IS NULL OR {condition})")


@contextmanager
def desk_rows(provider: str) -> Iterator[None]:
    """Within the block the database shows this provider's notices, receipts and audit entries alone. Two statements."""
    if connection.vendor != "postgresql":
        yield
        return
    _set_desk(provider)
    try:
        yield
    finally:
        try:
            _set_desk("")
        except DatabaseError:  # a broken connection, which nobody may get as it is
            if not connection.in_atomic_block:
                connection.close()


@contextmanager
def all_rows() -> Iterator[None]:
    """Within the block every row is seen, in a desk's request too: a mail to the mover tells of the whole book."""
    desk = _present_desk() if connection.vendor == "postgresql" else ""
    if desk:
        _set_desk("")
    yield  # after an error the transaction ends, and the variable is again as it was before
    if desk:
        _set_desk(desk)


def _set_desk(provider: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renrakucho.desk', %s, false)", [provider])


def _present_desk() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('renrakucho.desk', true)")
        return cursor.fetchone()[0] or ""
