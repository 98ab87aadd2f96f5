"""Idempotency-Key (IETF httpapi-idempotency-key-header): asked again under it, a system gets the same answer again."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from renrakucho.faces.api.problem_details import ApiProblem
from renrakucho.lib.sealing import open_with_master_key, seal_with_master_key
from renrakucho.lib.signing import keyed_hash
from renrakucho.provider.system_key import IdempotentResponse, SystemKey

KEPT = timedelta(days=7)
_LONGEST = 200


def idempotent(request: HttpRequest, key: SystemKey, act: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What `act` answers, in one transaction with keeping it; kept already: that. A Problem is not kept, so that the
    same can be tried again. Raises Problem.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        with transaction.atomic():
            return act()
    if not (given.isascii() and given.isprintable() and given.strip() and len(given) <= _LONGEST):
        raise ApiProblem("bad_idempotency_key")
    what = keyed_hash(settings.MASTER_KEY, f"idempotency:{given}")
    asked = keyed_hash(settings.MASTER_KEY, f"asked:{request.path}\n{request.body.decode('latin-1')}")
    try:
        with transaction.atomic():
            return _kept(key, what, asked) or _keep(key, what, asked, act())
    except IntegrityError:  # the same key at the same moment: the other was first
        kept = _kept(key, what, asked)
        if kept is None:
            raise
        return kept


def _kept(key: SystemKey, what: str, asked: str) -> dict[str, object] | None:
    IdempotentResponse.objects.filter(answered_at__lt=timezone.now() - KEPT).delete()
    found = IdempotentResponse.objects.filter(provider=key.provider, what_hash=what).first()
    if found is None:
        return None
    if found.asked_hash != asked:
        raise ApiProblem("idempotency_key_used")
    answer: dict[str, object] = open_with_master_key(found.answer, found.id.bytes)
    return answer


def _keep(key: SystemKey, what: str, asked: str, answer: dict[str, object]) -> dict[str, object]:
    row = IdempotentResponse(provider=key.provider, what_hash=what, asked_hash=asked, answered_at=timezone.now())
    row.answer = seal_with_master_key(answer, row.id.bytes)
    row.save(force_insert=True)
    return answer
