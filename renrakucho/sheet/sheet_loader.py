"""Reading the forms: `providers/<slug>/<procedure>.toml` → Sheet."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, get_args

from renrakucho.fact.catalogue import fact_named
from renrakucho.lib.browser_encoding import ENCODINGS
from renrakucho.sheet.code_tables import TABLES
from renrakucho.sheet.form import BY_PHONE, PROCEDURES, Ask, Blank, Procedure, RuleCase, Sheet
from renrakucho.sheet.phrase import BadPhrase, parse_phrase
from renrakucho.sheet.rules_loader import Source, load_rules, load_window, load_workdays
from renrakucho.sheet.toml_keys import BadSheet, Kinds, key_errors, one_of, require_known_keys, text_list
from renrakucho.sheet.workdays import USUAL, Workdays

_SHEET_KEYS: Kinds = {
    **dict.fromkeys(("title", "source", "channel", "encoding", "change", "by_phone"), str),
    **dict.fromkeys(("workdays", "window", "rules"), dict),
    **{"version": int, "checked_on": date, "asked_there": list, "blank": list, "case": list},
}
_CASE_KEYS: Kinds = {"municipalities": list, "channel": str, "by_phone": str, "window": dict, "rules": dict}
_BLANK_KEYS: Kinds = {
    **dict.fromkeys(
        ("name", "label", "say", "ask", "fixed", "rest_of", "help", "example", "pattern", "pattern_help"), str
    ),
    **{"required": bool, "longest": int, "longest_bytes": int, "words": dict | str, "choices": list | str},
}
_NEEDED = "title version checked_on source channel change blank"
_CHANGES = ("until_accepted", "by_phone", "never")
_RULES: Mapping[str, Callable[..., object]] = {"window": load_window, "rules": load_rules}
T = TypeVar("T")


@lru_cache(maxsize=1024)
def load_sheets(folder: Path) -> dict[Procedure, Sheet]:
    """Every form in one provider's folder, by procedure. Raises BadSheet. Read once a process."""
    found = {name: folder / f"{name}.toml" for name in PROCEDURES}
    return {name: read_sheet(path) for name, path in found.items() if path.exists()}


def read_sheet(path: Path) -> Sheet:
    """One form. Raises BadSheet; its message begins with the folder's and the file's name."""
    return parse_sheet(path.read_text("utf-8"), path.parent.name, path.stem)


def parse_sheet(text: str, slug: str, procedure: str) -> Sheet:
    """The same from the text of such a file. Raises BadSheet."""
    try:
        return build_sheet(tomllib.loads(text), slug, procedure)
    except tomllib.TOMLDecodeError as error:
        raise BadSheet(f"{slug}/{procedure}.toml: {error}") from error
    except BadSheet as error:
        raise BadSheet(f"{slug}/{procedure}.toml: {error}", error.place) from error


def sheet_problems(source: dict[str, Any], slug: str, procedure: str) -> Iterator[BadSheet]:
    """All that is wrong with a form, as far as each part can be looked at by itself."""
    found = list(key_errors(source, _SHEET_KEYS, "a form", needed=_NEEDED))
    steps: list[Callable[[], object]] = []
    if not found:
        steps = [partial(_numbered, index, blank, ()) for index, blank in enumerate(source["blank"])]
        steps += [partial(_table, source, key, partial(part, work=USUAL)) for key, part in _RULES.items()]
        steps.append(partial(_table, source, "workdays", load_workdays))
        steps += [partial(_case, index, case, USUAL) for index, case in enumerate(source.get("case", ()))]
    for step in steps:
        try:
            step()
        except BadSheet as error:
            found.append(error)
    if not found:
        try:
            build_sheet(source, slug, procedure)
        except BadSheet as error:
            found.append(error)
    yield from found


def build_sheet(source: dict[str, Any], slug: str, procedure: str) -> Sheet:
    """The form that a TOML file says. Raises BadSheet."""
    require_known_keys(source, _SHEET_KEYS, "a form", needed=_NEEDED)
    encoding = source.get("encoding", "UTF-8")
    if encoding not in ENCODINGS:
        raise BadSheet(f"encoding {encoding!r} is not one of {', '.join(ENCODINGS)}", ("encoding",))
    slots = source.get("rules", {}).get("slots", {}).get("choices", ())
    blanks = tuple(_numbered(index, blank, slots) for index, blank in enumerate(source["blank"]))
    names = [blank.name for blank in blanks]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise BadSheet(f"two blanks are named {name!r}", ("blank", index, "name"))
    _rests(blanks)
    work = _table(source, "workdays", load_workdays) or USUAL
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
        asked_there=text_list(source, "asked_there"),
        change=one_of(source, "change", _CHANGES),
        window=_table(source, "window", lambda table: load_window(table, work)),
        rules=_table(source, "rules", lambda table: load_rules(table, work)),
        by_phone=_by_phone(source),
        cases=tuple(_case(index, case, work) for index, case in enumerate(source.get("case", ()))),
    )


def _table(source: dict[str, Any], key: str, read: Callable[[Source], T]) -> T | None:
    if key not in source:
        return None
    try:
        return read(source[key])
    except BadSheet as error:
        raise BadSheet(f"{key}: {error}", (key, *error.place)) from error


def _by_phone(source: dict[str, Any]) -> str:
    words: str = source.get("by_phone", "")
    if (source["channel"] == BY_PHONE) != bool(words):
        raise BadSheet(f'channel = "{BY_PHONE}" and by_phone, with what to say, belong together', ("channel",))
    return words


def _case(index: int, source: Any, work: Workdays) -> RuleCase:
    place: tuple[str | int, ...] = ("case", index)
    if not isinstance(source, dict):
        raise BadSheet("a case is a table under [[case]]", place)
    try:
        require_known_keys(source, _CASE_KEYS, "a case")
        municipalities, channel = text_list(source, "municipalities"), source.get("channel", "")
        if not municipalities and not channel:
            raise BadSheet("a case needs municipalities, or a channel: what is always so stands above")
        unreal = [name for name in municipalities if not name.startswith(tuple(TABLES["prefecture_code"]))]
        if unreal:
            raise BadSheet(f"{unreal[0]!r} does not begin with its prefecture", ("municipalities",))
        return RuleCase(
            municipalities=municipalities,
            channel=channel,
            by_phone=source.get("by_phone", ""),
            window=_table(source, "window", lambda table: load_window(table, work)),
            rules=_table(source, "rules", lambda table: load_rules(table, work)),
        )
    except BadSheet as error:
        raise BadSheet(f"case {index + 1}: {error}", (*place, *error.place)) from error


def _numbered(index: int, source: Any, slots: Iterable[Any] = ()) -> Blank:
    if not isinstance(source, dict):
        raise BadSheet("a blank is a table under [[blank]]", ("blank", index))
    try:
        return _blank(source, slots)
    except BadPhrase as error:
        raise BadSheet(f"blank {source['name']!r}: {error}", ("blank", index, "say")) from error
    except BadSheet as error:
        raise BadSheet(f"blank {source.get('name', '?')!r}: {error}", ("blank", index, *error.place)) from error


def _blank(source: dict[str, Any], slots: Iterable[Any]) -> Blank:
    require_known_keys(source, _BLANK_KEYS, "a blank", needed="name label")
    if len({"say", "ask", "fixed", "rest_of"} & source.keys()) != 1:
        raise BadSheet("exactly one of say, ask, fixed and rest_of is needed")
    return Blank(
        name=source["name"],
        label=source["label"],
        say=parse_phrase(source["say"]) if "say" in source else None,
        ask=_ask(source),
        fixed=source.get("fixed"),
        rest_of=source.get("rest_of", ""),
        required=source.get("required", False),
        longest=source.get("longest"),
        longest_bytes=source.get("longest_bytes"),
        words=_words(source),
        help=source.get("help", ""),
        example=source.get("example", ""),
        pattern=_pattern(source.get("pattern", "")),
        pattern_help=source.get("pattern_help", ""),
        choices=_choices(source.get("choices", ()), slots),
    )


def _rests(blanks: tuple[Blank, ...]) -> None:
    """What did not fit goes on in a blank further down, and in one alone. Raises BadSheet."""
    going_on: set[str] = set()
    for index, blank in enumerate(blanks):
        if not blank.rest_of:
            continue
        before = next((each for each in blanks[:index] if each.name == blank.rest_of), None)
        place = ("blank", index, "rest_of")
        if before is None:
            raise BadSheet(f"blank {blank.name!r}: no blank above it is named {blank.rest_of!r}", place)
        if not (before.say or before.rest_of) or before.words:
            raise BadSheet(f"blank {blank.name!r}: only what is said in words can go on, not {before.name!r}", place)
        if before.longest is None and before.longest_bytes is None:
            raise BadSheet(
                f"blank {blank.name!r}: {before.name!r} needs longest or longest_bytes to have a rest", place
            )
        if before.name in going_on:
            raise BadSheet(f"blank {blank.name!r}: {before.name!r} goes on in another blank already", place)
        going_on.add(before.name)


def _ask(source: dict[str, Any]) -> Ask | None:
    if "ask" not in source:
        return None
    ask: Ask = one_of(source, "ask", get_args(Ask))
    if (ask == "choice") != ("choices" in source):
        raise BadSheet('choices belong to ask = "choice", and to nothing else', ("ask",))
    return ask


def _choices(source: Iterable[Any], slots: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    if isinstance(source, str):
        if source != "slots":
            raise BadSheet('choices are pairs of a code and a word, or "slots": those of the rules', ("choices",))
        source = [(slot, slot) for slot in slots]
    try:
        return tuple((str(code), str(word)) for code, word in source)
    except (TypeError, ValueError):
        raise BadSheet('choices are pairs of a code and a word: [["1", "yes"]]', ("choices",)) from None


def _words(source: dict[str, Any]) -> dict[str, str]:
    words = source.get("words", {})
    if words and "say" not in source:
        raise BadSheet("words belong to say, and to nothing else", ("words",))
    if isinstance(words, str):
        if words not in TABLES:
            raise BadSheet(f"there is no table {words!r}; there are {', '.join(TABLES)}", ("words",))
        return TABLES[words]
    if words:
        names = parse_phrase(source["say"]).facts()
        if len(names) != 1:
            raise BadSheet("words need a say of exactly one fact", ("words",))
        try:
            require_known_keys(words, dict.fromkeys(dict(fact_named(names[0]).choices) or words, str), names[0])
        except BadSheet as error:
            raise BadSheet(str(error), ("words",)) from error
    return dict(words)


def _pattern(source: str) -> str:
    try:
        re.compile(source)
    except re.error as error:
        raise BadSheet(f"the pattern cannot be read: {error}", ("pattern",)) from error
    return source
