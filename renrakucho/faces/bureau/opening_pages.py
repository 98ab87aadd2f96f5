"""Pages of openings: the requests that stand, and the one notice that was opened, to read only."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.faces.bureau.opening_acts import refusal_sentence
from renrakucho.notice.connected_providers import provider_name
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.bureau_opening import OpeningRefused, read_opened_notice
from renrakucho.receipt.models import BureauOpening

MOST = 100


@require_GET
@requires_permission(StaffPermission.OPERATE)
def openings_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Every request that can be approved or read now."""
    standing = BureauOpening.objects.filter(ends_at__gt=timezone.now()).select_related("asked_by", "approved_by")
    context = {
        **page_context(staff, "acts"),
        "openings": list(standing.select_related("notice").defer("notice__filled").order_by("-id")[:MOST]),
        "messages": messages.get_messages(request),
    }
    return render(request, "bureau/openings.html", context)


@require_GET
@never_cache
@requires_permission(StaffPermission.OPERATE)
def opened_notice_page(request: HttpRequest, staff: Staff, opening_id: UUID) -> HttpResponse:
    """The opened notice, for whoever asked; else back to the requests with a word why."""
    opening = BureauOpening.objects.select_related("notice").filter(id=opening_id).first()
    if opening is None:
        raise Http404
    try:
        form = read_opened_notice(staff, opening)
    except OpeningRefused as error:
        messages.warning(request, refusal_sentence(error))
        return redirect("bureau:openings")
    context = {
        **page_context(staff, "acts"),
        "opening": opening,
        "provider": provider_name(opening.notice.provider),
        "form": form,
        "messages": (),
    }
    return render(request, "bureau/opening.html", context)
