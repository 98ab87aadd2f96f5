"""On SQLite and, where there is one, PostgreSQL: each in a database of its own, since claims are real transactions."""

import os
import subprocess
import sys
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
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, models, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from renrakucho.lib import lease
from renrakucho.lib.lease import LeasedRow, claim_due_rows, finish_lease, release_lease, this_process
from tests.waiting import wait_until

NOW = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(seconds=30)
ALIAS = "lease"


class Job(LeasedRow):
    wanted = models.BooleanField(default=True)

    class Meta(LeasedRow.Meta):
        app_label = "lease_test"
        apps: ClassVar[Apps] = Apps()  # unknown to the project's migrations and checks


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def jobs(request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[QuerySet[Job]]:
    if request.param == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"}
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3", "OPTIONS": options}
    else:
        database = dict(dj_database_url.parse(os.environ["RENRAKUCHO_TEST_POSTGRES"]))
    configured = connections.configure_settings({DEFAULT_DB_ALIAS: {}, ALIAS: database})
    connections.settings[ALIAS] = configured[ALIAS]
    with django_db_blocker.unblock():
        with connections[ALIAS].schema_editor() as editor:
            editor.create_model(Job)
        yield Job._base_manager.using(ALIAS).all()
        with connections[ALIAS].schema_editor() as editor:
            editor.delete_model(Job)
        connections[ALIAS].close()
    del connections[ALIAS], connections.settings[ALIAS]


def job(jobs: QuerySet[Job], *, due_at: datetime | None = NOW, wanted: bool = True) -> Job:
    return jobs.create(due_at=due_at, wanted=wanted)


def take(jobs: QuerySet[Job], owner: str = "one", *, now: datetime = NOW, limit: int = 10) -> list[Job]:
    return claim_due_rows(jobs, owner, now=now, seconds=30, limit=limit)


def test_due_rows_are_claimed_longest_due_first(jobs: QuerySet[Job]) -> None:
    second = job(jobs, due_at=NOW - SECOND)
    first = job(jobs, due_at=NOW - 2 * SECOND)
    job(jobs, due_at=NOW + SECOND)
    job(jobs, due_at=None)
    third = job(jobs)
    assert take(jobs, limit=2) == [first, second]
    assert take(jobs) == [third]
    assert take(jobs) == []


def test_only_rows_of_the_query_are_claimed(jobs: QuerySet[Job]) -> None:
    job(jobs, wanted=False)
    assert take(jobs.filter(wanted=True)) == []


def test_a_claimed_row_equals_the_stored_row(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (taken,) = take(jobs)
    stored = jobs.get()
    for row in (taken, stored):
        assert (row.attempts, row.lease_owner) == (1, "one")
        assert row.due_at == row.leased_until == NOW + 30 * SECOND
    finish_lease(taken, "one")
    stored = jobs.get()
    for row in (taken, stored):
        assert (row.attempts, row.lease_owner, row.due_at, row.leased_until) == (1, "", None, None)


def test_a_finished_row_is_never_due_again(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (taken,) = take(jobs)
    assert finish_lease(taken, "one")
    assert take(jobs, now=NOW + timedelta(days=365)) == []
    assert not finish_lease(taken, "one")


def test_a_released_row_is_due_at_the_given_time(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (taken,) = take(jobs)
    assert release_lease(taken, "one", due_at=NOW + 5 * SECOND)
    assert take(jobs, now=NOW + 4 * SECOND) == []
    (again,) = take(jobs, now=NOW + 5 * SECOND)
    assert again.attempts == 2


def test_a_released_lease_cannot_be_finished(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (taken,) = take(jobs)
    release_lease(taken, "one", due_at=NOW)
    assert not finish_lease(taken, "one")
    assert not finish_lease(taken, "")
    assert jobs.get().due_at == NOW


def test_an_expired_lease_passes_to_another_owner(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (of_first,) = take(jobs, "one")
    assert take(jobs, "two", now=NOW + 29 * SECOND) == []
    (of_second,) = take(jobs, "two", now=NOW + 30 * SECOND)
    assert of_second.attempts == 2
    assert not finish_lease(of_first, "one")
    assert not release_lease(of_first, "one", due_at=NOW)
    assert jobs.get().lease_owner == "two"
    assert finish_lease(of_second, "two")


def test_an_owner_that_claims_again_cannot_finish_its_earlier_attempt(jobs: QuerySet[Job]) -> None:
    job(jobs)
    (earlier,) = take(jobs)
    (later,) = take(jobs, now=NOW + 30 * SECOND)
    assert not finish_lease(earlier, "one")
    assert finish_lease(later, "one")


def test_the_claim_is_committed_before_the_work(jobs: QuerySet[Job]) -> None:
    job(jobs)
    with transaction.atomic(using=ALIAS), pytest.raises(RuntimeError, match="durable"):
        take(jobs)


def test_workers_at_once_never_get_the_same_row(jobs: QuerySet[Job]) -> None:
    jobs.bulk_create([Job(due_at=NOW) for _ in range(120)])
    start = Barrier(4)

    def work(owner: str) -> list[int]:
        taken: list[int] = []
        start.wait(timeout=10)
        while rows := take(jobs.all(), owner, limit=3):
            taken += [row.pk for row in rows]
        connections[ALIAS].close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        times = Counter(pk for taken in pool.map(work, ["a", "b", "c", "d"]) for pk in taken)
    assert len(times) == 120
    assert set(times.values()) == {1}
    assert set(jobs.values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize("jobs", [POSTGRES], indirect=True)  # SQLite locks no rows: its claims take turns
def test_a_locked_row_is_skipped_without_waiting(jobs: QuerySet[Job]) -> None:
    held, free = job(jobs, due_at=NOW - SECOND), job(jobs)

    def elsewhere() -> list[Job]:
        try:
            return take(jobs.all())
        finally:
            connections[ALIAS].close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic(using=ALIAS):
        jobs.select_for_update().get(pk=held.pk)
        assert pool.submit(elsewhere).result(timeout=10) == [free]


def test_a_row_due_later_is_claimed_early_unless_it_is_leased(jobs: QuerySet[Job]) -> None:
    later, held, nothing = (job(jobs, due_at=due_at) for due_at in (NOW + SECOND, NOW - SECOND, None))
    assert take(jobs) == [held]
    assert take(jobs) == []
    assert claim_due_rows(jobs.all(), "early", now=NOW, seconds=60, limit=10, early=True) == [later]
    nothing.refresh_from_db()
    assert nothing.leased_until is None


def test_the_index_serves_claims_while_many_rows_are_leased(jobs: QuerySet[Job]) -> None:
    connection = connections[ALIAS]
    jobs.bulk_create([Job(due_at=None) for _ in range(300)])
    jobs.bulk_create([Job(due_at=NOW) for _ in range(100)])
    take(jobs, limit=90)
    with CaptureQueriesContext(connection) as queries:
        take(jobs, limit=1)
    select = next(query["sql"] for query in queries if query["sql"].startswith("SELECT"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + select)
        plan = str(cursor.fetchall())
    assert "job_due" in plan
    assert "SCAN" not in plan.replace("Index Scan", "")


def test_the_owners_name_has_64_characters_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    lease._machine.cache_clear()
    monkeypatch.setattr("socket.gethostname", lambda: "h" * 100)
    assert this_process().startswith("h" * 24 + "/")
    assert len(this_process()) <= 64
    assert LeasedRow._meta.get_field("lease_owner").max_length == 64
    lease._machine.cache_clear()


def leased_by(jobs: QuerySet[Job], owner: str) -> Job:
    made = job(jobs, due_at=NOW)
    jobs.filter(pk=made.pk).update(lease_owner=owner, leased_until=LATER, due_at=LATER)
    return made


def free_again(jobs: QuerySet[Job], monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    monkeypatch.setattr(lease, "database_now", lambda: NOW)
    released = lease.release_dead_leases([jobs.all()])
    free = list(jobs.filter(leased_until=None, due_at=NOW, lease_owner=""))
    assert released == len(free)
    return free


def test_the_leases_of_a_killed_process_are_released_at_once(
    jobs: QuerySet[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        machine, _, _ = this_process().partition(":")
        owner = f"{machine}:{other.pid}:{lease._started(other.pid)}"
        held = leased_by(jobs, owner)
        assert free_again(jobs, monkeypatch) == []
        other.kill()  # and not waited for: the system still lists it
        wait_until(lambda: not lease._started(other.pid), 10, "it lives on")
        assert free_again(jobs, monkeypatch) == [held]


def test_a_lease_is_kept_whose_process_lives_or_cannot_be_seen_from_here(
    jobs: QuerySet[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, number, started = this_process().split(":")
    for owner in (this_process(), f"elsewhere:{number}:1", f"{machine}.:{number}:1", f"{machine}:{number}:", "x:1", ""):
        leased_by(jobs, owner)
    later = leased_by(jobs, f"{machine}:{number}:{int(started) + 1}")  # the same id, given to another process
    assert free_again(jobs, monkeypatch) == [later]


def test_a_write_is_tried_again_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(lease._nothing, "wait", waited.append)
    refusals = [OperationalError(), InterfaceError(), OSError(), None]

    def write() -> None:
        if refusal := refusals.pop(0):
            raise refusal

    given_back: list[int] = []
    lease.write_despite_outage(write, before_wait=lambda: given_back.append(len(waited)))
    assert waited == [0.5, 1, 2]
    assert given_back == [0, 1, 2]


def test_a_write_that_is_refused_for_most_of_a_lease_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(lease._nothing, "wait", waited.append)

    def write() -> None:
        raise OperationalError("away")

    with pytest.raises(OperationalError, match="away"):
        lease.write_despite_outage(write, before_wait=lambda: None)
    assert 60 <= sum(waited) < 90
    assert max(waited) == 2
