"""Finding of a form inspection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

# fine: right. mend: a mover would be stopped, or data would be lost. doubt: somebody has to look. unseen: it cannot be
# seen from outside, or was not reached.
Level = Literal["fine", "mend", "doubt", "unseen"]
_LONGEST_LIST = 12


@dataclass(frozen=True)
class FormFinding:
    """One finding.

    code: key of finding_texts.TITLES. about: the field, or empty for the whole form. expected, found: the compared
    values of the sheet and of the page, without sentences. named: values that the code's texts quote.
    """

    level: Level
    code: str
    about: str = ""
    expected: str = ""
    found: str = ""
    named: Mapping[str, str] = field(default_factory=dict)


def quoted_list(texts: Iterable[str]) -> str:
    """The first twelve texts and the number of others: «a» / «b» … (+3)."""
    named = list(texts)
    more = f" … (+{len(named) - _LONGEST_LIST})" if len(named) > _LONGEST_LIST else ""
    return " / ".join(f"«{text}»" for text in named[:_LONGEST_LIST]) + more
