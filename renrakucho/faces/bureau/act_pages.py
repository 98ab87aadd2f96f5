"""Pages of the operator's acts (操作): what holds now, a form for each act, and a page that confirms it.

Each act takes two presses: the first shows what would happen, the second does it. A double press does it once.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.bureau.act_forms import ActForm
from renrakucho.faces.bureau.act_table import ACTS, OperatorAct
from renrakucho.faces.bureau.decision_line import DecisionLine
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.notice.operator_decisions import standing_decisions
from renrakucho.provider.staff import Staff, StaffPermission

MOST_DECISIONS = 100


@require_GET
@requires_permission(StaffPermission.OPERATE)
def acts_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every decision that holds now, with what ends it, and the acts to begin."""
    decisions = standing_decisions()
    context = {
        **page_context(staff, "acts"),
        "decisions": [DecisionLine(each) for each in decisions[:MOST_DECISIONS]],
        "acts": {key: act for key, act in ACTS.items() if act.offered},
        "messages": messages.get_messages(request),
    }
    return render(request, "bureau/acts.html", context)


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.OPERATE)
def act_page(request: HttpRequest, staff: Staff, act: str) -> HttpResponse:
    """The form; sent once, the page that confirms it; sent from there (`confirmed`), the act."""
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    if request.method != "POST":
        given = {name: request.GET[name] for name in chosen.form.base_fields if name in request.GET}
        return _form_page(request, staff, chosen, chosen.form(initial=given))
    form = chosen.form(request.POST)
    if not form.is_valid() or "edit" in request.POST:
        return _form_page(request, staff, chosen, form, status=422 if form.errors else 200)
    if request.POST.get("confirmed") != "yes":
        context = {
            **page_context(staff, "acts"),
            "act": chosen,
            "form": form,
            "said": chosen.dry_run(form),
            "messages": (),
        }
        return render(request, "bureau/confirm.html", context)
    try:
        done = chosen.perform(staff, form)
    except BadDecision as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _form_page(request, staff, chosen, form, status=422)
    messages.success(request, done)
    return redirect("bureau:acts")


def _form_page(
    request: HttpRequest, staff: Staff, act: OperatorAct, form: ActForm, *, status: int = 200
) -> HttpResponse:
    context = {**page_context(staff, "acts"), "act": act, "form": form, "messages": ()}
    return render(request, "bureau/act.html", context, status=status)
