"""What a provider's system says of a notice: accepted, or sent back. Each is safe to repeat."""

from django.http import HttpRequest

from renrakucho.faces.api.body import text_of
from renrakucho.faces.api.door import for_systems
from renrakucho.faces.api.notices import notice_of, standing
from renrakucho.faces.api.problem import Problem
from renrakucho.faces.api.repeated import once
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.system_key import SystemKey
from renrakucho.receipt.provider_turn import accept_with, reached, send_back_with
from renrakucho.receipt.record import OutOfTurn

_REASONS = {Status.ACCEPTED: "already_accepted", Status.RETURNED: "already_returned", Status.WITHDRAWN: "withdrawn"}


@for_systems("POST")
def accept_it(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """受理, with the provider's own receipt number."""
    receipt_number = text_of(request, "receipt_number")

    def act() -> dict[str, object]:
        notice = notice_of(key, number)
        try:
            reached(notice, f"answered through the API by {key.name}")
            accept_with(notice, {"number": receipt_number, "system": key.name})
        except OutOfTurn as error:
            raise _problem(notice, error) from None
        return standing(notice_of(key, number))

    return once(request, key, act)


@for_systems("POST")
def return_it(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """差戻し, with what the mover has to put right."""
    reason = text_of(request, "reason")

    def act() -> dict[str, object]:
        notice = notice_of(key, number)
        try:
            reached(notice, f"answered through the API by {key.name}")
            send_back_with(notice, {"reason": reason, "system": key.name})
        except OutOfTurn as error:
            raise _problem(notice, error) from None
        stands = standing(notice_of(key, number))
        if stands["reason"] != reason:  # what was sent back stays as it was sent back first
            raise Problem("already_returned", notice=stands)
        return stands

    return once(request, key, act)


def _problem(notice: Notice, error: OutOfTurn) -> Problem:
    stands = standing(notice)
    if stands["replaced_by"]:
        return Problem("replaced", notice=stands)
    return Problem(_REASONS[Status(error.status)], notice=stands)
