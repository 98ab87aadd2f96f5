"""Filled form: a sheet with a mover's texts, as it is frozen and sent. Its fields are stored as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from renrakucho.lib.browser_encoding import same_on_paper
from renrakucho.sheet.assurance import Assurance


@dataclass(frozen=True)
class FilledLine:
    """One filled blank. text: as it is sent. shown: as a person reads it. goes_on: `text` continues the line before."""

    name: str
    label: str
    text: str
    shown: str
    own: bool = False  # an own item, answered for this provider alone
    hidden: bool = False  # not for people: fixed codes, the return link
    goes_on: bool = False


@dataclass(frozen=True)
class TextChange:
    """A text that is sent otherwise than it was typed; it is kept and shown."""

    label: str
    before: str
    after: str

    @property
    def looks_alike(self) -> bool:
        """Whether the two texts look alike on paper."""
        return same_on_paper(self.before, self.after)


@dataclass(frozen=True)
class FilledSheet:
    """A whole form as the mover confirmed it. Everything after the confirmation reads only this.

    facts: those that the form uses, as they were typed, by their name in the catalogue. way_back: the URL where the
    provider can answer without an account, or empty. municipality: where the procedure takes place (東京都八王子市):
    rules may differ by area, and a form need not say it. assurance: how sure the portal was of whoever confirmed it;
    None: that was not recorded. confidential: its mover must not be found by somebody, and
    whoever reads it has to know.
    """

    sheet: str
    title: str
    channel: str
    encoding: str
    lines: tuple[FilledLine, ...]
    changes: tuple[TextChange, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
    way_back: str = ""
    municipality: str = ""
    assurance: Assurance | None = None
    confidential: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """Field names and texts in the form's order, as they are sent."""
        return [(line.name, line.text) for line in self.lines]

    def visible_lines(self) -> tuple[FilledLine, ...]:
        """The lines that are for people, without hidden ones."""
        return tuple(line for line in self.lines if not line.hidden)

    def rows(self) -> list[FilledLine]:
        """The lines that are for people, with split blanks joined (電話番号（市外局番）, 電話番号（市内局番） …)."""
        rows: list[FilledLine] = []
        split = ""
        for line in self.visible_lines():
            whole, bracket, _part = line.label.partition("（")
            if bracket and whole == split:
                both = ("" if line.goes_on else " ").join(filter(None, (rows[-1].shown, line.shown)))
                rows[-1] = replace(rows[-1], label=whole, shown=both)
            else:
                rows.append(line)
            split = whole if bracket else ""
        return rows

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be sealed and stored."""
        return {**asdict(self), "assurance": self.assurance.as_stored() if self.assurance else None}

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "FilledSheet":
        """The inverse of as_json. What was frozen before 2026-11-28 has no municipality, or no assurance."""
        return cls(
            sheet=source["sheet"],
            title=source["title"],
            channel=source["channel"],
            encoding=source["encoding"],
            lines=tuple(FilledLine(**line) for line in source["lines"]),
            changes=tuple(TextChange(**change) for change in source["changes"]),
            facts=dict(source["facts"]),
            way_back=source["way_back"],
            municipality=source.get("municipality", ""),
            assurance=Assurance.from_stored(source.get("assurance")),
            confidential=source.get("confidential", False),
        )
