"""Loader of sheets: `providers/<slug>/<procedure>.toml` → Sheet."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from renrakucho.fact.catalogue import CLAIM_FACTS, CLAIM_NAMES, HOLDER_NAME, fact_named
from renrakucho.lib.browser_encoding import ENCODINGS
from renrakucho.lib.message_text import did_you_mean
from renrakucho.sheet.assurance import USUAL_NUMBER, AssuranceRule, known_claims, usual_check
from renrakucho.sheet.code_tables import TABLES
from renrakucho.sheet.form import BY_PHONE, CARRIED, PROCEDURES, Blank, Procedure, RuleCase, Sheet
from renrakucho.sheet.phrase import BadPhrase, parse_phrase
from renrakucho.sheet.procedure import ends_of_move, required_days
from renrakucho.sheet.rules_loader import Source, load_rules, load_window, load_workdays
from renrakucho.sheet.toml_keys import BadSheet, checked_table, key_errors, read_nested, table_errors
from renrakucho.sheet.toml_tables import AssuranceTable, BlankTable, CaseTable, SheetTable
from renrakucho.sheet.workdays import USUAL, Workdays

_RULES: Mapping[str, Callable[..., object]] = {
    "window": load_window,
    "arriving_window": load_window,
    "rules": load_rules,
}


@lru_cache(maxsize=1024)
def load_sheets(folder: Path) -> dict[Procedure, Sheet]:
    """Every form in one provider's folder, by procedure, read once a process. Raises BadSheet."""
    found = {name: folder / f"{name}.toml" for name in PROCEDURES}
    return {name: read_sheet(path) for name, path in found.items() if path.exists()}


def read_sheet(path: Path) -> Sheet:
    """Read a form from its file. Raises BadSheet; its message begins with the folder's and the file's name."""
    return parse_sheet(path.read_text("utf-8"), path.parent.name, path.stem)


def parse_sheet(text: str, slug: str, procedure: str) -> Sheet:
    """Read a form from its file's text. Raises BadSheet; its message begins with the folder's and the file's name."""
    try:
        return build_sheet(tomllib.loads(text), slug, procedure)
    except tomllib.TOMLDecodeError as error:
        raise BadSheet(f"{slug}/{procedure}.toml: {error}") from error
    except BadSheet as error:
        raise BadSheet(f"{slug}/{procedure}.toml: {error}", error.place) from error


def sheet_problems(source: dict[str, Any], slug: str, procedure: str) -> Iterator[BadSheet]:
    """Every error of a form: each part is read by itself, and the whole once the parts are right."""
    found = list(table_errors(source, SheetTable, "a form"))
    faulty = {key for error in found for key in error.place}
    sound = {key: value for key, value in source.items() if key not in faulty}
    steps: list[Callable[[], object]] = []
    steps += [partial(_read_blank, index, blank) for index, blank in enumerate(sound.get("blank", ()))]
    steps += [partial(read_nested, sound, key, partial(read, work=USUAL)) for key, read in _RULES.items()]
    steps.append(partial(read_nested, sound, "workdays", load_workdays))
    steps += [partial(_read_case, index, case, USUAL) for index, case in enumerate(sound.get("case", ()))]
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
    """The form in a parsed TOML file. Raises BadSheet."""
    table = checked_table(source, SheetTable, "a form")
    encoding = table.get("encoding", "UTF-8")
    if encoding not in ENCODINGS:
        raise BadSheet(f"encoding {encoding!r} is not one of {', '.join(ENCODINGS)}", ("encoding",))
    work = read_nested(source, "workdays", load_workdays) or USUAL
    rules = read_nested(source, "rules", lambda part: load_rules(part, work))
    slots = rules.slots.choices if rules and rules.slots else ()
    blanks = tuple(_read_blank(index, blank, slots) for index, blank in enumerate(table["blank"]))
    names = [blank.name for blank in blanks]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise BadSheet(f"two blanks are named {name!r}", ("blank", index, "name"))
    _check_rests(blanks)
    sheet = Sheet(
        provider=slug,
        procedure=_known_procedure(procedure),
        title=table["title"],
        version=table["version"],
        checked_on=table["checked_on"],
        source=table["source"],
        channel=table["channel"],
        encoding=encoding,
        blanks=blanks,
        asked_there=tuple(table.get("asked_there", ())),
        change=table["change"],
        window=read_nested(source, "window", lambda part: load_window(part, work)),
        arriving_window=read_nested(source, "arriving_window", lambda part: load_window(part, work)),
        rules=rules,
        by_phone=_phone_advice(table),
        cases=tuple(_read_case(index, case, work) for index, case in enumerate(table.get("case", ()))),
        assurance=_read_assurance(source, procedure, blanks),
    )
    _check_ends(sheet)
    return sheet


def _known_procedure(procedure: str) -> Procedure:
    for name in PROCEDURES:
        if name == procedure:
            return name
    raise BadSheet(f"there is no procedure {procedure!r}; {did_you_mean(procedure, PROCEDURES)}")


def _check_ends(sheet: Sheet) -> None:
    """Check that only a form for both ends has a window for each, and that such a form has no cases by municipality."""
    arriving, both = sheet.arriving_window, len(ends_of_move(sheet.procedure)) > 1
    if arriving and (not both or arriving.fact != required_days(sheet.procedure)[-1]):
        raise BadSheet(
            "arriving_window binds the day of arriving, in a form that takes stop and start together",
            ("arriving_window",),
        )
    for index, case in enumerate(sheet.cases):
        if both and (case.municipalities or case.window):
            raise BadSheet("a form for both ends has the same windows in all municipalities", ("case", index))


def _read_assurance(source: Source, procedure: str, blanks: tuple[Blank, ...]) -> AssuranceRule:
    """[assurance], or what is usual where it is left out. Only an own item can be the customer number, and only where
    the portal delivers can it hold back what lacks a login.
    """
    table: AssuranceTable = read_nested(source, "assurance", _assurance_table) or {}
    asked = [blank.name for blank in blanks if blank.ask == "text"]
    number = table.get("number", USUAL_NUMBER if USUAL_NUMBER in asked else "")
    if number and number not in asked:
        words = f'no blank with ask = "text" is named {number!r}; {did_you_mean(number, asked)}'
        raise BadSheet(f"assurance: {words}", ("assurance", "number"))
    login = known_claims(table.get("login", ()))
    if login and source["channel"] in (CARRIED, BY_PHONE):
        words = "login is for what the portal delivers: here the provider itself sees who it is"
        raise BadSheet(f"assurance: {words}", ("assurance", "login"))
    said = {fact for blank in blanks for fact in blank.facts()}
    for claim, facts in CLAIM_FACTS.items():
        if claim in login and not said.issuperset(facts):
            missing = ", ".join(fact for fact in facts if fact not in said)
            words = f"login cannot prove {claim!r}: the form does not say {missing}"
            raise BadSheet(f"assurance: {words}", ("assurance", "login"))
    return AssuranceRule(number, table.get("check", usual_check(procedure)), login)


def _assurance_table(source: Source) -> AssuranceTable:
    table = checked_table(source, AssuranceTable, "assurance")
    for name in table.get("login", ()):
        if name not in CLAIM_NAMES:
            raise BadSheet(f"no login proves {name!r}; {did_you_mean(name, CLAIM_NAMES)}", ("login",))
    if "login" in table and HOLDER_NAME not in table["login"]:
        raise BadSheet(f'login needs "{HOLDER_NAME}": an address alone proves nobody', ("login",))
    return table


def _phone_advice(table: SheetTable) -> str:
    advice = table.get("by_phone", "")
    if (table["channel"] == BY_PHONE) != bool(advice):
        raise BadSheet(f'channel = "{BY_PHONE}" and by_phone, with what to say, belong together', ("channel",))
    return advice


def _read_case(index: int, source: Any, work: Workdays) -> RuleCase:
    place: tuple[str | int, ...] = ("case", index)
    if not isinstance(source, dict):
        raise BadSheet("a case is a table under [[case]]", place)
    try:
        table = checked_table(source, CaseTable, "a case")
        municipalities, channel = tuple(table.get("municipalities", ())), table.get("channel", "")
        if not municipalities and not channel:
            raise BadSheet("a case needs municipalities, or a channel: what is always so stands above")
        unreal = [name for name in municipalities if not name.startswith(tuple(TABLES["prefecture_code"]))]
        if unreal:
            raise BadSheet(f"{unreal[0]!r} does not begin with its prefecture", ("municipalities",))
        return RuleCase(
            municipalities=municipalities,
            channel=channel,
            by_phone=table.get("by_phone", ""),
            window=read_nested(source, "window", lambda part: load_window(part, work)),
            rules=read_nested(source, "rules", lambda part: load_rules(part, work)),
        )
    except BadSheet as error:
        raise BadSheet(f"case {index + 1}: {error}", (*place, *error.place)) from error


def _read_blank(index: int, source: Any, slots: Iterable[str] = ()) -> Blank:
    if not isinstance(source, dict):
        raise BadSheet("a blank is a table under [[blank]]", ("blank", index))
    try:
        return _blank(source, slots)
    except BadPhrase as error:
        raise BadSheet(f"blank {source['name']!r}: {error}", ("blank", index, "say")) from error
    except BadSheet as error:
        raise BadSheet(f"blank {source.get('name', '?')!r}: {error}", ("blank", index, *error.place)) from error


def _blank(source: Source, slots: Iterable[str]) -> Blank:
    table = checked_table(source, BlankTable, "a blank")
    if len({"say", "ask", "fixed", "rest_of"} & table.keys()) != 1:
        raise BadSheet("exactly one of say, ask, fixed and rest_of is needed")
    if (table.get("ask") == "choice") != ("choices" in table):
        raise BadSheet('choices belong to ask = "choice", and to nothing else', ("ask",))
    return Blank(
        name=table["name"],
        label=table["label"],
        say=parse_phrase(table["say"]) if "say" in table else None,
        ask=table.get("ask"),
        fixed=table.get("fixed"),
        rest_of=table.get("rest_of", ""),
        required=table.get("required", False),
        longest=table.get("longest"),
        longest_bytes=table.get("longest_bytes"),
        words=_words(table),
        help=table.get("help", ""),
        example=table.get("example", ""),
        pattern=_pattern(table.get("pattern", "")),
        pattern_help=table.get("pattern_help", ""),
        choices=_choices(table.get("choices", ()), slots),
    )


def _check_rests(blanks: tuple[Blank, ...]) -> None:
    """Check every `rest_of`: it names a blank above with a limit, and each blank goes on in one other only."""
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


def _choices(source: Iterable[Any], slots: Iterable[str]) -> tuple[tuple[str, str], ...]:
    if isinstance(source, str):
        if source != "slots":
            raise BadSheet('choices are pairs of a code and a word, or "slots": those of the rules', ("choices",))
        source = [(slot, slot) for slot in slots]
    try:
        return tuple((str(code), str(word)) for code, word in source)
    except (TypeError, ValueError):
        raise BadSheet('choices are pairs of a code and a word: [["1", "yes"]]', ("choices",)) from None


def _words(table: BlankTable) -> dict[str, str]:
    words = table.get("words", {})
    if words and "say" not in table:
        raise BadSheet("words belong to say, and to nothing else", ("words",))
    if isinstance(words, str):
        if words not in TABLES:
            raise BadSheet(f"there is no table {words!r}; there are {', '.join(TABLES)}", ("words",))
        return TABLES[words]
    if words:
        match parse_phrase(table["say"]).facts():
            case (fact,):
                known = dict.fromkeys(dict(fact_named(fact).choices) or words, str)
            case _:
                raise BadSheet("words need a say of exactly one fact", ("words",))
        for error in key_errors(words, known, fact):
            raise BadSheet(str(error), ("words",))
    return dict(words)


def _pattern(source: str) -> str:
    try:
        re.compile(source)
    except re.error as error:
        raise BadSheet(f"the pattern cannot be read: {error}", ("pattern",)) from error
    return source
