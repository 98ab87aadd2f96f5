"""Message texts of plain Python modules: mark a text for translation, and suggest a name."""

from collections.abc import Iterable
from difflib import get_close_matches


def N_(text: str) -> str:
    """Mark a text for translation; the page that shows it looks it up in the catalogue."""
    return text


_SIMILARITY = 0.7  # of difflib: 1 is equal


def did_you_mean(typed: str, allowed: Iterable[str]) -> str:
    """The end of a message on an unknown name: the most similar allowed name, or else all of them."""
    names = list(allowed)
    similar = get_close_matches(typed, names, cutoff=_SIMILARITY)
    return f"did you mean {similar[0]!r}?" if similar else f"there are {', '.join(names)}"
