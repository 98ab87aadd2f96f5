"""Idempotency keys (IETF httpapi-idempotency-key-header): a request repeated under its key gets its first response."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.lib.master_keyring import index_hash
from renrakucho.lib.period_keyring import open_for_period, seal_for_period
from renrakucho.lib.retention_policy import KeptData, retention_days
from renrakucho.provider.system_key import IdempotentResponse, SystemKey

_LONGEST = 200


def idempotent(request: HttpRequest, key: SystemKey, act: Callable[[], dict[str, object]]) -> dict[str, object]:
    """The response of `act`, kept in the transaction of the act; under a known key, the response that was kept.

    A problem is not kept, so that the request can be tried again. Raises ApiProblem.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        with transaction.atomic():
            return act()
    if not (given.isascii() and given.isprintable() and given.strip() and len(given) <= _LONGEST):
        raise ApiProblem("bad_idempotency_key")
    key_hash = index_hash(f"idempotency:{given}")
    request_hash = index_hash(f"asked:{request.path}\n{request.body.decode('latin-1')}")
    try:
        with transaction.atomic():
            return _kept(key, key_hash, request_hash) or _keep(key, key_hash, request_hash, act())
    except IntegrityError:  # the same key at the same moment: the other was first
        kept = _kept(key, key_hash, request_hash)
        if kept is None:
            raise
        return kept


def _kept(key: SystemKey, key_hash: str, request_hash: str) -> dict[str, object] | None:
    kept_from = timezone.now() - timedelta(days=retention_days(KeptData.API_ANSWER))
    IdempotentResponse.objects.filter(answered_at__lt=kept_from).delete()
    found = IdempotentResponse.objects.filter(provider=key.provider, what_hash=key_hash).first()
    if found is None:
        return None
    if found.asked_hash != request_hash:
        raise ApiProblem("idempotency_key_used")
    answer: dict[str, object] = open_for_period(found.answer, found.id.bytes)
    return answer


def _keep(key: SystemKey, key_hash: str, request_hash: str, answer: dict[str, object]) -> dict[str, object]:
    row = IdempotentResponse(
        provider=key.provider, what_hash=key_hash, asked_hash=request_hash, answered_at=timezone.now()
    )
    row.answer = seal_for_period(answer, row.id.bytes)
    row.save(force_insert=True)
    return answer
