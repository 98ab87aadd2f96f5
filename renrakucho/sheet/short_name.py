"""Shorter forms of a long name, for a blank that cannot hold it: further given names as initials, or left out.

They are offered, never applied by themselves. The family name and the first given name stay whole: a name without them
is another person's.
"""

import re
from collections.abc import Iterator

from renrakucho.fact.catalogue import Facts
from renrakucho.lib.width import to_ascii_width
from renrakucho.sheet.form import Blank
from renrakucho.sheet.text_split import split_text

_BETWEEN = re.compile("[ \u3000・･.．]+")


def shorter_given_names(given: str) -> tuple[str, ...]:
    """Return a given name of several parts with initials, where its letters are Latin, and with its first part alone;
    () for a name of one part.
    """
    first, *further = [part for part in _BETWEEN.split(given.strip()) if part] or [""]
    if not further:
        return ()
    initials = [to_ascii_width(part[0]) for part in further]
    latin = all(letter.isalpha() and letter < "\u0250" for letter in initials)
    return (*((" ".join([first, *(f"{letter.upper()}." for letter in initials)]),) if latin else ()), first)


def shorter_texts(blank: Blank, facts: Facts, encoding: str) -> Iterator[str]:
    """Yield the texts of a blank of names with shorter given names, the longest first, as far as they fit into it."""
    if blank.say is None:
        return
    given = [name for name in blank.say.facts() if name.endswith((".given_name", ".given_kana", "billing.name"))]
    match given:
        case [only]:
            texts = (blank.say.text({**facts, only: shorter}).strip() for shorter in _shorter_facts(only, facts))
            yield from (text for text in texts if split_text(text, (blank,), encoding) is not None)


def _shorter_facts(name: str, facts: Facts) -> tuple[str, ...]:
    """Shorter texts of a fact. An addressee that is the contract holder ends in the holder's given name."""
    whole = facts.get(name, "")
    if name != "billing.name":
        return shorter_given_names(whole)
    given = facts.get("holder.given_name", "")
    before = whole.removesuffix(given)
    return tuple(before + shorter for shorter in shorter_given_names(given)) if before != whole else ()
