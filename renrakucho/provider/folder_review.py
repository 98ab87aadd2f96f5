"""Validation of a provider.toml: every mistake with its line, for whoever writes one."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from renrakucho.lib.message_text import did_you_mean
from renrakucho.lib.phone import BadPhone, parse_phone
from renrakucho.lib.toml_lines import TomlMistake, grammar_mistake, toml_line_of
from renrakucho.provider.models import Industry

SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_TEXTS = ("name", "kana", "english", "industry", "homepage", "moving_page", "source", "named_in_2005", "since_2005")
_KINDS: dict[str, tuple[type, str]] = {
    **dict.fromkeys(_TEXTS, (str, "a text")),
    **dict.fromkeys(("directory_ids", "phones", "serves"), (list, "a list of texts")),
    **{"nationwide": (bool, "true or false"), "checked_on": (date, "a date like 2026-11-22")},
}
_NEEDED = ("name", "kana", "english", "industry", "phones", "homepage", "checked_on", "source")


def folder_mistakes(path: Path) -> list[TomlMistake]:
    """Every mistake in the file, in the order of its lines."""
    text = path.read_text("utf-8")
    try:
        source = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [grammar_mistake(text, error)]
    found = list(_shape(source)) or list(_content(source, path.parent.name))
    return sorted(TomlMistake(toml_line_of(text, (key,)), message) for key, message in found)


def _shape(source: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in source.items():
        if key not in _KINDS:
            yield key, f"there is no key {key!r}; {did_you_mean(key, sorted(_KINDS))}"
            continue
        kind, words = _KINDS[key]
        of_texts = kind is not list or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        if not isinstance(value, kind) or isinstance(value, datetime) or not of_texts:
            yield key, f"{key} is not {words}"
    yield from ((key, f"{key!r} is missing") for key in _NEEDED if key not in source)


def _content(source: dict[str, Any], slug: str) -> Iterator[tuple[str, str]]:
    if not SLUG.fullmatch(slug):
        yield "", f"the folder's name {slug!r} is not made of small letters, digits and single hyphens"
    yield from ((key, f"{key} is empty") for key in _NEEDED if source[key] == "")
    if not re.fullmatch("[ァ-ヶー・ ]*", source["kana"]):
        yield "kana", "kana is not written in katakana of full width"
    if not source["english"].isascii():
        yield "english", "english is not written in ASCII"
    if source["industry"] not in Industry.values:
        yield "industry", f"industry {source['industry']!r} is not one of {', '.join(Industry.values)}"
    for number in source["phones"]:
        if not _can_be_called(number):
            yield "phones", f"{number!r} is no phone number with hyphens, like 03-1234-5678"
    for key in ("homepage", "moving_page"):
        if source.get(key) and not re.fullmatch(r"https?://\S+", source[key]):
            yield key, f"{key} does not begin with https:// or http://"
    for code in source.get("serves", ()):
        if not re.fullmatch("[0-9]{5}", code):
            yield "serves", f"{code!r} is no municipality code of five digits, like 27127"
    placed = bool(source.get("directory_ids") or source.get("serves"))
    if placed == source.get("nationwide", False):
        yield "nationwide", "either nationwide is true, or directory_ids or serves say where it is found; not both"


def _can_be_called(number: str) -> bool:
    try:
        return parse_phone(number).digits == number.replace("-", "")
    except BadPhone:
        return False
