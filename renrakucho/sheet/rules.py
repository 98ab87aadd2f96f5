"""Rules of a provider's procedure: attendance, visit slots, fee, deadlines, and what to do without a number.

A rule is None where no source for it is known: then the pages show nothing and nothing is refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.window import ProcedureDeadline
from renrakucho.sheet.workdays import USUAL, Workdays

Needed = Literal["never", "always", "when"]
NumberWay = Literal["may_be_blank", "other_way", "phone_only"]


@dataclass(frozen=True)
class AttendanceRule:
    """Whether somebody has to be present (立会い). words: for «when», in which case; else a note."""

    needed: Needed
    words: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class VisitSlots:
    """Slots of a visit, in the provider's words, and the number of wishes (第1希望 …) that it takes."""

    choices: tuple[str, ...]
    wishes: int


@dataclass(frozen=True)
class FeeRule:
    """Fee. words: what it is for, and how it is paid."""

    yen: int
    words: str = ""


@dataclass(frozen=True)
class WithoutNumber:
    """Rule for a mover without the `number` (お客さま番号 …).

    «may_be_blank»: leave it blank. «other_way»: `words` say how else the contract is found. «phone_only»: this form
    cannot be used, and `words` say what to tell by phone.
    """

    number: str
    way: NumberWay
    words: str = ""


@dataclass(frozen=True)
class AnswerPromise:
    """How long the provider takes to answer a notice: the day of its entry does not count."""

    lead: LeadTime
    workdays: Workdays = USUAL


@dataclass(frozen=True)
class ProcedureRules:
    """All rules of a procedure, with their source. Without `withdraw_until`, `change_until` is for withdrawals too.

    notes: rules without numbers, as the mover reads them.
    """

    source: str
    checked_on: date
    attendance: AttendanceRule | None = None
    slots: VisitSlots | None = None
    fee: FeeRule | None = None
    change_until: ProcedureDeadline | None = None
    withdraw_until: ProcedureDeadline | None = None
    without_number: WithoutNumber | None = None
    answer_within: AnswerPromise | None = None
    notes: tuple[str, ...] = ()
