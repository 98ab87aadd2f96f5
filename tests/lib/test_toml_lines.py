import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from renrakucho.lib.toml_lines import Place, grammar_mistake, toml_line_of

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "providers").glob("*/*.toml"))
TEXT = '''title = "a" # [no.table]
long = """
title = "b"
[[blank]]
"""
[[blank]]
name = "x"
[blank.words]
"千 代" = "1"
b.c = "2"
[[blank]]
words = { "x" = "y" }
choices = [
  ["1", "2"],
]
[rules.fee]
yen = 1
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 1),
        (("long",), 2),
        (("blank",), 6),
        (("blank", 0), 6),
        (("blank", 0, "name"), 7),
        (("blank", 0, "words"), 8),
        (("blank", 0, "words", "千 代"), 9),
        (("blank", 0, "words", "b"), 10),
        (("blank", 0, "words", "b", "c"), 10),
        (("blank", 1, "words", "x"), 12),
        (("blank", 1, "choices", 0), 13),
        (("blank", 1, "missing"), 11),
        (("rules", "fee", "yen"), 17),
        (("rules", "attendance"), 1),
        ((), 1),
    ],
)
def test_a_key_is_found_in_its_line(place: Place, line: int) -> None:
    tomllib.loads(TEXT)
    assert toml_line_of(TEXT, place) == line


def test_a_long_text_that_ends_in_its_own_line_hides_no_key() -> None:
    assert toml_line_of('a = """1"""\nb = 2\n', ("b",)) == 2


def keys(source: Any, place: Place = ()) -> Iterator[Place]:
    pairs = source.items() if isinstance(source, dict) else enumerate(source) if isinstance(source, list) else ()
    for key, value in pairs:
        if isinstance(source, dict) or isinstance(value, dict):
            yield (*place, key)
            yield from keys(value, (*place, key))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_key_of_the_providers_is_found(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    places = list(keys(tomllib.loads(text)))
    assert places
    for place in places:
        written = lines[toml_line_of(text, place) - 1]
        name = place[-1] if isinstance(place[-1], str) else place[-2]
        assert str(name) in written, place


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\n\n[[b\n", 3), ('a = """\n\n', 2)])
def test_a_syntax_error_has_its_line(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)
    mistake = grammar_mistake(text, error.value)
    assert mistake.line == line
    assert mistake.message.startswith("this is no TOML: ")
    assert "(at" not in mistake.message


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('a = "b', 'a text has no closing "'),
        ("a = “b”", "straight quotes"),
        ("a ＝ 1", "half width"),
        ("　a = 1", "half width"),
        ("a = True", "true or false, in small letters"),
        ("a = 2026/11/22", "a date is written 2026-11-22"),
        ("a = 17:00", "a time is written 17:00:00"),
        ("a = 0123", 'a text: "012"'),
        ("a = 水道", "texts stand in quotes"),
        ("x = 1\nx = 2", "the same key stands above"),
        ("[blank]\n[blank]", "two brackets: [[blank]]"),
        ("\ufeffa = 1", "byte order mark"),
    ],
)
def test_a_usual_slip_gets_a_hint(line: str, hint: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(f"{line}\n")
    told = grammar_mistake(f"{line}\n", error.value)
    assert hint in told.message
    assert told.line == line.count("\n") + 1
