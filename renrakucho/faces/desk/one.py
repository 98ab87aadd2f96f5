"""One notice, as the paper form that the provider knows, and what can be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from renrakucho.faces.desk.forms import AcceptForm, ReturnForm
from renrakucho.faces.desk.history import history
from renrakucho.faces.desk.queue import next_to_do, on_desk, spoken
from renrakucho.faces.desk.session import held, needs_staff
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.writing import told
from renrakucho.provider.staff import Staff
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import opened
from renrakucho.receipt.record import locked


@require_GET
@needs_staff
def one(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """The notice; that this clerk has opened it (到達) is recorded once."""
    notice = notice_of(staff, notice_id)
    _note_opened(notice, staff)
    accept_held = held(request, reverse("desk:accept", args=[notice_id]))
    return_held = held(request, reverse("desk:return", args=[notice_id]))
    return page(
        request,
        staff,
        notice,
        accept_form=AcceptForm(initial=accept_held),
        return_form=ReturnForm(initial=return_held),
        came_late=bool(accept_held or return_held),
    )


def notice_of(staff: Staff, notice_id: UUID) -> Notice:
    """The notice on this clerk's desk. Another provider's is as unknown as none: 404."""
    there = on_desk(staff.provider).select_related("book", "replaces", "replaced_by")
    notice = there.filter(id=notice_id).first()
    if notice is None:
        raise Http404
    return notice


def page(request: HttpRequest, staff: Staff, notice: Notice, *, status: int = 200, **more: Any) -> HttpResponse:
    """The notice's page. `more`: forms with what was typed, and what came in between (`conflict`)."""
    happened = history(notice)
    before, after = notice.replaces, getattr(notice, "replaced_by", None)
    linked = {each.id for each in on_desk(staff.provider).filter(id__in=[each.id for each in (before, after) if each])}
    context = {
        "accept_form": AcceptForm(),
        "return_form": ReturnForm(),
        "came_late": False,
        "conflict": None,
        **surroundings(staff),
        "notice": notice,
        "number": spoken(notice.number),
        "filled": told(notice),
        "history": happened,
        "arrived_at": next(each.at for each in happened if each.kind == Kind.SENT),
        "accepted": next((each for each in happened if each.kind == Kind.ACCEPTED), None),
        "returned": next((each for each in happened if each.kind == Kind.RETURNED), None),
        "before": before,
        "after": after,
        "linked": linked,
        "next": next_to_do(staff.provider, notice),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "desk/notice.html", context, status=status)


def _note_opened(notice: Notice, staff: Staff) -> None:
    if notice.receipts.filter(kind=Kind.OPENED, staff=staff).exists():
        return
    with transaction.atomic():  # two windows at once open it once
        now = locked(notice)
        if now.status != Status.WITHDRAWN:
            opened(now, staff)
