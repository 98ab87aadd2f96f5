"""Numbering at reading, with real transactions: on SQLite and, where there is one, PostgreSQL.

Writers are connections of their own, which hold their transactions open for as long as a test likes: between two polls,
or over all of them. The mutants number without the lock, or in one statement with it.
"""

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import dj_database_url
import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, OperationalError, connections
from django.db.models import F
from pytest_django import DjangoDbBlocker

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.receipt import event_feed
from renrakucho.receipt.event_feed import number_events
from renrakucho.receipt.models import EventFeed, FeedEvent
from tests.waiting import wait_until

FEED, OTHER = "provider/water", "provider/gas"
SQLITE = {"transaction_mode": "IMMEDIATE", "timeout": 0.1, "init_command": "PRAGMA journal_mode=WAL"}


class Database:
    """The feeds' tables alone, as the default database. `writer`: another connection to them."""

    def __init__(self, url: str, path: Path) -> None:
        self.url, self.path = url, path

    def writer(self) -> "Writer":
        if self.url:
            return Writer(psycopg.connect(self.url), "%s")
        return Writer(sqlite3.connect(self.path, isolation_level="IMMEDIATE", timeout=0), "?")


class Writer:
    """One who writes events, in a transaction that is open until it is committed."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection = connection
        self._insert = f"INSERT INTO receipt_feedevent (feed, receipt_id) VALUES ({mark}, {mark})"
        self.hex = mark == "?"

    def write(self, feed: str = FEED) -> str:
        key = new_uuid7()
        self.connection.execute(self._insert, [feed, key.hex if self.hex else key])
        return str(key)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    name, server = f"feed_{uuid4().hex}", ""
    path = tmp_path / "feed.sqlite3"
    settings: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE}
    if request.param == "postgres":
        server = os.environ["RENRAKUCHO_TEST_POSTGRES"].rsplit("/", 1)[0]
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"'.encode())
        settings = {**dj_database_url.parse(f"{server}/{name}")}
    with django_db_blocker.unblock():
        tests_own, tests_settings = connections[DEFAULT_DB_ALIAS], connections.settings[DEFAULT_DB_ALIAS]
        connections.settings[DEFAULT_DB_ALIAS] = connections.configure_settings({DEFAULT_DB_ALIAS: settings})[
            DEFAULT_DB_ALIAS
        ]
        del connections[DEFAULT_DB_ALIAS]
        try:
            with connections[DEFAULT_DB_ALIAS].schema_editor() as editor:
                editor.create_model(EventFeed)
                editor.create_model(FeedEvent)
            yield Database(f"{server}/{name}" if server else "", path)
        finally:
            connections[DEFAULT_DB_ALIAS].close()
            connections.settings[DEFAULT_DB_ALIAS] = tests_settings
            connections[DEFAULT_DB_ALIAS] = tests_own
            if server:
                with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                    admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


only_postgres = pytest.mark.parametrize(
    "database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


class Reader:
    """Polls, and keeps what it was told."""

    def __init__(self, feed: str = FEED) -> None:
        self.feed, self.at, self.told = feed, 0, list[str]()

    def poll(self) -> list[str]:
        last = number_events(self.feed)
        rows = FeedEvent.objects.filter(feed=self.feed, number__gt=self.at, number__lte=last).order_by("number")
        new = [str(key) for key in rows.values_list("receipt_id", flat=True)]
        self.at = last
        self.told += new
        return new


def poll_of_a_thread(reader: Reader) -> list[str]:
    try:
        return reader.poll()
    finally:
        connections[DEFAULT_DB_ALIAS].close()


def test_what_a_long_transaction_wrote_is_told_after_its_commit(database: Database) -> None:
    """It began first and ends last; on PostgreSQL others are written and told meanwhile."""
    reader = Reader()
    slow, quick = database.writer(), database.writer()
    with closing(slow.connection), closing(quick.connection):
        late = slow.write()
        if database.url:
            early = [quick.write() for _each in range(3)]
            quick.connection.commit()
            assert reader.poll() == early
        assert reader.poll() == []
        slow.connection.commit()
        assert reader.poll() == [late]
        assert reader.poll() == []


def test_what_was_rolled_back_is_never_told(database: Database) -> None:
    reader, writer = Reader(), database.writer()
    with closing(writer.connection):
        writer.write()
        assert reader.poll() == []
        writer.connection.rollback()
        kept = writer.write()
        writer.connection.commit()
        assert reader.poll() == [kept]


def test_a_poll_that_could_not_number_loses_nothing(database: Database) -> None:
    """The feed's row, or SQLite's one writer, is held by another for longer than a page waits."""
    reader, writer = Reader(), database.writer()
    with closing(writer.connection):
        keys = [writer.write()]
        writer.connection.commit()
        assert reader.poll() == keys
        keys = [writer.write()]
        writer.connection.commit()
        if database.url:
            writer.connection.execute("SELECT * FROM receipt_eventfeed FOR UPDATE")
            connections[DEFAULT_DB_ALIAS].cursor().execute("SET lock_timeout = 50")
        else:
            keys.append(writer.write(OTHER))
        with pytest.raises(OperationalError):
            reader.poll()
        writer.connection.rollback()
        assert reader.poll() == keys[:1]


def test_each_feed_has_numbers_of_its_own(database: Database) -> None:
    writer, water, gas = database.writer(), Reader(), Reader(OTHER)
    with closing(writer.connection):
        keys = [writer.write(), writer.write(OTHER), writer.write()]
        writer.connection.commit()
        assert (water.poll(), gas.poll()) == ([keys[0], keys[2]], [keys[1]])
        assert (water.at, gas.at) == (2, 1)


def test_a_large_backlog_is_numbered_in_several_polls(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_feed, "MOST_NUMBERED", 2)
    writer, reader = database.writer(), Reader()
    with closing(writer.connection):
        keys = [writer.write() for _each in range(5)]
        writer.connection.commit()
        assert [reader.poll() for _each in range(4)] == [keys[:2], keys[2:4], keys[4:], []]


@only_postgres
@pytest.mark.parametrize("seed", range(5))
def test_every_event_is_told_once_whoever_commits_when(database: Database, seed: int) -> None:
    """Six writers over 400 steps: they write, commit and roll back in any order, and two readers poll between."""
    chance = random.Random(seed)
    writers = [database.writer() for _each in range(6)]
    readers = [Reader(), Reader()]
    open_now: dict[int, list[str]] = {}
    committed: list[str] = []
    for _step in range(400):
        who = chance.randrange(len(writers))
        match chance.choice(["write", "write", "end", "poll"]):
            case "write":
                open_now.setdefault(who, []).append(writers[who].write())
            case "end" if chance.random() < 0.8:
                writers[who].connection.commit()
                committed += open_now.pop(who, [])
            case "end":
                writers[who].connection.rollback()
                open_now.pop(who, None)
            case _:
                chance.choice(readers).poll()
    for who, writer in enumerate(writers):
        writer.connection.commit()
        committed += open_now.pop(who, [])
        writer.connection.close()
    for reader in readers:
        reader.poll()
        assert Counter(reader.told) == Counter(committed)
    assert readers[0].told == readers[1].told


@only_postgres
def test_a_server_that_is_killed_while_it_numbers_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = Reader(), database.writer()
    locked = event_feed._locked_feed

    def killed(feed: str) -> EventFeed:
        row = locked(feed)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        writer.connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        writer.connection.commit()
        return row

    with closing(writer.connection):
        keys = [writer.write(), writer.write()]
        writer.connection.commit()
        monkeypatch.setattr(event_feed, "_locked_feed", killed)
        with pytest.raises(DatabaseError):
            reader.poll()
        connections[DEFAULT_DB_ALIAS].close()
        monkeypatch.undo()
        assert reader.poll() == keys


def assert_two_readers_are_told_the_same(database: Database) -> None:
    """The first has numbered an event and not committed yet when the second begins, which also sees what another
    wrote before and after that event, and committed meanwhile.
    """
    first, slow = database.writer(), database.writer()
    one, two = Reader(), Reader()
    with closing(first.connection), closing(slow.connection), ThreadPoolExecutor(1) as thread:
        begun = [slow.write()]
        keys = [first.write()]
        begun.append(slow.write())
        first.connection.execute("INSERT INTO receipt_eventfeed VALUES (%s, 0)", [FEED])
        first.connection.commit()
        # The first reader, by hand, in the order of the real one.
        first.connection.execute("SELECT * FROM receipt_eventfeed FOR NO KEY UPDATE")
        first.connection.execute("UPDATE receipt_feedevent SET number = 1 WHERE receipt_id = %s", keys)
        first.connection.execute("UPDATE receipt_eventfeed SET last_number = 1")
        slow.connection.commit()
        second = thread.submit(poll_of_a_thread, two)
        try:
            wait_until(lambda: is_waiting(slow), 20, "the second reader does not wait", every=0.02)
        finally:
            first.connection.commit()
        one.at, one.told = 1, list(keys)
        second.result(20)
        keys = [*keys, *begun, first.write()]
        first.connection.commit()
        one.poll()
        two.poll()
    assert one.told == two.told == keys


def is_waiting(writer: Writer) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    found = writer.connection.execute(query).fetchone()
    writer.connection.commit()
    return found is not None


@only_postgres
def test_two_readers_at_once_are_told_the_same(database: Database) -> None:
    assert_two_readers_are_told_the_same(database)


@only_postgres
def test_a_mutant_that_numbers_without_the_lock_is_caught(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_feed, "_locked_feed", lambda feed: EventFeed.objects.get(name=feed))
    with pytest.raises((IntegrityError, AssertionError)):
        assert_two_readers_are_told_the_same(database)


ONE_STATEMENT = """
WITH feed AS (SELECT name, last_number FROM receipt_eventfeed WHERE name = %s FOR NO KEY UPDATE), fresh AS (
    SELECT e.id, feed.last_number + row_number() OVER (ORDER BY e.id) AS number FROM receipt_feedevent e, feed
    WHERE e.feed = feed.name AND e.number IS NULL
)
UPDATE receipt_feedevent e SET number = fresh.number FROM fresh WHERE e.id = fresh.id AND e.number IS NULL
"""


@only_postgres
def test_a_mutant_that_locks_and_numbers_in_one_statement_is_caught(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mutant(feed: str) -> int:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(ONE_STATEMENT, [feed])
            EventFeed.objects.filter(name=feed).update(last_number=F("last_number") + cursor.rowcount)
        return EventFeed.objects.get(name=feed).last_number

    monkeypatch.setitem(globals(), "number_events", mutant)
    with pytest.raises((IntegrityError, AssertionError)):
        assert_two_readers_are_told_the_same(database)
