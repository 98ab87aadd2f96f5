"""Message texts of plain Python modules: mark one for translation, say one in both languages, suggest a name."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple


def N_(text: str) -> str:
    """Mark a text for translation; the page that shows it looks it up in the catalogue."""
    return text


class BothLanguages(NamedTuple):
    """One sentence twice, where it is read before a language is chosen. As text it is both."""

    japanese: str
    english: str

    def __str__(self) -> str:
        return f"{self.japanese} / {self.english}"


_SIMILARITY = 0.7  # of difflib: 1 is equal


def did_you_mean(typed: str, allowed: Iterable[str]) -> str:
    """The end of a message on an unknown name: the most similar allowed name, or else all of them."""
    names = list(allowed)
    similar = get_close_matches(typed, names, cutoff=_SIMILARITY)
    return f"did you mean {similar[0]!r}?" if similar else f"there are {', '.join(names)}"
