"""Time-outs of the database: by the kind of process, and on a real PostgreSQL."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connections

from renrakucho.config.database_options import (
    ProcessKind,
    postgres_options,
    process_kind,
    request_places,
    sqlite_options,
)
from renrakucho.page.errors import is_database_busy

ALIAS = "limited"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("/srv/.venv/bin/renrakucho worker run", ProcessKind.WORKER),
        ("/srv/.venv/lib/python3.11/site-packages/django/__main__.py worker run", ProcessKind.WORKER),
        ("/srv/.venv/bin/renrakucho directory load", ProcessKind.COMMAND),
        ("/srv/.venv/bin/renrakucho django migrate", ProcessKind.COMMAND),
        ("/srv/.venv/lib/python3.11/site-packages/django/__main__.py migrate", ProcessKind.COMMAND),
        ("/srv/renrakucho/config/run/prepare.py", ProcessKind.COMMAND),
        ("/srv/.venv/bin/granian --interface wsgi renrakucho.config.worker:application", ProcessKind.WEB),
        ("/srv/.venv/lib/python3.11/site-packages/granian/__main__.py --interface wsgi", ProcessKind.WEB),
        ("", ProcessKind.WEB),
    ],
)
def test_the_command_line_tells_the_kind_of_process(line: str, kind: ProcessKind) -> None:
    assert process_kind(line.split()) == kind


def test_a_page_waits_shortest_and_a_command_longest() -> None:
    assert [sqlite_options(kind)["timeout"] for kind in ProcessKind] == [5, 20, 60]
    web = "-c lock_timeout=1500 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000"
    assert postgres_options(ProcessKind.WEB, {})["options"] == web
    worker = "-c lock_timeout=5000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=30000"
    assert postgres_options(ProcessKind.WORKER, {})["options"] == worker
    assert "statement_timeout=0 " in postgres_options(ProcessKind.COMMAND, {})["options"]


def test_a_process_has_a_place_for_each_connection_to_postgresql_but_one() -> None:
    assert (request_places("postgresql"), request_places("sqlite")) == (7, 2)
    assert postgres_options(ProcessKind.WEB, {})["pool"]["max_size"] == 8


def test_what_the_url_says_is_kept() -> None:
    options = postgres_options(ProcessKind.WEB, {"sslmode": "require", "options": "-c lock_timeout=9", "pool": False})
    assert (options["sslmode"], options["pool"]) == ("require", False)
    assert options["options"].endswith("idle_in_transaction_session_timeout=15000 -c lock_timeout=9")


@pytest.fixture
def held(django_db_blocker: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A connection of somebody else, whose open transaction holds the one row of the table `held`."""
    url = os.environ["RENRAKUCHO_TEST_POSTGRES"]
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("DROP TABLE IF EXISTS held; CREATE TABLE held (id int); INSERT INTO held VALUES (1)")
        there = other.info
        connections.databases[ALIAS] = {
            **connections.databases["default"],
            "ENGINE": "django.db.backends.postgresql",
            "NAME": there.dbname,
            "USER": there.user,
            "PASSWORD": there.password,
            "HOST": there.host,
            "PORT": there.port,
            "CONN_MAX_AGE": 0,
            "OPTIONS": postgres_options(ProcessKind.WEB, {}),
        }
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            try:
                yield other
            finally:
                connections[ALIAS].close()
                connections[ALIAS].close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
                del connections[ALIAS], connections.databases[ALIAS]
                other.execute("ROLLBACK; DROP TABLE held")


@pytest.mark.postgres
def test_a_row_that_is_held_is_an_error_that_says_busy(held: psycopg.Connection) -> None:
    held.execute("BEGIN; SELECT * FROM held FOR UPDATE")
    with pytest.raises(OperationalError) as caught, connections[ALIAS].cursor() as mine:
        mine.execute("UPDATE held SET id = 2")
    assert is_database_busy(caught.value)
    held.execute("ROLLBACK")
    with connections[ALIAS].cursor() as mine:  # and the connection is as good as before
        mine.execute("UPDATE held SET id = 2")


@pytest.mark.postgres
def test_a_page_leaves_no_idle_transaction_open(held: psycopg.Connection) -> None:
    with connections[ALIAS].cursor() as mine:
        mine.execute("SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout')")
        assert mine.fetchone() == ("15s", "1500ms")


def test_not_every_error_says_busy() -> None:
    assert not is_database_busy(None)
    assert not is_database_busy(RuntimeError("database is locked"))
    assert not is_database_busy(OperationalError("server closed the connection unexpectedly"))
    assert is_database_busy(OperationalError("database is locked"))
