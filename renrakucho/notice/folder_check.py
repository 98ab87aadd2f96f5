"""Folder check: all mistakes in a provider's folder, by file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from renrakucho.lib.toml_lines import TomlMistake, toml_line_of
from renrakucho.notice.dry_run import golden_content, golden_path, problem_line
from renrakucho.notice.sample_movers import sample_answers, sample_facts
from renrakucho.provider.folder_review import folder_mistakes
from renrakucho.sheet.fill import BlankProblem, CannotSay, fill_sheet
from renrakucho.sheet.form import BY_PHONE, CARRIED, PROCEDURES, Sheet
from renrakucho.sheet.sheet_loader import read_sheet
from renrakucho.sheet.sheet_review import sheet_mistakes

_CHANNELS = (CARRIED, "inbox", BY_PHONE)
_FILES = {"provider.toml", *(f"{name}.{end}" for name in PROCEDURES for end in ("toml", "golden"))}
_UNFINISHED = "…"


@dataclass(frozen=True)
class FolderMistake:
    """One mistake and its file, as `tepco-ep/stop.toml:12: …`."""

    path: Path
    mistake: TomlMistake

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}:{self.mistake.line}: {self.mistake.message}"


def check_folder(folder: Path, golden: bool = True) -> list[FolderMistake]:
    """Every mistake in the folder; without `golden`, golden files are not compared."""
    return list(_check(folder, golden))


def _check(folder: Path, golden: bool) -> Iterator[FolderMistake]:
    who = folder / "provider.toml"
    if not who.exists():
        yield FolderMistake(who, TomlMistake(1, "the file is missing; it says who the provider is"))
    forms = [path for path in (folder / f"{name}.toml" for name in PROCEDURES) if path.exists()]
    if not forms:
        yield FolderMistake(folder / "change.toml", TomlMistake(1, "there is no form: neither stop, start nor change"))
    for path in sorted(set(folder.iterdir()) - {folder / name for name in _FILES}):
        yield FolderMistake(
            path, TomlMistake(1, f"this file does not belong here; a folder has {', '.join(sorted(_FILES))}")
        )
    for path in [who, *forms]:
        if path.exists():
            yield from (FolderMistake(path, mistake) for mistake in _mistakes(path, golden))


def _mistakes(path: Path, golden: bool) -> list[TomlMistake]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        return [TomlMistake(error.object[: error.start].count(b"\n") + 1, "the file is not written in UTF-8")]
    unfinished = list(_unfinished(text))
    wrong = folder_mistakes(path) if path.name == "provider.toml" else sheet_mistakes(path)
    if not unfinished and not wrong and path.name != "provider.toml":
        wrong = list(_sheet_mistakes(read_sheet(path), path, text, golden))
    open_still = {mistake.line for mistake in unfinished}
    return sorted([*unfinished, *(mistake for mistake in wrong if mistake.line not in open_still)])


def _unfinished(text: str) -> Iterator[TomlMistake]:
    for number, line in enumerate(text.splitlines(), start=1):
        if f'"{_UNFINISHED}"' in line.partition("#")[0]:
            yield TomlMistake(number, f"{_UNFINISHED} still has to be filled in")


def _sheet_mistakes(sheet: Sheet, path: Path, text: str, golden: bool) -> Iterator[TomlMistake]:
    if sheet.channel not in _CHANNELS:
        yield TomlMistake(
            toml_line_of(text, ("channel",)), f"channel {sheet.channel!r} is not one of {', '.join(_CHANNELS)}"
        )
        return
    mistakes = list(_filter_mistakes(sheet, text))
    if mistakes:
        yield from mistakes
        return
    try:
        # This sample mover has neither an unusual name nor an unusual house.
        fill_sheet(sheet, sample_facts(sheet, "plain"), sample_answers(sheet))
    except CannotSay as error:
        names = [blank.name for blank in sheet.blanks]
        for problem in error.problems:
            place = ("blank", names.index(problem.blank.name), _key(problem))
            yield TomlMistake(
                toml_line_of(text, place), f"the most ordinary mover does not fit: {problem_line(problem)}"
            )
        return
    if golden:
        yield from _golden(sheet, path)


def _filter_mistakes(sheet: Sheet, text: str) -> Iterator[TomlMistake]:
    for index, blank in enumerate(sheet.blanks):
        try:
            _ = blank.say.text(sample_facts(sheet, "plain")) if blank.say else ""
        except ValueError as error:  # the year of a name, the area code of an address
            line = toml_line_of(text, ("blank", index, "say"))
            yield TomlMistake(line, f"blank {blank.name!r}: a fact cannot be said in this way: {error}")


def _golden(sheet: Sheet, path: Path) -> Iterator[TomlMistake]:
    golden = golden_path(sheet, path.parent)
    if not golden.exists() or golden.read_bytes() != golden_content(sheet):
        yield TomlMistake(
            1,
            f"{golden.name} is not what arrives now; `renrakucho provider check --write` writes it, then read it",
        )


def _key(problem: BlankProblem) -> str:
    if problem.kind == "too_long":
        return "longest_bytes" if problem.in_bytes else "longest"
    return "required" if problem.kind == "missing" else "say"
