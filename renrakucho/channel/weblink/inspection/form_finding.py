"""One thing that an inspection of a provider's live form has to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

# fine: as it should be. mend: a mover would be stopped, or something would be lost. doubt: somebody has to look.
# unseen: could not be seen from outside, or was not reached.
Level = Literal["fine", "mend", "doubt", "unseen"]
_MOST_NAMED = 12


@dataclass(frozen=True)
class FormFinding:
    """`code` is a key of words.TITLES; `about` names the field, or is empty for the form as a whole.

    `expected` and `found` are what was compared, as it stands in the sheet and on the page: no sentences. `named` are
    what the words of this code name.
    """

    level: Level
    code: str
    about: str = ""
    expected: str = ""
    found: str = ""
    named: Mapping[str, str] = field(default_factory=dict)


def quoted_list(texts: Iterable[str]) -> str:
    """«a» / «b» … (+3): the first twelve."""
    named = list(texts)
    more = f" … (+{len(named) - _MOST_NAMED})" if len(named) > _MOST_NAMED else ""
    return " / ".join(f"«{text}»" for text in named[:_MOST_NAMED]) + more
