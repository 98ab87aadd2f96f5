"""Selection: the notices that were ticked in the list. Their IDs stand in the address, so that a page of them can be
reloaded.
"""

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from renrakucho.account.staff_session import requires_permission
from renrakucho.faces.desk.list.notice_queue import PAGE
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.provider_actions import notices_on_desk

_TARGETS = {"answer": "desk:several", "take": "desk:take"}


@require_http_methods(["GET", "POST"])
@requires_permission(StaffPermission.EXPORT)
def choose_selected(request: HttpRequest, staff: Staff) -> HttpResponse:
    """From the list to the bulk actions or the export. A GET is someone who had to log in first."""
    back = reverse("desk:list") + (f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else "")
    if request.method != "POST":
        return redirect(back)
    notices = selected_notices(staff.provider, request.POST.getlist("id"))
    target = _TARGETS.get(request.POST.get("to", ""), "desk:several")
    if not notices:
        messages.warning(request, _("まだ何も選ばれていません。行の左の四角を選んでから、もう一度押してください。"))
        return redirect(back)
    return redirect(reverse(target) + selection_query(notices))


def selected_notices(provider: str, ids: Iterable[str]) -> list[Notice]:
    """The selected notices on this provider's desk, oldest first; at most a page of the list."""
    keys = {key for key in map(_key, ids) if key}
    there = notices_on_desk(provider).filter(id__in=keys).select_related("book", "replaces", "replaced_by")
    return list(there.order_by("written_at", "id")[:PAGE])


def without_confidential(notices: Iterable[Notice]) -> list[Notice]:
    """Leave out the notices of movers in hiding: each is opened by itself, with a reason."""
    return [notice for notice in notices if not frozen_form(notice).confidential]


def left_out_sentence(count: int) -> str:
    """Say how many were left out; "" for none."""
    return (
        ngettext(
            "住所秘匿の%(num)s件は除いてあります。1件ずつ開いてください。",
            "住所秘匿の%(num)s件は除いてあります。1件ずつ開いてください。",
            count,
        )
        % {"num": count}
        if count
        else ""
    )


def selection_query(notices: Iterable[Notice]) -> str:
    """The query that names them."""
    return "?" + urlencode([("id", str(notice.id)) for notice in notices])


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
