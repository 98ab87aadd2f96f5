"""Overview (概況): what stands still, since when, whom it hurts. All figures are monitoring's; no book is opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.bureau.day_chart import DayChart, draw_day_chart
from renrakucho.faces.bureau.lane_lines import lane_lines
from renrakucho.faces.bureau.late_lines import late_lines
from renrakucho.faces.bureau.outcome_texts import waiting_time
from renrakucho.lib.database_clock import database_now
from renrakucho.monitoring.check_result import CheckResult, CheckState
from renrakucho.monitoring.installation_checks import CHECKS, run_checks
from renrakucho.monitoring.lane_figures import HourFigures, hourly_figures, lane_figures
from renrakucho.monitoring.notice_figures import (
    MailFigures,
    WaitingFiles,
    handed_over_long_ago,
    mail_figures,
    unanswered_notices,
    waiting_files,
)
from renrakucho.monitoring.worker_heartbeat import WorkerState, worker_states
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.sending_hold import held_notices
from renrakucho.notice.sudden_rise import rises_everywhere
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.models import Disavowal

MOST_LANES = 30  # on the overview; the others stand on a page of their own
MOST_ROWS = 20  # of each smaller table
LANES_A_PAGE = 100
_STATES: Mapping[CheckState, Promise] = {
    CheckState.OK: gettext_lazy("よい"),
    CheckState.UNKNOWN: gettext_lazy("わからない"),
    CheckState.WARNING: gettext_lazy("注意"),
    CheckState.FAILING: gettext_lazy("手当てが要る"),
}
_OUTBOXES: Mapping[str, Promise] = {"movers": gettext_lazy("お客さま"), "staff": gettext_lazy("受付窓口・事務局の方")}


@dataclass(frozen=True)
class CheckLine:
    """One check of the installation, with the word for its state."""

    title: str
    result: CheckResult

    @property
    def state(self) -> str:
        return str(_STATES[self.result.state])

    @property
    def is_failing(self) -> bool:
        return self.result.state == CheckState.FAILING


@dataclass(frozen=True)
class OutboxLine:
    box: MailFigures

    @property
    def title(self) -> str:
        return str(_OUTBOXES[self.box.outbox])

    @property
    def waited(self) -> str:
        return waiting_time(self.box.oldest_due)


@dataclass(frozen=True)
class FolderLine:
    waiting: WaitingFiles
    name: str

    @property
    def waited(self) -> str:
        return waiting_time(self.waiting.oldest)


@dataclass(frozen=True)
class WorkerLine:
    state: WorkerState

    @property
    def silent(self) -> str:
        return waiting_time(self.state.silent_for)


@require_safe
@requires_permission(StaffPermission.READ)
def overview_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Everything at a glance, what needs somebody first. Each list is bounded."""
    now = database_now()
    lines, hours = lane_lines(lane_figures(now)), hourly_figures(now)
    unanswered = unanswered_notices(now)
    handed_over = sorted(handed_over_long_ago(now).items(), key=lambda found: (-found[1], found[0]))
    checks, late, rises = _check_lines(), late_lines(now), rises_everywhere()
    shown = {each.provider for each in unanswered[:MOST_ROWS]} | {provider for provider, _count in handed_over}
    context = {
        **page_context(staff, "overview"),
        "measured_at": now,
        "checks": checks,
        "failing": [each for each in checks if each.is_failing],
        "warnings": [each for each in checks if each.result.state == CheckState.WARNING],
        "workers": [WorkerLine(state) for state in worker_states(now)[:MOST_ROWS]],
        "lines": lines[:MOST_LANES],
        "left_out": max(0, len(lines) - MOST_LANES),
        "hours": hours,
        "charts": _charts(hours),
        "unanswered": unanswered[:MOST_ROWS],
        "unanswered_left_out": max(0, len(unanswered) - MOST_ROWS),
        "late": late[:MOST_ROWS],
        "late_left_out": max(0, len(late) - MOST_ROWS),
        "handed_over": handed_over[:MOST_ROWS],
        "handed_over_left_out": max(0, len(handed_over) - MOST_ROWS),
        "names": {provider: provider_name(provider) for provider in shown},
        "rises": rises[:MOST_ROWS],
        "rise_names": {each.provider: provider_name(each.provider) for each in rises if not each.origin_hash},
        "held": held_notices().count(),
        "disavowals": list(Disavowal.objects.order_by("-reported_at")[:MOST_ROWS]),
        "mails": [OutboxLine(box) for box in mail_figures(now)],
        "files": [FolderLine(each, provider_name(each.provider)) for each in waiting_files(now)],
        "messages": messages.get_messages(request),
    }
    return render(request, "bureau/overview.html", context)


@require_safe
@requires_permission(StaffPermission.READ)
def all_lanes_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every lane, a hundred a page, in the order of the overview."""
    lines = lane_lines(lane_figures())
    typed = request.GET.get("from", "")
    first = int(typed) if typed.isascii() and typed.isdecimal() and int(typed) < len(lines) else 0
    last = first + LANES_A_PAGE
    context = {
        **page_context(staff, "overview"),
        "lines": lines[first:last],
        "count": len(lines),
        "first": first,
        "more": last if last < len(lines) else None,
        "messages": (),
    }
    return render(request, "bureau/all_lanes.html", context)


def _check_lines() -> list[CheckLine]:
    results = run_checks()
    return [CheckLine(str(check.title), results[check.key]) for check in CHECKS if check.key in results]


def _charts(hours: list[HourFigures]) -> list[DayChart]:
    begins = [hour.begins_at for hour in hours]
    return [
        draw_day_chart("entered", _("送信を頼まれた"), begins, [hour.entered for hour in hours]),
        draw_day_chart("sent", _("届いた"), begins, [hour.sent for hour in hours]),
        draw_day_chart("failed", _("失敗した試み"), begins, [hour.failed for hour in hours]),
    ]
