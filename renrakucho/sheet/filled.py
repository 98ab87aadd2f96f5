"""A form with a mover's words in it: what is told, frozen."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from renrakucho.lib.browser_encoding import same_on_paper


@dataclass(frozen=True)
class FilledLine:
    """One blank as it will arrive. `text` goes over the wire, `shown` is what a person reads for it.

    goes_on: its text is the rest of the line before, with nothing between the two.
    """

    name: str
    label: str
    text: str
    shown: str
    own: bool = False  # an own item, answered for this provider alone
    hidden: bool = False  # the form's plumbing: fixed codes, the way back
    goes_on: bool = False


@dataclass(frozen=True)
class TextChange:
    """What was said differently from how it was typed, and why nobody is surprised by it later."""

    label: str
    before: str
    after: str

    @property
    def looks_alike(self) -> bool:
        """Only a sign's number is another: on paper nobody sees it."""
        return same_on_paper(self.before, self.after)


@dataclass(frozen=True)
class FilledSheet:
    """A whole form, as it was confirmed. Everything after the confirmation reads only this.

    facts: those that the form says, as they were typed, by their name in the catalogue; and no others.
    way_back: where the provider can answer without an account; empty where it has another way.
    municipality: at whose end the procedure is (東京都八王子市): rules may differ by area, and a form need not say it.
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

    def pairs(self) -> list[tuple[str, str]]:
        """Field names and texts in the form's order, as they go over the wire."""
        return [(line.name, line.text) for line in self.lines]

    def told(self) -> tuple[FilledLine, ...]:
        """What the provider is told, without the form's plumbing."""
        return tuple(line for line in self.lines if not line.hidden)

    def rows(self) -> list[FilledLine]:
        """What the provider is told, as a person reads it: blanks that a form splits (電話番号（市外局番）,
        電話番号（市内局番） …) in one line.
        """
        rows: list[FilledLine] = []
        split = ""
        for line in self.told():
            whole, bracket, _part = line.label.partition("（")
            if bracket and whole == split:
                both = ("" if line.goes_on else " ").join(filter(None, (rows[-1].shown, line.shown)))
                rows[-1] = replace(rows[-1], label=whole, shown=both)
            else:
                rows.append(line)
            split = whole if bracket else ""
        return rows

    def as_json(self) -> dict[str, Any]:
        """Plain values, for sealing."""
        return asdict(self)

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "FilledSheet":
        """The inverse of as_json."""
        return cls(
            sheet=source["sheet"],
            title=source["title"],
            channel=source["channel"],
            encoding=source["encoding"],
            lines=tuple(FilledLine(**line) for line in source["lines"]),
            changes=tuple(TextChange(**change) for change in source["changes"]),
            facts=dict(source["facts"]),
            way_back=source["way_back"],
            municipality=source.get("municipality", ""),  # not among what was frozen before 2026-11-28
        )
