"""A notice as the holder of its paper sees it: enough to know that it is this paper, and nothing of the mover."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renrakucho.faces.answer.forms import AcceptForm, ReturnForm
from renrakucho.lib.legible import in_fours
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.shelf import provider_name
from renrakucho.notice.writing import told
from renrakucho.receipt.by_code import is_open
from renrakucho.receipt.models import Kind
from renrakucho.receipt.provider_turn import reason_of, receipt_number


def page(request: HttpRequest, notice: Notice, code: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """more: forms with what was typed, and what came of an answer that was not taken (`too_late`)."""
    newer = getattr(notice, "replaced_by", None)
    accepted = notice.receipts.filter(kind=Kind.ACCEPTED).first()
    context = {
        "accept_form": AcceptForm(),
        "return_form": ReturnForm(),
        "too_late": "",
        "code": code,
        "number": in_fours(notice.number),
        "provider": provider_name(notice.provider),
        "title": told(notice).title,
        "written_at": notice.written_at,
        "open": is_open(notice),
        "standing": _standing(notice),
        "newer": in_fours(newer.number) if newer else "",
        "receipt_number": receipt_number(notice),
        "accepted_at": accepted.recorded_at if accepted else None,
        "reason": reason_of(notice),
        **more,
    }
    return render(request, "answer/notice.html", context, status=status)


def _standing(notice: Notice) -> str:
    """open, expired, accepted, returned or withdrawn."""
    if notice.status in (Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN):
        return str(notice.status)
    return "open" if is_open(notice) else "expired"
