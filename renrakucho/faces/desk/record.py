"""操作の記録: what each person at this desk saw, took and did, for its administrators to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.lib.legible import in_fours
from renrakucho.lib.width import digits
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Act, Role
from renrakucho.provider.staff_trace import Trace

PAGE = 200


@dataclass(frozen=True)
class Line:
    """One deed; `numbers` are the notices it was done with."""

    trace: Trace
    numbers: tuple[str, ...]
    about: str


@require_safe
@allowed(Act.MANAGE)
def record(request: HttpRequest, staff: Staff) -> HttpResponse:
    """All of it, newest first; of one person or about one notice."""
    colleagues = Staff.objects.filter(provider=staff.provider).order_by("name", "login_id")
    who, typed, after = (request.GET.get(name, "").strip() for name in ("who", "number", "after"))
    traces = Trace.objects.filter(provider=staff.provider).select_related("staff", "whom").order_by("-id")
    chosen = next((each for each in colleagues if str(each.id) == who), None)
    if chosen:
        traces = traces.filter(staff=chosen)
    if typed:
        traces = traces.filter(number=digits(typed))
    found = _page(traces, after)
    context = {
        **surroundings(staff, "record"),
        "lines": _lines(found[:PAGE]),
        "more": found[PAGE - 1].id if len(found) > PAGE else None,
        "begun": bool(after),
        "colleagues": colleagues,
        "chosen": chosen,
        "typed": typed,
        "messages": messages.get_messages(request),
    }
    return render(request, "desk/record.html", context)


def _page(traces: QuerySet[Trace], after: str) -> list[Trace]:
    try:
        return list(traces.filter(id__lt=UUID(after))[: PAGE + 1])
    except ValueError:
        return list(traces[: PAGE + 1])


def _lines(traces: Sequence[Trace]) -> list[Line]:
    """Notices that were taken in one go stand in one line."""
    lines = []
    for _same, group in groupby(traces, key=lambda each: (each.done_at, each.staff_id, each.deed)):
        rows = list(group)
        lines.append(
            Line(rows[0], tuple(in_fours(each.number) for each in reversed(rows) if each.number), _about(rows[0]))
        )
    return lines


def _about(trace: Trace) -> str:
    """The colleague and the role it is about."""
    role = str(Role(trace.word).label) if trace.word else ""
    if trace.whom and role:
        return _("%(name)s → %(role)s") % {"name": trace.whom.name, "role": role}
    return trace.whom.name if trace.whom else role
