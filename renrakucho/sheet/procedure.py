"""Procedures: their codes and labels, the ends of the move that each belongs to, and the days that it is about."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, get_args

from renrakucho.lib.message_text import N_

Procedure = Literal["stop", "start", "change", "move"]
PROCEDURES: tuple[Procedure, ...] = get_args(Procedure)
PROCEDURE_LABELS: Mapping[str, str] = {
    "stop": N_("停止"),
    "start": N_("開始"),
    "change": N_("住所変更"),
    "move": N_("停止と開始"),
}
BOTH_ENDS: Procedure = "move"  # one form for what is stop and start elsewhere
_ENDS: Mapping[str, tuple[str, ...]] = {
    "stop": ("origin",),
    "start": ("destination",),
    "change": ("destination",),
    "move": ("origin", "destination"),
}
# A bank or a card can be told of the move before the day of arriving is known: the first of the two that is said holds.
_DAYS: Mapping[str, tuple[str, ...]] = {
    "stop": ("move.leave_on",),
    "start": ("move.arrive_on",),
    "change": ("move.arrive_on", "move.leave_on"),
    "move": ("move.leave_on", "move.arrive_on"),
}
_UNDATED = frozenset({"change"})  # can be told at any time


def procedure_day(procedure: str, facts: Mapping[str, str]) -> date | None:
    """The day a procedure is about: a stop, the day of leaving; a start, the day of arriving; both together, the
    earlier of the two; a change of address, the day of arriving, or the day of leaving where the facts do not say it.
    None where they say neither.
    """
    days = [date.fromisoformat(facts[name]) for name in _DAYS[procedure] if facts.get(name)]
    if procedure in _UNDATED:
        return days[0] if days else None
    return min(days, default=None)


def day_fact(procedure: str) -> str:
    """The fact that holds the day a procedure is about; where several can, the one that goes before the others."""
    return _DAYS[procedure][0]


def required_days(procedure: str) -> tuple[str, ...]:
    """The facts of the days without which a procedure cannot be asked for; none for a change of address, which can be
    told at any time.
    """
    return () if procedure in _UNDATED else _DAYS[procedure]


def ends_of_move(procedure: str) -> tuple[str, ...]:
    """At which addresses of the move a procedure is: origin, destination or both."""
    return _ENDS[procedure]


def municipality_of(procedure: str, facts: Mapping[str, str]) -> str:
    """The municipality at whose end a procedure is: 東京都八王子市. A form for both ends has the same rules in all."""
    end = _ENDS[procedure][0]
    return facts.get(f"{end}.prefecture", "") + facts.get(f"{end}.municipality", "")
