"""Notices for a provider's system: what happened to them, by cursor pagination, and each one whole."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from renrakucho.channel.message import message_document
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.faces.api.key_authentication import system_view
from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.provider.audit_log import AuditAction, OpeningReason, has_given_reason, log_key_reads, log_reason
from renrakucho.provider.system_key import SystemKey
from renrakucho.receipt.event_feed import UnknownCursor, read_page
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.models import Receipt
from renrakucho.receipt.provider_actions import (
    answerable_notices,
    mark_opened,
    mark_reached,
    receipt_number_of,
    return_reason_of,
)
from renrakucho.receipt.transitions import locked_notice, provider_feed
from renrakucho.sheet.assurance import WITHDRAWN_REPORTED

DEFAULT_LIMIT, MAX_LIMIT = 100, 200  # lines of one response
_RELATED = ("notice", "notice__replaces", "notice__replaced_by")
_QUERY_NAMES = {"after", "limit", "status"}
_REASON_HOLDS = timedelta(minutes=30)  # then the next reading is an entry of its own


@system_view("GET")
def list_notices(request: HttpRequest, key: SystemKey) -> dict[str, object]:
    """?after=…&limit=…&status=…: what happened after the cursor, oldest first; nothing personal in it."""
    for unknown in request.GET.keys() - _QUERY_NAMES:
        raise ApiProblem("bad_query", field=unknown[:100])
    limit, after = _limit(request.GET.get("limit")), _after(request.GET.get("after"))
    status = request.GET.get("status")
    only = Q(receipt__notice__status=_status(status)) if status is not None else None
    try:
        page = read_page(provider_feed(key.provider), after, limit, only=only, related=_RELATED)
    except UnknownCursor:
        raise ApiProblem("bad_query", field="after") from None
    numbers = (receipt.notice.number for receipt in page.receipts)
    log_key_reads(key.provider, key.id, AuditAction.LISTED_TO_KEY, numbers)
    return {
        "notices": [_line(receipt) for receipt in page.receipts],
        "next": str(page.cursor),
        "more": page.more,
        "rewound": page.rewound,
    }


@system_view("GET")
def read_notice(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """The whole notice, and how it stands. That the provider has read it (到達) is recorded.

    A withdrawn notice is not shown any more: who has it already knows what it said. A confidential one needs
    ?reason=…, which the audit log keeps.
    """
    for unknown in request.GET.keys() - {"reason"}:
        raise ApiProblem("bad_query", field=unknown[:100])
    reason = _reason(request.GET.get("reason"))
    with transaction.atomic():
        notice = locked_notice_of(key, number)
        if notice.status != Status.WITHDRAWN:
            if frozen_form(notice).confidential:
                _take_reason(key, notice, reason)
            mark_reached(notice, f"read through the API by {key.name}")
            mark_opened(notice, SystemActor(key.name))
            log_key_reads(key.provider, key.id, AuditAction.READ_BY_KEY, [notice.number])
        shown = notice.status != Status.WITHDRAWN
        return notice_state(notice) | {"notice": _document(notice, key) if shown else None}


def _take_reason(key: SystemKey, notice: Notice, reason: str) -> None:
    if not reason:
        raise ApiProblem("reason_needed")
    if not has_given_reason(key.provider, notice.number, timezone.now() - _REASON_HOLDS, key=key.id):
        log_reason(key.provider, notice.number, reason, key=key.id)


def _document(notice: Notice, key: SystemKey) -> dict[str, Any]:
    message = DeliveryTask(notice, FIRST_DELIVERY).message()
    if not key.may_answer:  # the code in this address answers for whoever has it
        message = replace(message, filled=replace(message.filled, way_back=""))
    return message_document(message)


def locked_notice_of(key: SystemKey, number: str) -> Notice:
    """The provider's own notice, locked until the transaction ends. Raises ApiProblem: another's is unknown."""
    found = (
        answerable_notices(key.provider).filter(number=number).first()
        if number.isascii() and number.isdigit()
        else None
    )
    if found is None:
        raise ApiProblem("not_found")
    return locked_notice(found)


def notice_state(notice: Notice) -> dict[str, object]:
    """The notice's status, with the provider's answer."""
    is_reported = notice.status == Status.WITHDRAWN and notice.book.disavowed_at is not None
    return {
        "number": notice.number,
        "status": notice.status,
        "receipt_number": receipt_number_of(notice) or None,
        "reason": _(WITHDRAWN_REPORTED) if is_reported else return_reason_of(notice) or None,
        "replaces": notice.replaces.number if notice.replaces else None,
        "replaced_by": _replaced_by(notice),
    }


def _line(receipt: Receipt) -> dict[str, object]:
    notice = receipt.notice
    return {
        "number": notice.number,
        "happened": receipt.kind,
        "happened_at": timezone.localtime(receipt.recorded_at).isoformat(timespec="milliseconds"),
        "status": notice.status,
        "procedure": notice.procedure,
        "replaces": notice.replaces.number if notice.replaces else None,
        "replaced_by": _replaced_by(notice),
    }


def _replaced_by(notice: Notice) -> str | None:
    newer: Notice | None = getattr(notice, "replaced_by", None)
    return newer.number if newer else None


def _limit(given: str | None) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 0 < int(given) <= MAX_LIMIT):
        raise ApiProblem("bad_query", field="limit")
    return int(given)


def _reason(given: str | None) -> str:
    if given is not None and given not in OpeningReason.values:
        raise ApiProblem("bad_query", field="reason")
    return given or ""


def _after(given: str | None) -> UUID | None:
    try:
        return UUID(given) if given is not None else None
    except ValueError:
        raise ApiProblem("bad_query", field="after") from None


def _status(given: str) -> str:
    if given not in Status.values:
        raise ApiProblem("bad_query", field="status")
    return given
