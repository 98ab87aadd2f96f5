"""Public figures: the portal's own punctuality, as a page and as JSON. Monitoring computes them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from renrakucho.monitoring.public_figures import newest_figures
from renrakucho.notice.models import Status
from renrakucho.page.http import cacheable_response
from renrakucho.provider.models import Industry

_MAX_AGE = 60
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """Show the newest figures, and when they were computed."""
    newest = newest_figures()
    context: dict[str, object] = {"section": "figures", "computed_at": newest.computed_at if newest else None}
    if newest:
        context |= _shown(newest.figures)
    return render(request, "directory/figures.html", context)


@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    """Return the figures as they were stored; 404 before they were first computed."""
    newest = newest_figures()
    if newest is None:
        return JsonResponse({"computed_at": None}, status=404)
    content = {"computed_at": newest.computed_at.isoformat(), **newest.figures}
    return cacheable_response(request, JsonResponse(content), max_age=_MAX_AGE)


def _shown(figures: Mapping[str, Any]) -> dict[str, object]:
    few = _("%(count)s件未満のため、示しません") % {"count": figures["hidden_below"]}
    share, medians = figures["first_tried_within_10_seconds"], figures["median_seconds_to_acceptance"]
    return {
        "days": figures["days"],
        "promptness": [
            (_("10秒以内に送りはじめた割合"), few if share is None else f"{share:.1%}"),
            (_("いま送るのを待っている、いちばん古いもの"), _duration_text(figures["oldest_due_seconds"])),
        ],
        "medians": [
            (industry.label, _duration_text(medians[industry]) if industry in medians else few) for industry in Industry
        ],
        "statuses": [
            (status.label, few if figures["notices_by_status"][status] is None else _count(figures, status))
            for status in Status
            if status in figures["notices_by_status"]
        ],
    }


def _count(figures: Mapping[str, Any], status: Status) -> str:
    count = int(figures["notices_by_status"][status])
    return ngettext("%(count)s件", "%(count)s件", count) % {"count": f"{count:,}"}


def _duration_text(seconds: int) -> str:
    """Seconds in the largest unit of which there are two: 90 秒, 5 分, 30 時間, 3 日."""
    if seconds < 2 * _MINUTE:
        return ngettext("%(count)s秒", "%(count)s秒", seconds) % {"count": seconds}
    if seconds < 2 * _HOUR:
        return ngettext("%(count)s分", "%(count)s分", seconds // _MINUTE) % {"count": seconds // _MINUTE}
    if seconds < 2 * _DAY:
        return ngettext("%(count)s時間", "%(count)s時間", seconds // _HOUR) % {"count": seconds // _HOUR}
    return ngettext("%(count)s日", "%(count)s日", seconds // _DAY) % {"count": seconds // _DAY}
