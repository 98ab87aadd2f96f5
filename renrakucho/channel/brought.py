"""Answers that a provider brought by a channel, many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One answer, as it was written: exactly one of receipt_number and reason should be there."""

    number: str
    receipt_number: str
    reason: str


@dataclass(frozen=True)
class Brought:
    """name: what it is called there. mistake: why nothing of it can be read, or empty. settle: give back what came of
    each row, in their order, in words for the provider's people; after that it is not brought again.
    """

    name: str
    rows: tuple[Row, ...]
    mistake: str
    settle: Callable[[Sequence[str]], None]
