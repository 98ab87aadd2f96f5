"""A notice before it is written: whom it is for, the mover's answers, and words chosen instead of unsayable ones."""

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from renrakucho.fact.catalogue import Facts
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts
from renrakucho.mover.sealed import open_for, seal_for
from renrakucho.notice.models import Notice


@dataclass(frozen=True)
class Card:
    """Whom the notice is for, as the directory said on the day it was chosen."""

    name: str
    office: str = ""
    phones: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Draft:
    """answers: own items by blank name; instead: other words for a blank that cannot say the facts as typed, and
    `instead_of` which facts those were. When the facts change, the words no longer stand, and are asked for again.
    """

    card: Card
    answers: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    instead_of: str = ""


def seal_draft(notice: Notice, draft: Draft) -> bytes:
    """Sealed for the notice's book."""
    return seal_for(notice.book, f"draft:{notice.id}", asdict(draft))


def draft_of(notice: Notice) -> Draft:
    """The notice's draft."""
    source: dict[str, Any] = open_for(notice.book, f"draft:{notice.id}", notice.draft)
    card = Card(**{**source["card"], "phones": tuple(source["card"]["phones"])})
    return Draft(card, source["answers"], source["instead"], source["instead_of"])


def keep(notice: Notice, *, answers: dict[str, str] | None = None, instead: dict[str, str] | None = None) -> Draft:
    """Keep what the mover typed for this provider, complete or not."""
    draft = draft_of(notice)
    if answers is not None:
        draft = replace(draft, answers=answers)
    if instead is not None:
        draft = replace(draft, instead=instead, instead_of=fingerprint(facts(entries_of(notice.book))))
    notice.draft = seal_draft(notice, draft)
    notice.save(update_fields=["draft"])
    return draft


def standing_words(draft: Draft, said: Facts) -> dict[str, str]:
    """The words chosen instead, as long as the facts are those they were chosen for."""
    return draft.instead if draft.instead_of == fingerprint(said) else {}


def fingerprint(said: Facts) -> str:
    """Tells one set of facts from another."""
    return sha256(json.dumps(dict(said), sort_keys=True).encode()).hexdigest()
