"""Reading the forms: `providers/<slug>/<procedure>.toml` → Sheet."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from renrakucho.fact.catalogue import UnknownFact, fact
from renrakucho.lib.browser_encoding import ENCODINGS
from renrakucho.sheet.form import PROCEDURES, Ask, Blank, Procedure, Sheet
from renrakucho.sheet.phrase import BadPhrase, parse
from renrakucho.sheet.tables import TABLES
from renrakucho.sheet.window import Window

_Kinds = Mapping[str, type | UnionType]

_SHEET_KEYS: _Kinds = {
    **dict.fromkeys(("title", "source", "channel", "encoding", "change"), str),
    **{"version": int, "checked_on": date, "asked_there": list, "window": dict, "blank": list},
}
_BLANK_KEYS: _Kinds = {
    **dict.fromkeys(("name", "label", "say", "ask", "fixed", "help", "example", "pattern", "pattern_help"), str),
    **{"required": bool, "longest": int, "longest_bytes": int, "words": dict | str, "choices": list},
}
_WINDOW_KEYS: _Kinds = {"fact": str, "earliest_days": int, "latest_days": int, "source": str}
_KIND_WORDS: Mapping[type | UnionType, str] = {
    str: "a text",
    int: "a number",
    bool: "true or false",
    date: "a date like 2026-11-22",
    list: "a list",
    dict: "a table",
    dict | str: "a table or the name of one",
}


class BadSheet(ValueError):
    """A form cannot be read; the message names the file, the blank and what is wrong."""


@lru_cache(maxsize=1024)
def sheets(folder: Path) -> dict[Procedure, Sheet]:
    """Every form in one provider's folder, by procedure. Raises BadSheet. Read once a process."""
    found = {name: folder / f"{name}.toml" for name in PROCEDURES}
    return {name: read(path) for name, path in found.items() if path.exists()}


def read(path: Path) -> Sheet:
    """One form. Raises BadSheet."""
    try:
        source = tomllib.loads(path.read_text("utf-8"))
        return _sheet(source, path.parent.name, path.stem)
    except (tomllib.TOMLDecodeError, BadPhrase, BadSheet) as error:
        raise BadSheet(f"{path.parent.name}/{path.name}: {error}") from error
    except KeyError as error:
        raise BadSheet(f"{path.parent.name}/{path.name}: {error.args[0]!r} is missing") from error


def _known(source: Mapping[str, Any], allowed: _Kinds, where: str) -> None:
    for key, value in source.items():
        if key not in allowed:
            raise BadSheet(f"{where} has no {key!r}; there are {', '.join(sorted(allowed))}")
        if not isinstance(value, allowed[key]):
            raise BadSheet(f"{key} is not {_KIND_WORDS[allowed[key]]}")


def _sheet(source: dict[str, Any], slug: str, procedure: str) -> Sheet:
    _known(source, _SHEET_KEYS, "a form")
    encoding = source.get("encoding", "UTF-8")
    if encoding not in ENCODINGS:
        raise BadSheet(f"encoding {encoding!r} is not one of {', '.join(ENCODINGS)}")
    if source["change"] not in ("until_accepted", "by_phone"):
        raise BadSheet("change is neither until_accepted nor by_phone")
    blanks = tuple(_blank(blank) for blank in source["blank"])
    for name in {blank.name for blank in blanks}:
        if [blank.name for blank in blanks].count(name) > 1:
            raise BadSheet(f"two blanks are named {name!r}")
    return Sheet(
        provider=slug,
        procedure=next(name for name in PROCEDURES if name == procedure),
        title=source["title"],
        version=source["version"],
        checked_on=source["checked_on"],
        source=source["source"],
        channel=source["channel"],
        encoding=encoding,
        blanks=blanks,
        asked_there=tuple(source.get("asked_there", ())),
        changeable=source["change"] == "until_accepted",
        window=_window(source["window"]) if "window" in source else None,
    )


def _window(source: dict[str, Any]) -> Window:
    _known(source, _WINDOW_KEYS, "a window")
    try:
        if fact(source["fact"]).kind != "date":
            raise BadSheet(f"a window counts from a date, and {source['fact']!r} is none")
    except UnknownFact:
        raise BadSheet(f"there is no fact {source['fact']!r}") from None
    return Window(source["fact"], source.get("earliest_days"), source.get("latest_days"), source["source"])


def _blank(source: dict[str, Any]) -> Blank:
    where = f"blank {source.get('name', '?')!r}"
    try:
        _known(source, _BLANK_KEYS, "a blank")
        if len({"say", "ask", "fixed"} & source.keys()) != 1:
            raise BadSheet("exactly one of say, ask and fixed is needed")
        return Blank(
            name=source["name"],
            label=source["label"],
            say=parse(source["say"]) if "say" in source else None,
            ask=_ask(source),
            fixed=source.get("fixed"),
            required=source.get("required", False),
            longest=source.get("longest"),
            longest_bytes=source.get("longest_bytes"),
            words=_words(source),
            help=source.get("help", ""),
            example=source.get("example", ""),
            pattern=_pattern(source.get("pattern", "")),
            pattern_help=source.get("pattern_help", ""),
            choices=tuple((code, word) for code, word in source.get("choices", ())),
        )
    except (BadPhrase, BadSheet) as error:
        raise BadSheet(f"{where}: {error}") from error
    except KeyError as error:
        raise BadSheet(f"{where}: {error.args[0]!r} is missing") from error


def _ask(source: dict[str, Any]) -> Ask | None:
    if "ask" not in source:
        return None
    for ask in get_args(Ask):
        if source["ask"] == ask:
            if (ask == "choice") != ("choices" in source):
                raise BadSheet('choices belong to ask = "choice", and to nothing else')
            return ask  # type: ignore[no-any-return]
    raise BadSheet(f"ask = {source['ask']!r} is not one of {', '.join(get_args(Ask))}")


def _words(source: dict[str, Any]) -> dict[str, str]:
    words = source.get("words", {})
    if words and "say" not in source:
        raise BadSheet("words belong to say, and to nothing else")
    if isinstance(words, str):
        if words not in TABLES:
            raise BadSheet(f"there is no table {words!r}; there are {', '.join(TABLES)}")
        return TABLES[words]
    if words:
        names = parse(source["say"]).facts()
        if len(names) != 1:
            raise BadSheet("words need a say of exactly one fact")
        _known(words, dict.fromkeys(dict(fact(names[0]).choices) or words, str), names[0])
    return dict(words)


def _pattern(source: str) -> str:
    try:
        re.compile(source)
    except re.error as error:
        raise BadSheet(f"the pattern cannot be read: {error}") from error
    return source
