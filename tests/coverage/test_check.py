"""The tables have no problems, and the check finds those that a test makes."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from renrakucho.coverage.directory_check import check_directory
from renrakucho.coverage.table_reader import DIRECTORY
from renrakucho.coverage.table_specs import TABLES
from tests.coverage.cast import change_line, copied_directory, line_of


def test_the_directory_has_no_problems() -> None:
    assert [str(problem) for problem in check_directory(DIRECTORY)] == []


def test_every_file_is_a_known_table_small_enough_to_review() -> None:
    there = {str(path.relative_to(DIRECTORY)) for path in DIRECTORY.rglob("*") if path.is_file()}
    read_by_the_timeline = {"move_tasks.toml", "help_lines.toml"}
    assert there - {"README.md"} - read_by_the_timeline == {table.file for table in TABLES}
    assert [path for path in DIRECTORY.rglob("*.csv") if path.stat().st_size > 1_000_000] == []


@pytest.mark.parametrize(
    ("file", "row", "old", "new", "said"),
    [
        ("providers.csv", {"id": "tokyo-gas"}, "tokyo-gas,", "Tokyo Gas,", "id: 'Tokyo Gas' is not in its form"),
        ("providers.csv", {"id": "tokyo-gas"}, ",gas,", ",heat,", "industry: 'heat' is not in its form"),
        ("providers.csv", {"id": "tokyo-gas"}, "東京ガス", " 東京ガス", "name: space around it"),
        ("providers.csv", {"id": "tokyo-gas"}, "gas-list", "nowhere", "source: 'nowhere' is not in sources.csv"),
        ("providers.csv", {"id": "tokyo-gas"}, "unofficial", "official", "confidence: official, but its source is"),
        ("providers.csv", {"id": "tokyo-gas"}, "2025-12-08", "8.12.2025", "as_of: '8.12.2025' is not in its form"),
        ("providers.csv", {"id": "tokyo-gas"}, "tokyo-gas", "a-gas", "is out of order: a-gas comes before"),
        ("contacts.csv", {"provider": "mito-water", "kind": "phone"}, "029-222-3258", "水戸市", "value: '水戸市'"),
        ("coverage/water.csv", {"municipality": "08201"}, "08201", "08999", "municipality: '08999' is not in"),
        ("coverage/water.csv", {"municipality": "08201"}, "水戸市", "水戸", "name: 08201 is 水戸市"),
        ("coverage/water.csv", {"municipality": "08201"}, "mito-water", "tobu-gas", "provider: tobu-gas is of gas"),
        ("coverage/water.csv", {"municipality": "08201"}, "whole", "none", "a provider is named unless"),
        ("coverage/water.csv", {"municipality": "08201"}, "whole", "listed", "extent: listed, but no town is listed"),
    ],
)
def test_a_problem_is_found_on_its_line(
    tmp_path: Path, file: str, row: dict[str, str], old: str, new: str, said: str
) -> None:
    directory = copied_directory(tmp_path)
    line = line_of(directory / file, **row)
    change_line(directory / file, line, old, new)
    problems = [problem for problem in check_directory(directory) if problem.file == file]
    assert any(problem.line == line and problem.text.startswith(said) for problem in problems), problems


def test_a_duplicate_row_is_a_problem(tmp_path: Path) -> None:
    directory = copied_directory(tmp_path)
    path = directory / "providers.csv"
    line = line_of(path, id="tokyo-gas")
    lines = path.read_text(encoding="utf-8").split("\n")
    lines.insert(line, lines[line - 1])
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [str(p) for p in check_directory(directory)] == [f"providers.csv:{line + 1}: is there twice: tokyo-gas"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text.replace(b"\n", b"\r\n"), "1: lines end with LF alone"),
        (lambda text: text.replace("東京ガス".encode(), "東京ガス".encode("cp932")), "0: not UTF-8 at byte"),
        (lambda text: text.replace(b"id,industry", b"id,trade", 1), "1: the columns are id,industry,name"),
        (lambda text: text.replace(b",gas,", b",gas,more,", 1), "9 values, but 8 columns"),
        (lambda text: text + b'"', "unexpected end of data"),
    ],
)
def test_a_file_that_is_no_table_is_a_problem(tmp_path: Path, damage: object, said: str) -> None:
    directory = copied_directory(tmp_path)
    path = directory / "providers.csv"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    (problem,) = check_directory(directory)
    assert said in str(problem)


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    directory = copied_directory(tmp_path)
    (directory / "links.csv").unlink()
    assert [str(problem) for problem in check_directory(directory)] == ["links.csv:0: the file is missing"]


def test_the_command_prints_the_problems_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("directory", "check")
    assert "no problems" in capsys.readouterr().out
    directory = copied_directory(tmp_path)
    line = line_of(directory / "providers.csv", id="tokyo-gas")
    change_line(directory / "providers.csv", line, ",gas,", ",heat,")
    with pytest.raises(CommandError):
        call_command("directory", "check", str(directory))
    assert f"providers.csv:{line}: industry" in capsys.readouterr().out
