"""Without its database every face says so rightly, and all comes back by itself: real portal, worker and server."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.listener import listening
from tests.monitoring.cast_outage import ROOT, installed
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
PAGES = ("/", "/desk/login", "/search?q=1020084", "/links", "/book/")
FOR_PROGRAMS = ("/api/v1/notices", "/relay/v1/providers", "/api/v1/providers?postal_code=1020084")


def test_without_its_database_every_face_says_so_and_all_comes_back_by_itself(
    tmp_path: Path, migrated_postgres: str
) -> None:
    with listening() as receiver, installed(tmp_path, receiver.port, migrated_postgres) as here:
        here.prepare(1)
        here.start_portal()
        here.start_worker()
        wait_until(lambda: receiver.received, 60, "nothing was sent")
        wait_until(lambda: here.get("/readyz").status == 200, 60, lambda: here.get("/readyz").body)
        before = {path: here.get(path).status for path in (*PAGES, *FOR_PROGRAMS)}
        assert 503 not in before.values()

        for _request in range(20):
            assert here.get("/healthz").status == 200
        metrics = here.get("/metrics").body
        alive = 'renrakucho_request_seconds_count{method="GET",route="monitoring:alive",status="200"}'
        assert f"{alive} 20.0" in metrics  # over both processes
        assert 'renrakucho_check{check="lanes"} 0.0' in metrics
        assert "renrakucho_workers_alive 1.0" in metrics

        here.relay.stop()
        assert 'renrakucho_check{check="database"} 3.0' in here.get("/metrics").body
        wait_until(lambda: here.get("/readyz").status == 503, 60, lambda: here.get("/readyz").body)
        assert here.not_ready() == ["database", "migrations", "master_key", "workers", "lanes"]
        assert here.get("/healthz").status == 200
        for path in PAGES:
            answer = here.get(path)
            if answer.status != before[path]:  # what needs no database goes on
                assert (path, answer.status, answer.retry_after) == (path, 503, "30")
                assert "いま、このサイトをお使いいただけません" in answer.body
        assert here.get("/search?q=1020084").status == here.get("/links").status == 503
        for path in FOR_PROGRAMS:
            answer = here.get(path)
            assert (path, answer.status, answer.kind, answer.retry_after) == (
                path,
                503,
                "application/problem+json",
                "30",
            )
            assert json.loads(answer.body)["reason"] == "database_down"
        here.start_worker()  # it waits
        assert here.get("/healthz").status == 200

        here.relay.start()
        wait_until(lambda: here.get("/readyz").status == 200, 60, lambda: here.get("/readyz").body)
        assert {path: here.get(path).status for path in before} == before
        here.prepare(2)
        wait_until(lambda: len(receiver.received) == 3, 60, "the worker did not come back")
        assert [process.poll() for process in here.processes] == [None, None, None]


def test_a_portal_that_started_without_its_database_compares_the_key_before_it_serves_anything(
    tmp_path: Path, migrated_postgres: str
) -> None:
    """The mutant without the gate serves pages with the other key until the watch of the key comes round."""
    with listening() as receiver, installed(tmp_path, receiver.port, migrated_postgres) as here:
        here.prepare(1)
        subprocess.run(
            [sys.executable, "-m", "django", "master_key", "check"], env=here.environment, check=True, cwd=ROOT
        )
        here.relay.stop()
        right = here.start_portal()
        wait_until(lambda: here.get("/healthz").status == 200, 60, "it does not start")
        assert here.get("/desk/login").status == 503
        assert "master_key" in here.not_ready()
        here.relay.start()
        wait_until(lambda: here.get("/desk/login").status == 200, 60, "it does not come back")
        right.terminate()
        right.wait(60)

        here.relay.stop()
        other = here.start_portal(RENRAKUCHO_MASTER_KEY="5c" * 32)
        wait_until(lambda: here.get("/healthz").status == 200, 60, "it does not start")
        here.relay.start()
        answers: set[int] = set()

        def has_ended() -> bool:
            answers.add(here.get("/desk/login").status)
            return other.poll() is not None

        wait_until(has_ended, 90, "it goes on")
        assert answers <= {503, 0}
