"""Entries: everything a mover has entered, once for all providers.

Entries are immutable values; a page makes new ones with `dataclasses.replace` and saves them in the book. Texts are
stored as they were typed: names are never normalised, since NFC alone would turn 神 U+FA19 into another person's 神.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from renrakucho.fact.helper import Helper
from renrakucho.provider.models import Industry

ENDS: tuple[str, ...] = ("leaving", "arriving")  # of the move, as they are wished for
INDUSTRIES: tuple[str, ...] = tuple(Industry.values)
# Bound to a place: stopped at the one left, started at the one moved to. All others change their record of an address.
PLACE_BOUND: frozenset[str] = frozenset({Industry.ELECTRICITY, Industry.GAS, Industry.WATER, Industry.TELEPHONE})
# Every home has these at both ends and has to tell them: they are wished for until the mover says otherwise.
USUAL_INDUSTRIES: tuple[str, ...] = (Industry.ELECTRICITY, Industry.GAS, Industry.WATER)
# The mover may have a contract with another company than the area's own (electricity since 2016-04, gas since 2017-04).
FREE_MARKET: frozenset[str] = frozenset({Industry.ELECTRICITY, Industry.GAS, Industry.TELEPHONE, Industry.INTERNET})


@dataclass(frozen=True)
class MovePlace:
    """One end of the move, as far as it decides who serves it. The rest of the address is among the items."""

    postal_code: str = ""
    municipality_code: str = ""
    prefecture: str = ""
    municipality: str = ""
    town: str = ""
    street: str = ""  # stands before the town: 寺町通御池上る in 京都市
    absent: bool = False  # there is none in Japan, or not yet

    @property
    def text(self) -> str:
        """The place as it is written."""
        return self.prefecture + self.municipality + self.street + self.town

    @property
    def known(self) -> bool:
        """Whether it says enough to look for who serves it, or that nobody does."""
        return bool(self.municipality_code) or self.absent


@dataclass(frozen=True)
class TimelineAnswers:
    """Answers for the to-do list, beside what the application asks.

    leave_on, arrive_on: ISO dates; municipality: a condition of timeline.task_rules. Each is empty where the
    application knows it. household: ids of the questions answered with a tick; done: ids of tasks that are done.
    """

    leave_on: str = ""
    arrive_on: str = ""
    municipality: str = ""
    household: tuple[str, ...] = ()
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class MoveEntries:
    """All entries of one move.

    wishes: industry → ends («water» → («leaving», «arriving»)); chosen: keys of offers (notice.offer);
    others: key of an offer → the name of a company that the directory does not have;
    more: key of a chosen offer → what its further contracts are called, each told by a notice of its own;
    items: common items by fact name, and the two that are not facts: «holder.same», «billing.to»;
    timeline: answers for the to-do list; None: they were never given.
    confidential: the mover must not be found by somebody (DV等支援措置): the new address goes only to the offers in
    `disclosed`, each chosen for it. helper: who entered it, where that is not the mover. language: of the mails, beside
    Japanese; "": Japanese alone.
    """

    wishes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    origin: MovePlace = field(default_factory=MovePlace)
    destination: MovePlace = field(default_factory=MovePlace)
    chosen: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    timeline: TimelineAnswers | None = None
    confidential: bool = False
    disclosed: tuple[str, ...] = ()
    helper: Helper | None = None
    language: str = ""

    def place(self, end: str) -> MovePlace:
        """The place at this end."""
        return self.origin if end == "leaving" else self.destination

    @property
    def absent_ends(self) -> tuple[str, ...]:
        """The ends without an address in Japan: origin, destination."""
        return tuple(end for end in ("origin", "destination") if getattr(self, end).absent)

    @property
    def needed_ends(self) -> frozenset[str]:
        """The ends whose address has to be known for what is wished: a stop alone needs no new address."""
        wished = {end for ends in self.wishes.values() for end in ends}
        return frozenset({"leaving": "origin", "arriving": "destination"}[end] for end in wished)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for sealing."""
        return asdict(self)

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "MoveEntries":
        """The inverse of as_json."""
        return cls(
            wishes={industry: tuple(ends) for industry, ends in source["wishes"].items()},
            origin=MovePlace(**source["origin"]),
            destination=MovePlace(**source["destination"]),
            chosen=tuple(source["chosen"]),
            others=dict(source["others"]),
            more={key: tuple(names) for key, names in source.get("more", {}).items()},  # none in older books
            items=dict(source["items"]),
            timeline=_timeline(source.get("timeline")),  # none in older books
            confidential=source.get("confidential", False),  # not in books from before 2026-11-28
            disclosed=tuple(source.get("disclosed", ())),
            helper=Helper.from_json(source["helper"]) if source.get("helper") else None,
            language=source.get("language", ""),
        )


def _timeline(source: Mapping[str, Any] | None) -> TimelineAnswers | None:
    if source is None:
        return None
    lists = {name: tuple(source[name]) for name in ("household", "done")}
    return TimelineAnswers(**{**source, **lists})
