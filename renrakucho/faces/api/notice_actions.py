"""API actions on a notice: accept, return, replay. Each is safe to repeat."""

from django.db import transaction
from django.http import HttpRequest

from renrakucho.faces.api.idempotency import idempotent
from renrakucho.faces.api.key_authentication import system_view
from renrakucho.faces.api.notice_list import locked_notice_of, notice_state
from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.faces.api.request_body import body_text, body_texts, require_empty_body
from renrakucho.provider.system_key import SystemKey
from renrakucho.receipt.evidence import SystemActor
from renrakucho.receipt.provider_actions import answer_by_number, rejection_reason, request_resend
from renrakucho.receipt.provider_answer import CheckWay, IdentityCheck, ProviderAnswer
from renrakucho.receipt.transitions import InvalidTransition


@system_view("POST")
def accept_by_api(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """受理, with the provider's own receipt number, and how it made sure of its customer where that is needed."""
    given = body_texts(request, "receipt_number", "identity_check", "identity_check_note")
    way, note = given.get("identity_check", ""), given.get("identity_check_note", "")
    check = IdentityCheck(way, note) if way or note else None
    if check and not check.readable:
        raise ApiProblem("bad_field", field="identity_check_note" if way == CheckWay.OTHER else "identity_check")
    answer = ProviderAnswer(given["receipt_number"], check=check)
    return idempotent(request, key, lambda: _answer(key, number, answer))


@system_view("POST")
def return_by_api(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """差戻し, with what the mover has to put right."""
    answer = ProviderAnswer(reason=body_text(request, "reason"))
    return idempotent(request, key, lambda: _answer(key, number, answer))


@system_view("POST")
def replay_webhook(request: HttpRequest, key: SystemKey, number: str) -> dict[str, object]:
    """Have the notice pushed again, under the key that it had."""
    require_empty_body(request)
    with transaction.atomic():
        notice = locked_notice_of(key, number)
        try:
            request_resend(notice, SystemActor(key.name))
        except InvalidTransition as error:
            raise ApiProblem(rejection_reason(notice, error), notice=notice_state(notice)) from None
        return notice_state(notice)


def _answer(key: SystemKey, number: str, answer: ProviderAnswer) -> dict[str, object]:
    notice = locked_notice_of(key, number)
    result = answer_by_number(key.provider, number, answer, SystemActor(key.name))
    notice.refresh_from_db()
    if result not in ("accepted", "returned"):
        raise ApiProblem(result, notice=notice_state(notice))
    return notice_state(notice)
