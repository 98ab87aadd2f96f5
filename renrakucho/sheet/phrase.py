"""Template language of a sheet's `say`: how a blank's text is composed from facts.

{origin.postal_code|postal1}                      a fact, through a filter of filters.py
{person.family_name}　{person.given_name}         facts and plain text
{origin.block}[　{origin.building}][ {origin.room}号室]    a group in brackets is left out where a fact in it is empty
"""

import re
from dataclasses import dataclass

from renrakucho.fact.catalogue import CATALOGUE, Facts, UnknownFact, fact_named
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import did_you_mean
from renrakucho.sheet.filters import FILTER_KINDS, FILTERS

_KINDS = {"phone": "phone number", "postal_code": "postal code", "email": "mail address", "date": "date"}
_TOKEN = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]|([^{}\[\]]+)|(.)", re.DOTALL)


class BadPhrase(InvalidInput):
    """A phrase cannot be parsed; the message says where and why."""


@dataclass(frozen=True)
class FactReference:
    """A fact and its filters, which are applied from left to right."""

    fact: str
    filters: tuple[str, ...]

    def text(self, facts: Facts) -> str:
        """The filtered text of the fact; empty where the move has none."""
        text = facts.get(self.fact, "")
        if text:
            for name in self.filters:
                text = FILTERS[name](text)
        return text


@dataclass(frozen=True)
class Phrase:
    """A parsed phrase: plain texts, fact references, and groups that may be left out."""

    parts: tuple["str | FactReference | Phrase", ...]

    def text(self, facts: Facts) -> str:
        """The phrase with the move's facts in it."""
        return "".join(_part_text(part, facts) for part in self.parts)

    def facts(self) -> tuple[str, ...]:
        """The names of the facts in it, in order, each once."""
        names: dict[str, None] = {}
        for part in self.parts:
            if isinstance(part, FactReference):
                names[part.fact] = None
            elif isinstance(part, Phrase):
                names.update(dict.fromkeys(part.facts()))
        return tuple(names)

    def in_kana(self) -> "Phrase | None":
        """This phrase with names in kana; None where it holds no name in kanji."""
        phrase = _in_kana(self)
        return None if phrase == self else phrase


def _part_text(part: "str | FactReference | Phrase", facts: Facts) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, FactReference):
        return part.text(facts)
    return part.text(facts) if all(facts.get(name) for name in part.facts()) else ""


def _in_kana(phrase: Phrase) -> Phrase:
    return Phrase(tuple(_kana_part(part) for part in phrase.parts))


def _kana_part(part: "str | FactReference | Phrase") -> "str | FactReference | Phrase":
    if isinstance(part, Phrase):
        return _in_kana(part)
    if isinstance(part, FactReference) and part.fact.endswith(("family_name", "given_name")):
        return FactReference(part.fact.removesuffix("name") + "kana", part.filters)
    return part


def parse_phrase(source: str) -> Phrase:
    """Parse a phrase. Raises BadPhrase with the place of the mistake."""
    parts: list[str | FactReference | Phrase] = []
    for match in _TOKEN.finditer(source):
        reference, group, plain, stray = match.groups()
        if reference is not None:
            parts.append(_reference(reference))
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


def _reference(source: str) -> FactReference:
    name, *filters = (part.strip() for part in source.split("|"))
    try:
        fact_named(name)
    except UnknownFact:
        raise BadPhrase(f"there is no fact {name!r}; {did_you_mean(name, CATALOGUE)}") from None
    for filter_name in filters:
        if filter_name not in FILTERS:
            raise BadPhrase(f"there is no way {filter_name!r} of saying a fact; {did_you_mean(filter_name, FILTERS)}")
        kind = FILTER_KINDS.get(filter_name, fact_named(name).kind)
        if kind != fact_named(name).kind:
            raise BadPhrase(f"{filter_name!r} says a {_KINDS[kind]}, and {name} is none")
    return FactReference(name, tuple(filters))
