"""What a provider's system says of a notice: accepted, or sent back. Each is safe to repeat."""

from django.http import HttpRequest

from renrakucho.faces.api.body import text_of
from renrakucho.faces.api.door import for_systems
from renrakucho.faces.api.notices import notice_of, standing
from renrakucho.faces.api.problem import Problem
from renrakucho.faces.api.repeated import once
from renrakucho.provider.system_key import SystemKey
from renrakucho.receipt.answers import Answer, give


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


def _given(key: SystemKey, answer: Answer) -> dict[str, object]:
    notice = notice_of(key, answer.number)
    fate = give(key.provider, answer, {"system": key.name})
    notice.refresh_from_db()
    stands = standing(notice)
    if fate not in ("accepted", "returned"):
        raise Problem(fate, notice=stands)
    return stands
