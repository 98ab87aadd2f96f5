"""Help lines for whoever must not be found after a move: whom to call, and the page that says so.

They are data: directory/help_lines.toml, which says what its keys mean. Texts are Japanese, and translated where they
are shown.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NotRequired, TypedDict

from renrakucho.lib.toml_lines import Place
from renrakucho.timeline.task_rules import RULES_FILE, table_at

HELP_LINES_FILE = RULES_FILE.with_name("help_lines.toml")


@dataclass(frozen=True)
class HelpLine:
    """A public help line. note: when and how; source: the page that says so, as read on `checked_on`."""

    name: str
    number: str
    note: str
    source: str
    checked_on: date


@dataclass(frozen=True)
class HelpLines:
    """The lines in the order of the file; support: how to keep the resident register from being read."""

    lines: tuple[HelpLine, ...]
    support: HelpLine


class _LineTable(TypedDict):
    name: str
    note: str
    source: str
    checked_on: date
    number: NotRequired[str]


@cache
def help_lines() -> HelpLines:
    """The lines, read once a process. Raises BadSheet."""
    source = tomllib.loads(HELP_LINES_FILE.read_text(encoding="utf-8"))
    lines = tuple(_line(table, ("line", at)) for at, table in enumerate(source["line"]))
    return HelpLines(lines, _line(source["support"], ("support",)))


def _line(source: Mapping[str, Any], place: Place) -> HelpLine:
    table = table_at(source, _LineTable, place)
    return HelpLine(table["name"], table.get("number", ""), table["note"], table["source"], table["checked_on"])
