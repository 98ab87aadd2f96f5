"""Idempotency keys (IETF httpapi-idempotency-key-header): a request repeated under its key gets its first response."""

from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.lib.master_keyring import index_hash, open_with_master_key, seal_with_master_key
from renrakucho.provider.system_key import IdempotentResponse, SystemKey

KEEP_DAYS = timedelta(days=7)
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
    IdempotentResponse.objects.filter(answered_at__lt=timezone.now() - KEEP_DAYS).delete()
    found = IdempotentResponse.objects.filter(provider=key.provider, what_hash=key_hash).first()
    if found is None:
        return None
    if found.asked_hash != request_hash:
        raise ApiProblem("idempotency_key_used")
    answer: dict[str, object] = open_with_master_key(found.answer, found.id.bytes)
    return answer


def _keep(key: SystemKey, key_hash: str, request_hash: str, answer: dict[str, object]) -> dict[str, object]:
    row = IdempotentResponse(
        provider=key.provider, what_hash=key_hash, asked_hash=request_hash, answered_at=timezone.now()
    )
    row.answer = seal_with_master_key(answer, row.id.bytes)
    row.save(force_insert=True)
    return answer
