"""What a provider's system says of a notice: accepted, or sent back. Each is safe to repeat."""

from django.db import transaction
from django.http import HttpRequest

from renrakucho.faces.api.body import nothing_in, text_of
from renrakucho.faces.api.door import for_systems
from renrakucho.faces.api.notices import notice_of, standing
from renrakucho.faces.api.problem import Problem
from renrakucho.faces.api.repeated import once
from renrakucho.provider.system_key import SystemKey
from renrakucho.receipt.answers import Answer, give, stands
from renrakucho.receipt.provider_turn import ask_again
from renrakucho.receipt.record import OutOfTurn


@for_systems("POST")
def accept_it(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """受理, with the provider's own receipt number."""
    answer = Answer(number, receipt_number=text_of(request, "receipt_number"))
    return once(request, key, lambda: _given(key, answer))


@for_systems("POST")
def return_it(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """差戻し, with what the mover has to put right."""
    answer = Answer(number, reason=text_of(request, "reason"))
    return once(request, key, lambda: _given(key, answer))


@for_systems("POST")
def replay_it(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """Have it pushed again, under the key that it had."""
    nothing_in(request)
    with transaction.atomic():
        notice = notice_of(key, number)
        try:
            ask_again(notice, system=key.name)
        except OutOfTurn as error:
            raise Problem(stands(notice, error), notice=standing(notice)) from None
        return standing(notice)


def _given(key: SystemKey, answer: Answer) -> dict[str, object]:
    notice = notice_of(key, answer.number)
    fate = give(key.provider, answer, {"system": key.name})
    notice.refresh_from_db()
    if fate not in ("accepted", "returned"):
        raise Problem(fate, notice=standing(notice))
    return standing(notice)
