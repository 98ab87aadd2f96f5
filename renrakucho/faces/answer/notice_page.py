"""A notice as the holder of its paper sees it: enough to know that it is this paper, and nothing of the mover."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from renrakucho.faces.answer.forms import AcceptForm, ReturnForm
from renrakucho.lib.identifiers import in_fours
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.answer_by_code import is_code_open
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.provider_actions import receipt_number_of, return_reason_of


def render_paper_page(
    request: HttpRequest, notice: Notice, code: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    """more: forms with what was typed, and what came of an answer that was not taken (`too_late`)."""
    newer = getattr(notice, "replaced_by", None)
    accepted = notice.receipts.filter(kind=ReceiptKind.ACCEPTED).first()
    context = {
        "accept_form": AcceptForm(),
        "return_form": ReturnForm(),
        "too_late": "",
        "code": code,
        "number": in_fours(notice.number),
        "provider": provider_name(notice.provider),
        "title": frozen_form(notice).title,
        "written_at": notice.written_at,
        "open": is_code_open(notice),
        "standing": _standing(notice),
        "newer": in_fours(newer.number) if newer else "",
        "receipt_number": receipt_number_of(notice),
        "accepted_at": accepted.recorded_at if accepted else None,
        "reason": return_reason_of(notice),
        **more,
    }
    return render(request, "answer/notice.html", context, status=status)


def _standing(notice: Notice) -> str:
    """open, expired, accepted, returned or withdrawn."""
    if notice.status in (Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN):
        return str(notice.status)
    return "open" if is_code_open(notice) else "expired"
