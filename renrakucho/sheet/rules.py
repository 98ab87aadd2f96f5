"""What a provider's procedure asks of its mover beside the form: attendance, hours, fee, deadlines, a number.

Each is None where nothing with a source is known: the pages then say nothing of it, and nothing is refused.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from renrakucho.sheet.window import ProcedureDeadline

Needed = Literal["never", "always", "when"]
NumberWay = Literal["may_be_blank", "other_way", "phone_only"]


@dataclass(frozen=True)
class AttendanceRule:
    """Whether somebody has to be there (立会い). `words`: in which case, for «when»; else what is to be known."""

    needed: Needed
    words: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class VisitSlots:
    """The hours that a visit can be asked for, as the provider words them, and how many wishes (第1希望 …) it takes."""

    choices: tuple[str, ...]
    wishes: int = 1


@dataclass(frozen=True)
class FeeRule:
    """What it costs. `words`: for what, and how it is paid."""

    yen: int
    words: str = ""


@dataclass(frozen=True)
class WithoutNumber:
    """What happens when the mover does not know the `number` (お客さま番号 …).

    «may_be_blank»: nothing. «other_way»: `words` say how else the contract is found. «phone_only»: this form cannot be
    used, and `words` say what to tell by phone.
    """

    number: str
    way: NumberWay
    words: str = ""


@dataclass(frozen=True)
class ProcedureRules:
    """All of it. `change_until` holds for a withdrawal too where there is no `withdraw_until`.

    `notes` are rules that nothing can be counted from, in the words that the mover reads.
    """

    source: str
    checked_on: date
    attendance: AttendanceRule | None = None
    slots: VisitSlots | None = None
    fee: FeeRule | None = None
    change_until: ProcedureDeadline | None = None
    withdraw_until: ProcedureDeadline | None = None
    without_number: WithoutNumber | None = None
    notes: tuple[str, ...] = ()
