"""The little language in which a sheet says how a blank is composed from facts.

{origin.postal_code|postal1}                      a fact, said in a way of filters.py
{person.family_name}　{person.given_name}         facts and plain text
{origin.block}[　{origin.building}][ {origin.room}号室]    a part in brackets falls away when a fact in it is empty
"""

import re
from dataclasses import dataclass

from renrakucho.fact.catalogue import CATALOGUE, Facts, UnknownFact, fact_named
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import did_you_mean
from renrakucho.sheet.filters import FOR_KIND, WAYS

_KINDS = {"phone": "phone number", "postal_code": "postal code", "email": "mail address", "date": "date"}
_TOKEN = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]|([^{}\[\]]+)|(.)", re.DOTALL)


class BadPhrase(InvalidInput):
    """A sheet's author wrote a phrase that cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True)
class SaidFact:
    """One fact and the ways it is said in, left to right."""

    fact: str
    ways: tuple[str, ...]

    def text(self, facts: Facts) -> str:
        """The fact's text; empty where the move has none."""
        said = facts.get(self.fact, "")
        if said:
            for way in self.ways:
                said = WAYS[way](said)
        return said


@dataclass(frozen=True)
class Phrase:
    """A composed text: plain text, said facts, and groups that may fall away."""

    parts: tuple["str | SaidFact | Phrase", ...]

    def text(self, facts: Facts) -> str:
        """The phrase with the move's facts in it."""
        return "".join(_part_text(part, facts) for part in self.parts)

    def facts(self) -> tuple[str, ...]:
        """The names of the facts in it, in order, each once."""
        names: dict[str, None] = {}
        for part in self.parts:
            if isinstance(part, SaidFact):
                names[part.fact] = None
            elif isinstance(part, Phrase):
                names.update(dict.fromkeys(part.facts()))
        return tuple(names)

    def in_kana(self) -> "Phrase | None":
        """The same phrase with names said in kana; None where it says no name in kanji."""
        swapped = _in_kana(self)
        return None if swapped == self else swapped


def _part_text(part: "str | SaidFact | Phrase", facts: Facts) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, SaidFact):
        return part.text(facts)
    return part.text(facts) if all(facts.get(name) for name in part.facts()) else ""


def _in_kana(phrase: Phrase) -> Phrase:
    return Phrase(tuple(_kana_part(part) for part in phrase.parts))


def _kana_part(part: "str | SaidFact | Phrase") -> "str | SaidFact | Phrase":
    if isinstance(part, Phrase):
        return _in_kana(part)
    if isinstance(part, SaidFact) and part.fact.endswith(("family_name", "given_name")):
        return SaidFact(part.fact.removesuffix("name") + "kana", part.ways)
    return part


def parse_phrase(source: str) -> Phrase:
    """Read a phrase. Raises BadPhrase with the place of the mistake."""
    parts: list[str | SaidFact | Phrase] = []
    for match in _TOKEN.finditer(source):
        said, group, plain, stray = match.groups()
        if said is not None:
            parts.append(_said(said))
        elif group is not None:
            parts.append(_group(group))
        elif plain is not None:
            parts.append(plain)
        else:
            raise BadPhrase(f"{stray!r} at character {match.start() + 1} has no partner")
    return Phrase(tuple(parts))


def _group(source: str) -> Phrase:
    inner = parse_phrase(source)
    if not inner.facts():
        raise BadPhrase(f"[{source}] holds no fact, so it can never fall away")
    return inner


def _said(source: str) -> SaidFact:
    name, *ways = (word.strip() for word in source.split("|"))
    try:
        fact_named(name)
    except UnknownFact:
        raise BadPhrase(f"there is no fact {name!r}; {did_you_mean(name, CATALOGUE)}") from None
    for way in ways:
        if way not in WAYS:
            raise BadPhrase(f"there is no way {way!r} of saying a fact; {did_you_mean(way, WAYS)}")
        kind = FOR_KIND.get(way, fact_named(name).kind)
        if kind != fact_named(name).kind:
            raise BadPhrase(f"{way!r} says a {_KINDS[kind]}, and {name} is none")
    return SaidFact(name, tuple(ways))
