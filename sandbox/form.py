"""Model of a provider's web form: sites hold forms, forms sections, sections rows, rows blanks."""

from dataclasses import dataclass
from typing import Literal

Charset = Literal["Shift_JIS", "EUC-JP", "UTF-8"]
Procedure = Literal["stop", "start", "change", "move"]
Widget = Literal["text", "select", "radio", "tick", "lines"]


@dataclass(frozen=True)
class Blank:
    """One input of a form.

    `shape` is a key of shape.SHAPES. `own` marks the provider's own items: asked on its page only, and
    ignored when they arrive from outside. `needed_if` makes an optional blank required when another
    blank has a value. `before` and `after` are printed beside the input. `example` passes the checks.
    """

    name: str
    meaning: str
    length: int
    shape: str = "any"
    required: bool = True
    own: bool = False
    widget: Widget = "text"
    options: tuple[tuple[str, str], ...] = ()
    example: str = ""
    before: str = ""
    after: str = ""
    needed_if: tuple[str, str] | None = None


@dataclass(frozen=True)
class Row:
    """A line of the form: one label, one or more blanks, a note in small print."""

    label: str
    blanks: tuple[Blank, ...]
    note: str = ""

    @property
    def required(self) -> bool:
        return any(blank.required for blank in self.blanks)


@dataclass(frozen=True)
class Section:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Day:
    """The blanks that together say the day asked for, and the days that are accepted.

    `style`: "western" = names of year, month, day; "reiwa" = the same with the year counted in Reiwa;
    "slash" 2026/12/05, "dash" 2026-12-05, "plain" 20261205 = one name.
    `first` and `last` count days from today, both included.
    """

    word: str
    style: Literal["western", "reiwa", "slash", "dash", "plain"]
    names: tuple[str, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Form:
    """One procedure of one site; `move` takes stop and start together, and has two days.

    `same` are pairs of names whose values have to agree (mail typed twice).
    """

    procedure: Procedure
    title: str
    days: tuple[Day, ...]
    sections: tuple[Section, ...]
    same: tuple[tuple[str, str], ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        return tuple(blank for row in self.rows for blank in row.blanks)


@dataclass(frozen=True)
class Site:
    """A provider's site.

    `look` names its templates' folder and style sheet, `back` the field that carries the way back.
    `number` makes a receipt number: a format of `day` (date) and `serial` (int).
    """

    slug: str
    name: str
    charset: Charset
    look: str
    back: str
    number: str
    forms: tuple[Form, ...]
