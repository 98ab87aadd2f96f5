"""Result of a health check: a state, and a sentence and a remedy in Japanese and English."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from renrakucho.lib.message_text import BothLanguages


class CheckState(StrEnum):
    """From good to bad. UNKNOWN: it could not be found out, or nobody has said it."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    FAILING = "failing"


@dataclass(frozen=True)
class CheckResult:
    """state: how it stands; said: a sentence about it; remedy: what to do, None where it is well."""

    state: CheckState
    said: BothLanguages
    remedy: BothLanguages | None = None

    def __str__(self) -> str:
        """Both languages, with the remedy on a line of its own."""
        return f"{self.said}\n  → {self.remedy}" if self.remedy else str(self.said)


def healthy(japanese: str, english: str) -> CheckResult:
    """A check that found nothing wrong."""
    return CheckResult(CheckState.OK, BothLanguages(japanese, english))


def and_more(count: int) -> BothLanguages:
    """The end of a bracket that names one of several things; nothing where there is no other."""
    return BothLanguages(f"。ほかに{count}件", f"; {count} more") if count else BothLanguages("", "")


def worst_state(results: Iterable[CheckResult]) -> CheckState:
    """The worst of several; OK for none."""
    order = list(CheckState)
    return max((result.state for result in results), key=order.index, default=CheckState.OK)
