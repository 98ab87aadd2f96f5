"""Review of a sheet's TOML for its author: every mistake with its line, and values that contradict each other."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.lib.browser_encoding import byte_length, unencodable_characters
from renrakucho.lib.toml_lines import Place, TomlMistake, grammar_mistake, toml_line_of
from renrakucho.lib.width import to_ascii_width
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.procedure import day_fact, ends_of_move, required_days
from renrakucho.sheet.sheet_loader import read_sheet, sheet_problems

Found = Iterator[tuple[Place, str]]

_SECRETS_ASKED = re.compile("マイ・?ナンバー|個人番号|カード(の)?番号|暗証|パスワード|セキュリティ・?コード")
LONGEST = 2000  # characters or bytes of any blank


def sheet_mistakes(path: Path) -> list[TomlMistake]:
    """Every mistake of the file, in the order of its lines."""
    text = path.read_text("utf-8")
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [grammar_mistake(text, error)]
    found = [(error.place, str(error)) for error in sheet_problems(source, path.parent.name, path.stem)]
    found = found or list(_contradictions(read_sheet(path)))
    return sorted(TomlMistake(toml_line_of(text, place), message) for place, message in found)


def _contradictions(sheet: Sheet) -> Found:
    if sheet.version < 1:
        yield ("version",), "version counts from 1"
    yield from (((key,), f"{key} is empty") for key in ("title", "source") if not getattr(sheet, key))
    days = required_days(sheet.procedure) or (day_fact(sheet.procedure),)
    for name in (*days, *(f"{end}.block" for end in ends_of_move(sheet.procedure))):
        if name not in sheet.facts():
            yield ("blank",), f"no blank says {name}, which the provider cannot do without"
    for key, window in (("window", sheet.window), ("arriving_window", sheet.arriving_window)):
        if window and window.fact not in sheet.facts():
            yield (key, "fact"), f"the window binds {window.fact}, which no blank says"
    yield from _rule_contradictions(sheet)
    yield from _channel_contradictions(sheet)
    labels = Counter(blank.label for blank in sheet.blanks)
    for index, blank in enumerate(sheet.blanks):
        if labels[blank.label] > 1:
            yield (
                ("blank", index, "label"),
                f"several blanks have the label {blank.label!r}: nobody can tell them apart",
            )
        for key, message in _blank_mistakes(blank, sheet.encoding):
            yield ("blank", index, key), f"blank {blank.name!r}: {message}"


def _rule_contradictions(sheet: Sheet) -> Found:
    """Contradictions between the rules and the blanks."""
    slots, without = (sheet.rules.slots, sheet.rules.without_number) if sheet.rules else (None, None)
    wishes = [index for index, blank in enumerate(sheet.blanks) if sheet.is_wish(blank)]
    if slots and len(wishes) > slots.wishes:
        yield (
            ("blank", wishes[slots.wishes], "choices"),
            f"the rules take only wishes = {slots.wishes}",
        )
    for index, blank in enumerate(sheet.blanks):
        if without and blank.ask and blank.label == without.number and blank.required == (without.way != "phone_only"):
            needed = "true" if without.way == "phone_only" else "false"
            message = f'without_number says way = "{without.way}", so {blank.name!r} needs required = {needed}'
            yield ("blank", index, "required"), message


def _channel_contradictions(sheet: Sheet) -> Found:
    own = [index for index, blank in enumerate(sheet.blanks) if blank.ask]
    if sheet.carried:
        for index in own:
            yield ("blank", index, "ask"), "the page of a web link asks its own items itself; name it in asked_there"
        if sheet.changeable:
            yield ("change",), 'what went by web link cannot be changed here; change = "by_phone" or "never"'
    else:
        if sheet.encoding != "UTF-8":
            yield ("encoding",), "encoding is for a web link; all else travels in UTF-8"
        if sheet.asked_there:
            yield ("asked_there",), 'asked_there is for a web link; here the book asks: a blank with ask = "text"'


def _blank_mistakes(blank: Blank, encoding: str) -> Iterator[tuple[str, str]]:
    yield from _empty_names(blank)
    yield from _length_mistakes(blank)
    yield from _code_mistakes(blank, encoding)
    yield from _own_item_mistakes(blank)


def _empty_names(blank: Blank) -> Iterator[tuple[str, str]]:
    yield from ((key, f"{key} is empty") for key in ("name", "label") if not getattr(blank, key))


def _length_mistakes(blank: Blank) -> Iterator[tuple[str, str]]:
    for key in ("longest", "longest_bytes"):
        limit = getattr(blank, key)
        if limit is not None and not 1 <= limit <= LONGEST:
            yield key, f"{key} is not between 1 and {LONGEST}"


def _code_mistakes(blank: Blank, encoding: str) -> Iterator[tuple[str, str]]:
    codes = {"fixed": [blank.fixed or ""], "words": [*blank.words.values()]}
    codes["choices"] = [code for code, _ in blank.choices]
    for key, texts in codes.items():
        for text in texts:
            if unencodable_characters(text, encoding):
                yield key, f"{text!r} cannot be said in {encoding}"
            elif blank.longest is not None and len(text) > blank.longest:
                yield key, f"{text!r} is longer than longest = {blank.longest}"
            elif blank.longest_bytes is not None and byte_length(text, encoding) > blank.longest_bytes:
                yield key, f"{text!r} is longer than longest_bytes = {blank.longest_bytes}"
        if key == "choices" and len(set(texts)) < len(texts):
            yield key, "two choices have the same code"
    for name in blank.facts():
        lacking = [code for code, _ in CATALOGUE[name].choices if code not in blank.words]
        if lacking:
            yield "words" if blank.words else "say", f"words have no code for {', '.join(lacking)} of {name}"


def _own_item_mistakes(blank: Blank) -> Iterator[tuple[str, str]]:
    if blank.pattern and not blank.pattern_help:
        yield "pattern", "pattern_help has to say the pattern in words"
    if not blank.ask or blank.ask == "choice":
        return
    if _SECRETS_ASKED.search(blank.label):
        yield "label", "no form here may ask for a My Number, a card number or a password"
    if not (blank.help and blank.example):
        yield "ask", "help says where the mover finds the answer, and example shows one; both are needed"
    if blank.longest is None and blank.longest_bytes is None:
        yield "ask", "longest is needed: how many characters the answer may have"
    if blank.pattern and blank.example and not re.fullmatch(blank.pattern, to_ascii_width(blank.example)):
        yield "example", f"the example {blank.example!r} does not fit the pattern"
    if blank.longest is not None and len(blank.example) > blank.longest:
        yield "example", f"the example is longer than longest = {blank.longest}"
