"""Page of sudden rises, at the desk and at the bureau: what rises, what is held, and the acts on it.

The desk sees its own provider's notices, the bureau everyone's, and neither what movers wrote: a number, when it was
entered, and what was proved of its mover.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from renrakucho.account.staff_session import page_context, requires_permission, to_page
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.sealing import SealBroken
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice, SendingHold
from renrakucho.notice.notice_form import frozen_form
from renrakucho.notice.sending_hold import held_notices
from renrakucho.notice.sudden_rise import SuddenRise, rises_at, rises_everywhere
from renrakucho.provider.staff import Staff, StaffPermission
from renrakucho.receipt.held_notices import (
    EmptyHold,
    hold_sending,
    holds_at,
    refuse_notice,
    release_hold,
    release_notice,
)
from renrakucho.receipt.provider_answer import ReturnForm
from renrakucho.sheet.assurance import assurance_text

MOST_HELD = 100  # lines of the page, the oldest first
_PAGE = "rises"


@dataclass(frozen=True)
class RiseLine:
    """rise: what rises. name: of its provider, empty for an address. numbers: in groups of four. is_held: a hold for it
    stands.
    """

    rise: SuddenRise
    name: str
    numbers: tuple[str, ...]
    is_held: bool


@dataclass(frozen=True)
class HeldLine:
    """notice: with its number in groups of four, its provider's name, since when it waits and what was proved."""

    id: UUID
    number: str
    name: str
    entered_at: datetime | None
    proved: str


@require_safe
@requires_permission(StaffPermission.READ)
def sudden_rise_page(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the rises, the holds that stand, and the notices that wait behind them."""
    return _page(request, staff, ReturnForm())


def _page(request: HttpRequest, staff: Staff, form: ReturnForm, *, status: int = 200) -> HttpResponse:
    rises = rises_everywhere() if staff.at_bureau else rises_at(staff.provider)
    holds = list(SendingHold.objects.order_by("begun_at")) if staff.at_bureau else holds_at(staff.provider)
    standing = {(hold.provider, hold.origin_hash) for hold in holds}
    held = held_notices(staff.provider)
    context = {
        **page_context(staff, _PAGE),
        "may_act": staff.may(StaffPermission.OPERATE if staff.at_bureau else StaffPermission.ANSWER),
        "rises": [_rise_line(each, standing) for each in rises],
        "holds": [(hold, provider_name(hold.provider) if hold.provider else "") for hold in holds],
        "held": [_held_line(each) for each in held.select_related("book")[:MOST_HELD]],
        "count": held.count(),
        "form": form,
        "chosen": request.POST.getlist("id"),
        "messages": messages.get_messages(request),
    }
    return render(request, "account/rises.html", context, status=status)


def _rise_line(rise: SuddenRise, standing: set[tuple[str, str]]) -> RiseLine:
    name = "" if rise.origin_hash else provider_name(rise.provider)
    numbers = tuple(in_fours(number) for number in rise.numbers)
    return RiseLine(rise, name, numbers, (rise.provider, rise.origin_hash) in standing)


def _held_line(notice: Notice) -> HeldLine:
    try:
        proved = assurance_text(frozen_form(notice).assurance)
    except SealBroken:
        proved = assurance_text(None)
    return HeldLine(notice.id, in_fours(notice.number), provider_name(notice.provider), notice.written_at, proved)


def _act(request: HttpRequest, staff: Staff) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "hold":
        _hold(request, staff)
    elif act == "end":
        _end(request, staff)
    elif act in ("send", "refuse"):
        form = ReturnForm(request.POST)
        if act == "refuse" and not staff.at_bureau and not form.is_valid():
            return _page(request, staff, form, status=422)
        _each(request, staff, act, form)
    return to_page(request, _PAGE)


def _hold(request: HttpRequest, staff: Staff) -> None:
    provider, _bar, address = request.POST.get("rise", "").partition("|")
    try:
        count = hold_sending(staff, provider[:64], address[:64])
    except EmptyHold:
        return
    said = ngettext(
        "これから入るものも止めます。いま%(num)s件が待っています。",
        "これから入るものも止めます。いま%(num)s件が待っています。",
        count,
    )
    messages.success(request, said % {"num": count})


def _end(request: HttpRequest, staff: Staff) -> None:
    holds = SendingHold.objects.all() if staff.at_bureau else SendingHold.objects.filter(provider=staff.provider)
    key = _uuid(request.POST.get("hold", ""))
    hold = holds.filter(id=key).first() if key else None
    count = release_hold(staff, hold) if hold else 0
    said = ngettext(
        "止めるのをやめました。%(num)s件をいま送ります。", "止めるのをやめました。%(num)s件をいま送ります。", count
    )
    messages.success(request, said % {"num": count})


def _each(request: HttpRequest, staff: Staff, act: str, form: ReturnForm) -> None:
    """Send or refuse each notice that was chosen; one that is not held any more is left as it is."""
    wanted = [key for key in map(_uuid, request.POST.getlist("id")) if key]
    chosen = list(held_notices(staff.provider).filter(id__in=wanted).select_related("book"))
    if act == "send":
        count = sum(release_notice(staff, notice) for notice in chosen)
        said = ngettext("%(num)s件をいま送ります。", "%(num)s件をいま送ります。", count)
    else:
        reason = "" if staff.at_bureau else form.cleaned_data["reason"]
        count = sum(refuse_notice(staff, notice, reason) for notice in chosen)
        said = ngettext(
            "%(num)s件を断りました。お客さまにメールでお知らせします。",
            "%(num)s件を断りました。お客さまにメールでお知らせします。",
            count,
        )
    if count:
        messages.success(request, said % {"num": count})
    else:
        messages.warning(request, _("何も選ばれていないか、もう止まっていません。"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


act_at_desk = require_http_methods(["GET", "POST"])(requires_permission(StaffPermission.ANSWER, page=_PAGE)(_act))
act_at_bureau = require_http_methods(["GET", "POST"])(requires_permission(StaffPermission.OPERATE, page=_PAGE)(_act))
