"""A changed connections.toml is taken up without a restart, once it is whole."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from renrakucho.channel import connection_file
from renrakucho.channel.connection_file import forget_connections, load_connections
from renrakucho.channel.connection_review import LoadedConnections

A, B = "[a]\ndesk = true\n", "[b]\ndesk = true\n"


class Clock:
    """The process's clock, by hand."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.wall = 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.wall


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    made = Clock()
    monkeypatch.setattr(connection_file, "time", made)
    forget_connections()
    yield made
    forget_connections()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "connections.toml"
    made.write_text(A, "utf-8")
    return made


def present(path: Path) -> LoadedConnections:
    return load_connections(path, "")


def slugs(path: Path) -> set[str]:
    return set(present(path).connections)


def after_looks(path: Path, clock: Clock, looks: int = 2) -> set[str]:
    for _look in range(looks):
        clock.now += 1.0
        present(path)
    return slugs(path)


def test_a_change_is_taken_up_once_it_stands_still(path: Path, clock: Clock) -> None:
    assert slugs(path) == {"a"}
    path.write_text(A + B, "utf-8")
    assert slugs(path) == {"a"}
    assert after_looks(path, clock, looks=1) == {"a"}
    path.write_text(B, "utf-8")  # still being written
    assert after_looks(path, clock, looks=1) == {"a"}
    assert after_looks(path, clock, looks=1) == {"b"}


def test_a_process_that_was_idle_meanwhile_takes_a_change_up_at_once(path: Path, clock: Clock) -> None:
    assert slugs(path) == {"a"}
    path.write_text(B, "utf-8")
    clock.wall = path.stat().st_ctime + 2.1
    assert after_looks(path, clock, looks=1) == {"b"}


def test_the_file_is_looked_at_once_a_second_at_most(path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Path] = []
    stat = connection_file._stat
    monkeypatch.setattr(connection_file, "_stat", lambda each: looks.append(each) or stat(each))  # type: ignore[func-returns-value]
    present(path)
    looks.clear()
    for _call in range(1000):
        clock.now += 0.0099
        present(path)
    assert len(looks) == 9


BROKEN = {"no TOML": "[a\n", "empty": "", "blank": "\n\n", "no UTF-8": "a = '\udcff'", "too deep": "a = " + "[" * 5_000}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_version_that_cannot_be_used_leaves_the_old_one_standing(
    path: Path, clock: Clock, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    assert slugs(path) == {"a"}
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with caplog.at_level(logging.ERROR):
        assert after_looks(path, clock, looks=5) == {"a"}
    (finding,) = present(path).findings
    assert (finding.provider, finding.severity) == ("", "error")
    assert len(caplog.records) == 1  # once a version, and not once a look
    path.write_text(B, "utf-8")
    assert after_looks(path, clock) == {"b"}
    assert present(path).findings == ()


def test_a_file_that_is_gone_leaves_the_last_version_standing(path: Path, clock: Clock) -> None:
    assert slugs(path) == {"a"}
    path.unlink()
    assert after_looks(path, clock) == {"a"}
    assert [finding.english for finding in present(path).findings] == ["the file cannot be read (FileNotFoundError)"]
    path.write_text(B, "utf-8")
    assert after_looks(path, clock) == {"b"}


@pytest.mark.parametrize("text", [None, "[a\n"], ids=["missing", "no TOML"])
def test_without_a_first_version_nobody_is_connected_until_there_is_one(
    path: Path, clock: Clock, text: str | None
) -> None:
    path.unlink()
    if text:
        path.write_text(text, "utf-8")
    assert slugs(path) == set()
    assert not present(path).usable
    path.write_text(B, "utf-8")
    assert after_looks(path, clock, looks=1) == {"b"}
    assert present(path).usable


def test_one_mistake_in_a_new_version_leaves_out_that_provider_alone(path: Path, clock: Clock) -> None:
    assert slugs(path) == {"a"}
    path.write_text(f"{A}{B}[a.wbehook]\n", "utf-8")
    assert after_looks(path, clock) == {"b"}


def test_a_secret_that_changes_in_its_own_file_is_taken_up(path: Path, clock: Clock) -> None:
    secret = path.with_name("secret")
    secret.write_text("x" * 24)
    secret.chmod(0o600)
    path.write_text('a.secret = {file = "secret"}\na.stop.entry = "https://a.example"\n')
    assert present(path).connections["a"].secret == "x" * 24
    fresh = path.with_name("fresh")
    fresh.write_text("y" * 24)
    os.replace(fresh, secret)  # noqa: PTH105 - as an operator's tool does it
    after_looks(path, clock)
    assert present(path).connections["a"].secret == "y" * 24


def test_a_folder_of_files_that_comes_back_is_seen(path: Path, clock: Clock, tmp_path: Path) -> None:
    """A network drive that is mounted late must not need a restart."""
    folder = tmp_path / "drive" / "exchange"
    (tmp_path / "drive").write_text("not mounted")
    path.write_text(f'[a.files]\nfolder = "{folder}"\n')
    assert slugs(path) == set()
    (tmp_path / "drive").unlink()
    folder.mkdir(parents=True)
    assert after_looks(path, clock) == {"a"}
