"""One notice, as the paper form that the provider knows, and what can be done with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from renrakucho.channel.channels import CHANNELS
from renrakucho.faces.desk.conflict import conflict
from renrakucho.faces.desk.held import Held, held
from renrakucho.faces.desk.history import history
from renrakucho.faces.desk.narrowing import narrow_of
from renrakucho.faces.desk.queue import next_to_do
from renrakucho.faces.desk.session import allowed
from renrakucho.faces.desk.surroundings import surroundings
from renrakucho.faces.desk.turn_forms import AcceptForm, ReturnForm
from renrakucho.lib.legible import in_fours
from renrakucho.notice.listed import known_peers
from renrakucho.notice.models import Notice, Origin, Status
from renrakucho.notice.shelf import connection
from renrakucho.notice.writing import told
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Act
from renrakucho.provider.staff_trace import Deed, note_notices
from renrakucho.receipt.models import Kind
from renrakucho.receipt.on_desk import on_desk
from renrakucho.receipt.provider_turn import opened
from renrakucho.receipt.record import locked


@require_GET
@allowed(Act.READ)
def one(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """The notice; that this clerk has opened it (到達) is recorded once, that they saw it every time."""
    notice = notice_of(staff, notice_id)
    _note_opened(notice, staff)
    note_notices(staff, Deed.SEEN, [notice.number])
    accept_held = held(request, reverse("desk:accept", args=[notice_id]))
    return_held = held(request, reverse("desk:return", args=[notice_id]))
    typed = _typed(accept_held, return_held)
    if typed is not None and notice.status != Status.SENT:
        return page(request, staff, notice, conflict=conflict(notice, history(notice), typed))
    return page(request, staff, notice, **_forms(accept_held, return_held))


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
    narrow = narrow_of(request.GET, staff.provider)
    sent = next((each for each in happened if each.kind == Kind.SENT), None)
    context = {
        "accept_form": AcceptForm(),
        "return_form": ReturnForm(),
        "came_late": False,
        "conflict": None,
        **surroundings(staff),
        "notice": notice,
        "number": in_fours(notice.number),
        "origin": _origin(notice),
        "filled": told(notice),
        "history": happened,
        "arrived_at": sent.at if sent else notice.written_at,
        "accepted": next((each for each in happened if each.kind == Kind.ACCEPTED), None),
        "returned": next((each for each in happened if each.kind == Kind.RETURNED), None),
        "gone": next((each for each in happened if each.kind in (Kind.WITHDRAWN, Kind.REPLACED)), None),
        "known": [each for each in happened if each.kind == Kind.TAKEN],
        "before": before,
        "after": after,
        "linked": linked,
        "went_by": _(CHANNELS[notice.channel].label) if comes_from_here(notice) else "",
        "narrow": narrow,
        "next": next_to_do(staff.provider, notice, narrow),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "desk/notice.html", context, status=status)


def comes_from_here(notice: Notice) -> bool:
    """Whether it went out by a channel that leads elsewhere, as a fax or a system, and not only to this desk."""
    way = connection(notice.provider)
    return way is not None and notice.channel in way.tables


def _origin(notice: Notice) -> tuple[str, str] | None:
    """The number that its mover has, and the portal that they have it from, where that is not this one."""
    origin = Origin.objects.filter(notice=notice).first()
    if origin is None:
        return None
    peer = known_peers().get(origin.portal)
    return in_fours(origin.number), peer.name if peer else origin.portal


def _forms(accepting: Held | None, returning: Held | None) -> dict[str, Any]:
    """With what was typed: looked at again where it was looked at already, as it is where it came too late."""
    forms: dict[str, Any] = {"came_late": any(each and each.late for each in (accepting, returning))}
    if accepting:
        forms["accept_form"] = (
            AcceptForm(initial=accepting.fields.dict()) if accepting.late else AcceptForm(accepting.fields)
        )
    if returning:
        forms["return_form"] = (
            ReturnForm(initial=returning.fields.dict()) if returning.late else ReturnForm(returning.fields)
        )
    return forms


def _typed(accepting: Held | None, returning: Held | None) -> str | None:
    """The number or the reason that was held; None where there is none."""
    if accepting:
        return str(accepting.fields.get("number", ""))
    return str(returning.fields.get("reason", "")) if returning else None


def _note_opened(notice: Notice, staff: Staff) -> None:
    if notice.receipts.filter(kind=Kind.OPENED, staff=staff).exists():
        return
    with transaction.atomic():  # two windows at once open it once
        now = locked(notice)
        if now.status != Status.WITHDRAWN:
            opened(now, staff)
