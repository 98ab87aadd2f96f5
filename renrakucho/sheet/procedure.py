"""Procedures: their codes and labels, the end of the move that each belongs to, and the day that it is about."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from renrakucho.lib.message_text import N_

Procedure = Literal["stop", "start", "change"]
PROCEDURES: tuple[Procedure, ...] = get_args(Procedure)
PROCEDURE_LABELS: Mapping[str, str] = {"stop": N_("停止"), "start": N_("開始"), "change": N_("住所変更")}
_ENDS: Mapping[str, str] = {"stop": "origin", "start": "destination", "change": "destination"}
# The first of them that is said holds. A bank or a card can be told of the move before the day of arriving is known.
_DAYS: Mapping[str, tuple[str, ...]] = {
    "stop": ("move.leave_on",),
    "start": ("move.arrive_on",),
    "change": ("move.arrive_on", "move.leave_on"),
}


def procedure_day(procedure: str, facts: Mapping[str, str]) -> date | None:
    """The day a procedure is about: a stop, the day of leaving; a start, the day of arriving; a change of address, the
    day of arriving, or the day of leaving where the facts do not say it. None where they say neither.
    """
    text = next(filter(None, (facts.get(name, "") for name in _DAYS[procedure])), "")
    return date.fromisoformat(text) if text else None


def day_fact(procedure: str) -> str:
    """The fact that holds the day a procedure is about; where several can, the one that goes before the others."""
    return _DAYS[procedure][0]


def required_day(procedure: str) -> str:
    """The fact of the day without which a procedure cannot be asked for; empty for a change of address, which can be
    told at any time.
    """
    return _DAYS[procedure][0] if len(_DAYS[procedure]) == 1 else ""


def end_of_move(procedure: str) -> str:
    """At which address of the move a procedure is: origin or destination."""
    return _ENDS[procedure]


def municipality_of(procedure: str, facts: Mapping[str, str]) -> str:
    """The municipality at whose end a procedure is: 東京都八王子市."""
    end = end_of_move(procedure)
    return facts.get(f"{end}.prefecture", "") + facts.get(f"{end}.municipality", "")
