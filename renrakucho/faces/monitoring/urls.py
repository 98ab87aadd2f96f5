"""The addresses of monitoring, for whatever watches the installation.

/healthz    this process answers
/readyz     the installation does its work
metrics     for Prometheus, at the address that RENRAKUCHO_METRICS_PATH names; nowhere without it; with
            RENRAKUCHO_METRICS_TOKEN only for who sends that

None of them is for movers, and none says anything of them. Which of them strangers may ask is for the proxy in front to
say: docs/running.md, «Monitoring».
"""

from django.conf import settings
from django.urls import URLPattern, path

from renrakucho.faces.monitoring.metrics_page import metrics_page
from renrakucho.faces.monitoring.probes import alive_probe, ready_probe

app_name = "monitoring"


def metrics_urls() -> list[URLPattern]:
    """The address of the metrics; none where the installation names none."""
    return [path(settings.METRICS_PATH, metrics_page, name="metrics")] if settings.METRICS_PATH else []


urlpatterns = [
    path("healthz", alive_probe, name="alive"),
    path("readyz", ready_probe, name="ready"),
    *metrics_urls(),
]
