"""Documents name only commands, modules and functions that exist."""

import re

import pytest

from renrakucho.config.command import NOUNS, noun_command
from tests.house.documents import PACKAGE, ROOT, documents, top_level_names

PATH = (ROOT / "docs" / "path.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^\*\*([a-z]+)\*\*(.*?)(?=\n\n)", PATH, re.MULTILINE | re.DOTALL)
STEPS = re.findall(r"^ {4}(?:  → )?(\w+)(?:\([^)]*\))?(?: / (\w+))? +([a-z]+)  ", PATH, re.MULTILINE)
COMMAND = re.compile(r"(?:^ {4,}|`|/)renrakucho (?!renrakucho)([a-z_]+)(?: ([a-z]+))?", re.MULTILINE)


def named_commands() -> list[tuple[str, str, str]]:
    """Every command line in a document but the changelog, which names old ones too: document, noun, verb."""
    return [
        (document, noun, verb)
        for document, text in documents()
        if document != "CHANGELOG.md"
        for noun, verb in COMMAND.findall(text)
    ]


def test_commands_in_documents_exist() -> None:
    found = named_commands()
    assert len(found) > 20
    verbs = {noun: {verb for verb, _text in noun_command(noun).verb_lines()} for noun in NOUNS}
    wrong = [
        f"{document}: renrakucho {noun} {verb}"
        for document, noun, verb in found
        if noun not in (*NOUNS, "run", "django") or (noun in NOUNS and verb and verb not in verbs[noun])
    ]
    assert wrong == []


def test_the_steps_of_the_path_are_functions_of_their_rooms() -> None:
    steps = [(name, room) for first, second, room in STEPS for name in (first, second) if name]
    assert len(steps) >= 10
    wrong = [
        f"{room}: {name}"
        for name, room in steps
        if not any(name in top_level_names(path) for path in (PACKAGE / room).rglob("*.py"))
    ]
    assert wrong == []


@pytest.mark.parametrize(("room", "text"), ROOMS, ids=[room for room, _text in ROOMS])
def test_what_the_path_names_in_a_room_is_there(room: str, text: str) -> None:
    """A word in backticks is a module, a folder or a name of the room."""
    modules = list((PACKAGE / room).rglob("*.py"))
    there = {path.stem for path in modules} | {path.parent.name for path in modules}
    names = {name for path in modules for name in top_level_names(path)}
    named = set(re.findall(r"`(\w+)`", text))
    assert named <= there | names


def test_the_path_names_every_module_folder_of_channel_and_faces() -> None:
    texts = dict(ROOMS)
    for room in ("channel", "faces"):
        folders = {path.parent.name for path in (PACKAGE / room).glob("*/__init__.py")}
        assert folders
        assert folders <= set(re.findall(r"`(\w+)`", texts[room]))
