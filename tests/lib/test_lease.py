"""On SQLite and, where there is one, PostgreSQL: each in a database of its own, since claims are real transactions."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import ClassVar

import dj_database_url
import pytest
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from renrakucho.lib.lease import LeasedRow, claim_due_rows, finish_lease, release_lease, this_process

NOW = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALIAS = "lease"


class Errand(LeasedRow):
    wanted = models.BooleanField(default=True)

    class Meta(LeasedRow.Meta):
        app_label = "lease_test"
        apps: ClassVar[Apps] = Apps()  # unknown to the project's migrations and checks


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def errands(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[QuerySet[Errand]]:
    if request.param == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3", "OPTIONS": options}
    else:
        database = dict(dj_database_url.parse(os.environ["RENRAKUCHO_TEST_POSTGRES"]))
    configured = connections.configure_settings({DEFAULT_DB_ALIAS: {}, ALIAS: database})
    connections.settings[ALIAS] = configured[ALIAS]
    with django_db_blocker.unblock():
        with connections[ALIAS].schema_editor() as editor:
            editor.create_model(Errand)
        yield Errand._base_manager.using(ALIAS).all()
        with connections[ALIAS].schema_editor() as editor:
            editor.delete_model(Errand)
        connections[ALIAS].close()
    del connections[ALIAS], connections.settings[ALIAS]


def errand(errands: QuerySet[Errand], *, due_at: datetime | None = NOW, wanted: bool = True) -> Errand:
    return errands.create(due_at=due_at, wanted=wanted)


def take(errands: QuerySet[Errand], owner: str = "one", *, now: datetime = NOW, limit: int = 10) -> list[Errand]:
    return claim_due_rows(errands, owner, now=now, seconds=30, limit=limit)


def test_due_rows_are_claimed_longest_due_first(errands: QuerySet[Errand]) -> None:
    second = errand(errands, due_at=NOW - SECOND)
    first = errand(errands, due_at=NOW - 2 * SECOND)
    errand(errands, due_at=NOW + SECOND)
    errand(errands, due_at=None)
    third = errand(errands)
    assert take(errands, limit=2) == [first, second]
    assert take(errands) == [third]
    assert take(errands) == []


def test_only_rows_of_the_query_are_claimed(errands: QuerySet[Errand]) -> None:
    errand(errands, wanted=False)
    assert take(errands.filter(wanted=True)) == []


def test_a_claimed_row_equals_the_stored_row(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (taken,) = take(errands)
    stored = errands.get()
    for row in (taken, stored):
        assert (row.attempts, row.lease_owner) == (1, "one")
        assert row.due_at == row.leased_until == NOW + 30 * SECOND
    finish_lease(taken, "one")
    stored = errands.get()
    for row in (taken, stored):
        assert (row.attempts, row.lease_owner, row.due_at, row.leased_until) == (1, "", None, None)


def test_a_finished_row_is_never_due_again(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (taken,) = take(errands)
    assert finish_lease(taken, "one")
    assert take(errands, now=NOW + timedelta(days=365)) == []
    assert not finish_lease(taken, "one")


def test_a_released_row_is_due_at_the_given_time(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (taken,) = take(errands)
    assert release_lease(taken, "one", due_at=NOW + 5 * SECOND)
    assert take(errands, now=NOW + 4 * SECOND) == []
    (again,) = take(errands, now=NOW + 5 * SECOND)
    assert again.attempts == 2


def test_a_released_lease_cannot_be_finished(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (taken,) = take(errands)
    release_lease(taken, "one", due_at=NOW)
    assert not finish_lease(taken, "one")
    assert not finish_lease(taken, "")
    assert errands.get().due_at == NOW


def test_an_expired_lease_passes_to_another_owner(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (of_first,) = take(errands, "one")
    assert take(errands, "two", now=NOW + 29 * SECOND) == []
    (of_second,) = take(errands, "two", now=NOW + 30 * SECOND)
    assert of_second.attempts == 2
    assert not finish_lease(of_first, "one")
    assert not release_lease(of_first, "one", due_at=NOW)
    assert errands.get().lease_owner == "two"
    assert finish_lease(of_second, "two")


def test_an_owner_that_claims_again_cannot_finish_its_earlier_attempt(errands: QuerySet[Errand]) -> None:
    errand(errands)
    (earlier,) = take(errands)
    (later,) = take(errands, now=NOW + 30 * SECOND)
    assert not finish_lease(earlier, "one")
    assert finish_lease(later, "one")


def test_the_claim_is_committed_before_the_work(errands: QuerySet[Errand]) -> None:
    errand(errands)
    with transaction.atomic(using=ALIAS), pytest.raises(RuntimeError, match="durable"):
        take(errands)


def test_workers_at_once_never_get_the_same_row(errands: QuerySet[Errand]) -> None:
    errands.bulk_create([Errand(due_at=NOW) for _ in range(120)])
    start = Barrier(4)

    def work(owner: str) -> list[int]:
        taken: list[int] = []
        start.wait(timeout=10)
        while rows := take(errands.all(), owner, limit=3):
            taken += [row.pk for row in rows]
        connections[ALIAS].close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        times = Counter(pk for taken in pool.map(work, ["a", "b", "c", "d"]) for pk in taken)
    assert len(times) == 120
    assert set(times.values()) == {1}
    assert set(errands.values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize("errands", [POSTGRES], indirect=True)  # SQLite locks no rows: its claims take turns
def test_a_locked_row_is_skipped_without_waiting(errands: QuerySet[Errand]) -> None:
    held, free = errand(errands, due_at=NOW - SECOND), errand(errands)

    def elsewhere() -> list[Errand]:
        try:
            return take(errands.all())
        finally:
            connections[ALIAS].close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic(using=ALIAS):
        errands.select_for_update().get(pk=held.pk)
        assert pool.submit(elsewhere).result(timeout=10) == [free]


def test_a_row_due_later_is_claimed_early_unless_it_is_leased(errands: QuerySet[Errand]) -> None:
    later, held, nothing = (errand(errands, due_at=due_at) for due_at in (NOW + SECOND, NOW - SECOND, None))
    assert take(errands) == [held]
    assert take(errands) == []
    assert claim_due_rows(errands.all(), "early", now=NOW, seconds=60, limit=10, early=True) == [later]
    nothing.refresh_from_db()
    assert nothing.leased_until is None


def test_the_index_serves_claims_while_many_rows_are_leased(errands: QuerySet[Errand]) -> None:
    connection = connections[ALIAS]
    errands.bulk_create([Errand(due_at=None) for _ in range(300)])
    errands.bulk_create([Errand(due_at=NOW) for _ in range(100)])
    take(errands, limit=90)
    with CaptureQueriesContext(connection) as queries:
        take(errands, limit=1)
    select = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + select)
        plan = str(cursor.fetchall())
    assert "errand_due" in plan
    assert "SCAN" not in plan.replace("Index Scan", "")


def test_the_owners_name_has_64_characters_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "h" * 100)
    assert this_process() == "h" * 64
    assert LeasedRow._meta.get_field("lease_owner").max_length == 64
