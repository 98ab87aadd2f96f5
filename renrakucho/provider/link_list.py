"""Phone numbers for the link list (ホームページのご紹介)."""

from collections import defaultdict

from renrakucho.provider.models import Confidence, Contact, ContactKind, ContactUse

_RANK = {Confidence.OFFICIAL: 0, Confidence.UNOFFICIAL: 1, Confidence.GENERAL: 2}


def phones_for_movers() -> dict[str, tuple[Contact, ...]]:
    """By provider the numbers that movers everywhere call, with their sources: the best sourced ones only.

    A provider whose numbers differ by office is left out: which one it is depends on the place. One query.
    """
    by_provider: dict[str, list[Contact]] = defaultdict(list)
    phones = Contact.objects.select_related("source").filter(kind=ContactKind.PHONE, office=None)
    for phone in phones.filter(use__in=[ContactUse.MOVING, ContactUse.GENERAL]).order_by("id"):
        by_provider[phone.provider_id].append(phone)
    return {provider: _best(found) for provider, found in by_provider.items()}


def _best(phones: list[Contact]) -> tuple[Contact, ...]:
    best = min(_RANK[Confidence(phone.confidence)] for phone in phones)
    return tuple(phone for phone in phones if _RANK[Confidence(phone.confidence)] == best)
