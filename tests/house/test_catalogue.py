"""The catalogues are complete: every text of the public pages, and nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bootstrap.messages import (
    PACKAGE,
    catalogue_files,
    extract_messages,
    read_catalogue,
    untranslated,
    update_catalogue,
)

CATALOGUES = list(catalogue_files())
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
Key = tuple[str | None, tuple[str, ...]]


@pytest.fixture(scope="module")
def found() -> Catalog:
    return extract_messages()


def keys(catalogue: Catalog) -> set[Key]:
    return {(message.context, texts(message.id)) for message in catalogue if message.id}


def texts(said: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def language(path: Path) -> str:
    return path.parts[-3]


def test_english_is_among_them() -> None:
    assert "en" in map(language, CATALOGUES)


def test_texts_of_every_public_room_are_found_and_of_no_other(found: Catalog) -> None:
    rooms = {"/".join(Path(place).parts[1:3]) for message in found for place, _line in message.locations}
    assert {"faces/book", "faces/directory", "page/jinja2", "fact/catalogue.py", "config/settings.py"} <= rooms
    data = {place for message in found for place, _line in message.locations if place.endswith(".toml")}
    assert {"directory/help_lines.toml", "directory/move_tasks.toml", "providers/tepco-ep/stop.toml"} <= data
    assert not {"faces/desk", "faces/answer", "faces/api", "mail/write.py", "paper/words.py"} & rooms


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_catalogue_is_up_to_date(found: Catalog, path: Path) -> None:
    """`make messages` brings it up to date."""
    there, wanted = keys(read_catalogue(path)), keys(found)
    assert (wanted - there, there - wanted) == (set(), set())


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_every_text_is_translated(path: Path) -> None:
    """Into English at once. Who writes a new text may not know the others: those follow before it is a fiftieth."""
    catalogue = read_catalogue(path)
    lacking = untranslated(catalogue)
    assert len(lacking) * 50 <= len(catalogue) * (language(path) != "en"), lacking


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_a_translation_has_the_placeholders_of_its_text(path: Path) -> None:
    different = [
        (message.id, said)
        for message in read_catalogue(path)
        for said in texts(message.string)
        if message.id and said and set(PLACEHOLDER.findall(texts(message.id)[0])) != set(PLACEHOLDER.findall(said))
    ]
    assert different == []


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_no_translation_has_space_around_it_that_its_text_has_not(path: Path) -> None:
    """Separators have: they stand between two texts."""
    spaced = {message.id for message in read_catalogue(path) for said in texts(message.string) if said != said.strip()}
    assert spaced - {""} <= {"・", "、", "エラー："}


@pytest.mark.parametrize("path", CATALOGUES, ids=language)
def test_no_translation_says_itself_twice(path: Path) -> None:
    halves = {
        (said[: len(said) // 2], said[len(said) // 2 :]) for one in read_catalogue(path) for said in texts(one.string)
    }
    assert [first for first, second in halves if first == second and len(first) > 10] == []


def test_a_new_text_and_a_changed_one_are_left_to_translate(tmp_path: Path) -> None:
    path = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    first, second = Catalog(), Catalog()
    first.add("町")
    first.add("町名")
    update_catalogue(path, first)
    path.write_text(path.read_text(encoding="utf-8").replace('msgid "町"\nmsgstr ""', 'msgid "町"\nmsgstr "Town"'))
    second.add("町")
    second.add("町の名前")
    updated = update_catalogue(path, second)
    assert untranslated(updated) == ["町の名前"]
    assert keys(read_catalogue(path)) == keys(second)


def test_the_package_takes_compiled_catalogues_along() -> None:
    project = (PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert '"locale/*/LC_MESSAGES/*.mo"' in project
