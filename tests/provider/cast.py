"""What tests of the audit log share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TestCase

from renrakucho.provider.audit_link import keep_head


def commit_links() -> None:
    """What PostgreSQL does at the commit, which SQLite has done before, and a round of the worker after it."""
    _link()
    keep_head()


@contextmanager
def committed() -> Iterator[list[Callable[[], None]]]:
    """What is done within is committed at its end: the links are made, and then what was put off until the commit is
    called. That is given as a list.
    """
    connection.run_on_commit = []
    with TestCase.captureOnCommitCallbacks(execute=True) as callbacks:
        yield callbacks
        _link()


def _link() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
