"""What tests of the audit log share."""

from django.db import connection

from renrakucho.provider.audit_chain import keep_head


def commit_links() -> None:
    """What PostgreSQL does at the commit: the links, which are already there on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    keep_head()
