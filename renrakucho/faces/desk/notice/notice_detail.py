"""Detail page: one notice, as the paper form that the provider knows, with the actions on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from renrakucho.account.session_values import SavedDeskForm, take_saved_form
from renrakucho.account.staff_session import page_context, requires_permission
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.faces.desk.list.notice_queue import desk_notice_or_404, filter_from_query, next_to_do
from renrakucho.faces.desk.notice.clerk_history import answer_conflict, key_reads, receipt_history
from renrakucho.faces.desk.notice.confidential_lock import is_locked, locked_page
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.connected_providers import connection_of, known_peers
from renrakucho.notice.models import Notice, PeerOrigin
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import is_answerable, notices_on_desk, open_at_desk
from renrakucho.receipt.provider_answer import AcceptForm, IdentityCheckForm, ReturnForm, check_form_for
from renrakucho.sheet.assurance import ASSURANCE_LIMIT, ASSURANCE_TITLE, NO_ASSURANCE, TOLD_BY


@require_GET
@requires_permission(StaffPermission.READ)
def notice_detail(request: HttpRequest, staff: Staff, notice_id: UUID) -> HttpResponse:
    """Show the notice. That this clerk has opened it (到達) is recorded once; the audit log keeps every time."""
    notice = desk_notice_or_404(staff, notice_id)
    if is_locked(staff, notice):
        return locked_page(request, staff, notice)
    open_at_desk(notice, StaffActor(staff))
    saved_accept = take_saved_form(request, reverse("desk:accept", args=[notice_id]))
    saved_return = take_saved_form(request, reverse("desk:return", args=[notice_id]))
    typed = _typed(saved_accept, saved_return)
    if typed is not None and not is_answerable(notice):
        return render_notice_page(
            request, staff, notice, conflict=answer_conflict(notice, receipt_history(notice), typed)
        )
    return render_notice_page(request, staff, notice, **_forms(notice, saved_accept, saved_return))


def render_notice_page(
    request: HttpRequest, staff: Staff, notice: Notice, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The notice's page. more: forms with what was typed, and a conflict that came in between."""
    if is_locked(staff, notice):
        return locked_page(request, staff, notice)
    history = receipt_history(notice)
    before, after = notice.replaces, getattr(notice, "replaced_by", None)
    linked = {
        each.id for each in notices_on_desk(staff.provider).filter(id__in=[each.id for each in (before, after) if each])
    }
    list_filter = filter_from_query(request.GET, staff.provider)
    sent = next((each for each in history if each.kind == ReceiptKind.SENT), None)
    context = {
        "accept_form": AcceptForm(),
        "check_form": check_form_for(notice),
        "return_form": ReturnForm(),
        "came_late": False,
        "conflict": None,
        **page_context(staff),
        "notice": notice,
        "answerable": is_answerable(notice),
        "may_answer": is_answerable(notice) and staff.may_answer,
        "number": in_fours(notice.number),
        "origin": _origin(notice),
        "filled": frozen_form(notice),
        "assurance_title": _(ASSURANCE_TITLE),
        "assurance_limit": _(ASSURANCE_LIMIT),
        "no_assurance": _(NO_ASSURANCE),
        "told_by": _(TOLD_BY),
        "history": history,
        "key_reads": key_reads(notice),
        "arrived_at": sent.at if sent else notice.written_at,
        "accepted": next((each for each in history if each.kind == ReceiptKind.ACCEPTED), None),
        "returned": next((each for each in history if each.kind == ReceiptKind.RETURNED), None),
        "gone": next((each for each in history if each.kind in (ReceiptKind.WITHDRAWN, ReceiptKind.REPLACED)), None),
        "known": [each for each in history if each.kind == ReceiptKind.TAKEN],
        "before": before,
        "after": after,
        "linked": linked,
        "went_by": _(CHANNELS[notice.channel].label) if can_be_resent(notice) else "",
        "list_filter": list_filter,
        "next": next_to_do(staff.provider, notice, list_filter),
        "messages": messages.get_messages(request),
        **more,
    }
    return render(request, "desk/notice.html", context, status=status)


def can_be_resent(notice: Notice) -> bool:
    """Whether it went out by a channel that leads elsewhere, as a fax or a system, and not only to this desk."""
    connection = connection_of(notice.provider)
    return connection is not None and notice.channel in connection.tables


def _origin(notice: Notice) -> tuple[str, str] | None:
    """The number that its mover has, and the portal that they have it from, where that is not this one."""
    origin = PeerOrigin.objects.filter(notice=notice).first()
    if origin is None:
        return None
    peer = known_peers().get(origin.portal)
    return in_fours(origin.number), peer.name if peer else origin.portal


def _forms(notice: Notice, saved_accept: SavedDeskForm | None, saved_return: SavedDeskForm | None) -> dict[str, Any]:
    """Forms with the input that was saved: checked where it was checked already, and as it is where it came late."""
    forms: dict[str, Any] = {"came_late": any(each and each.late for each in (saved_accept, saved_return))}
    if saved_accept:
        forms["accept_form"] = (
            AcceptForm(initial=saved_accept.fields.dict()) if saved_accept.late else AcceptForm(saved_accept.fields)
        )
        if check_form_for(notice):
            fields = saved_accept.fields
            late = IdentityCheckForm(initial=fields.dict())
            forms["check_form"] = late if saved_accept.late else IdentityCheckForm(fields)
    if saved_return:
        forms["return_form"] = (
            ReturnForm(initial=saved_return.fields.dict()) if saved_return.late else ReturnForm(saved_return.fields)
        )
    return forms


def _typed(saved_accept: SavedDeskForm | None, saved_return: SavedDeskForm | None) -> str | None:
    """The number or the reason that was saved; None where there is none."""
    if saved_accept:
        return str(saved_accept.fields.get("number", ""))
    return str(saved_return.fields.get("reason", "")) if saved_return else None
