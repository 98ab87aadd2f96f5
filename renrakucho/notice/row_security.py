"""Row-level security on PostgreSQL: while a desk's request runs, the database itself shows that desk's rows alone.

The views filter by provider; this is a second wall, for the day a filter is forgotten. The name of the desk is a
variable of the session (renrakucho.desk), set where the request's person is found and taken away when the view has
answered. Where it is not set, at movers, the bureau and the worker, every row is seen, and it costs no statement. A
superuser passes every policy by: the portal needs a role of its own (`renrakucho database roles`). SQLite has no such
thing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

_DESK = "(SELECT nullif(current_setting('renrakucho.desk', true), ''))"  # a sub-select is computed once a statement
_OWN = f"provider = {_DESK}"
_OWN_OR_EVERYBODYS = f"provider IN ('', {_DESK})"
_OF_NOTICE = f"EXISTS (SELECT 1 FROM notice_notice AS n WHERE n.id = notice_id AND n.provider = {_DESK})"  # noqa: S608 - constants
_OF_STAFF = f"EXISTS (SELECT 1 FROM provider_staff AS s WHERE s.id = staff_id AND s.provider = {_DESK})"  # noqa: S608 - constants
_OF_RECEIPT = (
    "EXISTS (SELECT 1 FROM receipt_receipt AS r JOIN notice_notice AS n ON n.id = r.notice_id"  # noqa: S608 - constants
    f" WHERE r.id = receipt_id AND n.provider = {_DESK})"
)
_NO_DESKS = "false"  # the bureau's alone
# Every table that has a provider, or hangs on one that has: tests/desk/test_row_security.py finds them by itself.
POLICIES = {
    "notice_notice": _OWN,
    "provider_auditentry": _OWN,
    "provider_staff": _OWN,
    "provider_desksettings": _OWN,
    "provider_invitation": _OWN,
    "provider_systemkey": _OWN,
    "provider_idempotentresponse": _OWN,
    "delivery_deliverybatch": _OWN,
    "delivery_erasednotice": _OWN,
    "delivery_verifiedaddress": _OWN,
    "delivery_deliverylane": _OWN,
    "notice_sendinghold": _OWN_OR_EVERYBODYS,  # a hold on an address left keeps this provider's notices too
    "provider_passkey": _OF_STAFF,
    "provider_signonlink": _OF_STAFF,
    "notice_peerorigin": _OF_NOTICE,
    "receipt_receipt": _OF_NOTICE,
    "receipt_bureauopening": _OF_NOTICE,
    "relay_receivedreceipt": _OF_NOTICE,
    "delivery_attempt": _OF_NOTICE,
    "delivery_answerreminder": _OF_NOTICE,
    "receipt_feedevent": _OF_RECEIPT,
    "notice_postcardbatch": _NO_DESKS,
    "notice_postcard": _NO_DESKS,
}
# The condition that a table's policy was made of, where the wall stands.
_INSTALLED = """
SELECT obj_description(p.oid, 'pg_policy') FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid
WHERE p.polname = 'renrakucho_desk' AND c.oid = %s::regclass AND c.relrowsecurity AND c.relforcerowsecurity
"""
# Kept in the memory of the process for everybody, as they were last read: a desk must read them whole.
FOR_EVERYBODY = frozenset({"notice_operatordecision", "notice_destination"})


def install_row_policies() -> None:
    """Make the policies that are missing or have changed, for the owner of the tables too. Run after each `migrate`.

    A table with the wall and without its policy shows nobody anything: each is changed in a transaction of its own, so
    that the pages of a portal that runs meanwhile wait for some milliseconds. What is as it should be is not locked.
    """
    if connection.vendor != "postgresql":
        return
    for table, condition in POLICIES.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSTALLED, [table])
            if cursor.fetchone() == (condition,):
                continue
            cursor.execute(f"DROP POLICY IF EXISTS renrakucho_desk ON {table}")
            cursor.execute(f"CREATE POLICY renrakucho_desk ON {table} USING ({_DESK} IS NULL OR {condition})")
            cursor.execute(f"COMMENT ON POLICY renrakucho_desk ON {table} IS %s", [condition])
            cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


@contextmanager
def desk_rows(provider: str) -> Iterator[None]:
    """Within the block the database shows this provider's rows alone, of each table in POLICIES. Two statements."""
    if connection.vendor != "postgresql":
        yield
        return
    _set_desk(provider)
    try:
        yield
    finally:
        try:
            _set_desk("")
        except DatabaseError:  # nobody may get this connection as it is: it is ended, not given back to the pool
            if not connection.in_atomic_block:
                if connection.connection:
                    connection.connection.close()
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
