"""Health probes: alive without a database, ready only when the work is done; they name checks, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.test import Client
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from renrakucho.faces.monitoring.portal_metrics import PortalCollector
from renrakucho.monitoring.models import WorkerHeartbeat
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.notice.models import Notice
from tests.delivery.cast import entered


def beat(ago: float = 0) -> None:
    record_heartbeat("host:1", timezone.now(), {})
    WorkerHeartbeat.objects.update(beat_at=timezone.now() - timedelta(seconds=ago))


def ready() -> tuple[int, dict[str, Any]]:
    response = Client().get("/readyz")
    return response.status_code, response.json()


def test_a_process_is_alive_without_a_database() -> None:
    response = Client().get("/healthz")  # a test without a mark may not ask the database
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_with_a_worker_it_is_ready_and_says_how_old_the_oldest_is() -> None:
    beat()
    status, content = ready()
    assert (status, content["ready"], content["not_ready"]) == (200, True, [])
    assert content["oldest_due_seconds"] == 0
    assert 0 <= content["last_beat_seconds"] < 10


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
def test_with_the_worker_off_for_a_minute_it_is_not_ready_and_with_it_on_again_it_is() -> None:
    beat(ago=61)
    notice = entered()
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() - timedelta(seconds=61))
    status, content = ready()
    assert (status, content["not_ready"]) == (503, ["workers", "lanes"])
    assert content["oldest_due_seconds"] >= 61
    assert content["last_beat_seconds"] >= 61
    assert "akishima" not in str(content)  # whose lane it is, is for the operator
    beat()
    Notice.objects.filter(id=notice.id).update(due_at=None)
    assert ready()[0] == 200


@pytest.mark.django_db
def test_while_a_migration_is_missing_it_is_alive_and_not_ready_and_the_metrics_say_so() -> None:
    """A newer version stands on the database of before: a table is not there yet."""
    beat()
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'monitoring'")
    assert ready()[1]["not_ready"] == ["migrations"]
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE monitoring_workerheartbeat RENAME TO not_there_yet")
        if connections["default"].vendor == "sqlite":  # PostgreSQL ends a transaction with the first error
            status, content = ready()
            assert (status, content["not_ready"]) == (503, ["migrations", "workers"])
            assert content["last_beat_seconds"] is None
            shown = generate_latest(_registry()).decode()
            assert 'renrakucho_check{check="migrations"} 3.0' in shown
            assert "renrakucho_mails_due" in shown
            assert "renrakucho_workers_alive" not in shown
        transaction.set_rollback(True)
    assert Client().get("/healthz").status_code == 200


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(PortalCollector())
    return registry


@pytest.mark.django_db
def test_workers_that_start_again_and_again_make_no_new_series() -> None:
    for process in range(50):
        record_heartbeat(f"web-1/4026531836:{process}:99{process}", timezone.now(), {})
    record_heartbeat("web-2/4026531836:7:1", timezone.now(), {})
    shown = generate_latest(_registry()).decode()
    assert shown.count("renrakucho_worker_beat_age_seconds{") == 2
    assert 'renrakucho_worker_beat_age_seconds{machine="web-1"}' in shown


def test_without_a_database_it_is_not_ready(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def refuse(*_arguments: object) -> None:
        raise OperationalError("user renrakucho at 10.0.0.1")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    response = Client().get("/readyz")
    assert response.status_code == 503
    content = response.json()
    assert content["not_ready"] == ["database", "migrations", "master_key", "workers", "lanes"]
    assert content["checks"]["lanes"] == "unknown"
    assert "10.0.0.1" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_is_asked_and_never_told(path: str) -> None:
    assert Client().post(path).status_code == 405
