"""Health probes: /healthz says that this process answers, /readyz whether the installation does its work.

They say nothing of providers or movers, so that they may be asked by anybody.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from renrakucho.monitoring.check_result import CheckResult, CheckState
from renrakucho.monitoring.installation_checks import READINESS, run_checks
from renrakucho.monitoring.lane_figures import oldest_due_age
from renrakucho.monitoring.worker_heartbeat import worker_states

_READY = (CheckState.OK, CheckState.WARNING)


@never_cache
@require_safe
def alive_probe(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; without a database too."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def ready_probe(request: HttpRequest) -> HttpResponse:
    """200 where database, migrations, key, workers and lanes are well; else 503 with the names of what is not."""
    results = run_checks(READINESS)
    not_ready = [key for key, result in results.items() if result.state not in _READY]
    content = {
        "ready": not not_ready,
        "not_ready": not_ready,
        "checks": {key: result.state for key, result in results.items()},
        **_ages(results),
    }
    return JsonResponse(content, status=503 if not_ready else 200)


def _ages(results: dict[str, CheckResult]) -> dict[str, float | None]:
    """Seconds, by the database's clock; None where they cannot be known, or no worker ever ran."""
    if CheckState.UNKNOWN in (results["workers"].state, results["lanes"].state):
        return {"oldest_due_seconds": None, "last_beat_seconds": None}
    workers = worker_states()
    last_beat = workers[0].silent_for.total_seconds() if workers else None
    return {"oldest_due_seconds": oldest_due_age().total_seconds(), "last_beat_seconds": last_beat}
