"""A provider as the bureau sees it: its lanes, what it answered last, what it leaves unanswered."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.bureau.act_table import ACTS
from renrakucho.faces.bureau.decision_line import DecisionLine
from renrakucho.faces.bureau.lane_lines import lane_lines
from renrakucho.faces.bureau.outcome_texts import outcome_text
from renrakucho.lib.database_clock import database_now
from renrakucho.monitoring.lane_figures import lane_figures
from renrakucho.monitoring.notice_figures import handed_over_long_ago, unanswered_notices
from renrakucho.monitoring.notice_standing import latest_failures
from renrakucho.notice.connected_providers import connected_providers, provider_name
from renrakucho.notice.operator_decisions import PAUSING, DecisionKind, OperatorDecision, standing_decisions
from renrakucho.provider.staff import Staff, StaffPermission

MOST_FAILURES = 20


@require_safe
@requires_permission(StaffPermission.READ)
def provider_page(request: HttpRequest, staff: Staff, provider: str) -> HttpResponse:
    """Also for one that is no longer connected, as long as notices to it are there."""
    now = database_now()
    lines = lane_lines(lane for lane in lane_figures(now) if lane.provider == provider)
    if not lines and provider not in connected_providers():
        raise Http404
    decisions = [each for each in standing_decisions() if each.provider == provider]
    context = {
        **page_context(staff, "overview"),
        "provider": provider,
        "name": provider_name(provider),
        "lines": lines,
        "failures": latest_failures(provider, MOST_FAILURES),
        "unanswered": next((each for each in unanswered_notices(now) if each.provider == provider), None),
        "handed_over": handed_over_long_ago(now).get(provider, 0),
        "outcome_text": outcome_text,
        "decisions": [DecisionLine(each) for each in decisions],
        "paused": any(each.kind in PAUSING for each in decisions),
        "acts": {name: ACTS[name] for name in _acts_on(provider, decisions)},
        "messages": messages.get_messages(request),
    }
    return render(request, "bureau/provider.html", context)


def _acts_on(provider: str, decisions: Sequence[OperatorDecision]) -> list[str]:
    """The acts to begin; what was decided already is ended in the table of decisions."""
    if provider not in connected_providers():
        return []
    marked = any(each.kind == DecisionKind.NOT_CONNECTED for each in decisions)
    return ["pause", "retry"] if marked else ["pause", "retry", "trial", "disconnect"]
