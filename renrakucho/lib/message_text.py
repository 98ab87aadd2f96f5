"""Marking a text for translation where it is written, for modules that know no framework."""

from collections.abc import Iterable
from difflib import get_close_matches


def N_(text: str) -> str:
    """The text itself; it is looked up in the catalogue where it is shown."""
    return text


_ALIKE = 0.7


def did_you_mean(typed: str, allowed: Iterable[str]) -> str:
    """The rest of a sentence about a name that there is not: the one that was meant, or else all that there are."""
    there = list(allowed)
    near = get_close_matches(typed, there, n=1, cutoff=_ALIKE)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(there)}"
