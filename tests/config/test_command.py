"""The command line is one tree, `renrakucho NOUN VERB …`, and old spellings name the new one."""

import argparse
import re
import sys
from collections.abc import Iterator

import pytest
from django.core.management import get_commands

from renrakucho.config.command import NOUNS, OLD_SPELLINGS, command_tree, main, noun_command
from renrakucho.lib.noun_command import NounCommand

BOTH_LANGUAGES = re.compile(r".*[ぁ-ゖァ-ヺ一-鿿].* / [^ぁ-ゖァ-ヺ一-鿿]*[a-z][^ぁ-ゖァ-ヺ一-鿿]*")
VERBS = [f"{noun} {verb}" for noun in NOUNS for verb, _text in noun_command(noun).verb_lines()]


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run a command line and return its exit status."""
    monkeypatch.setattr(sys, "argv", ["renrakucho", *words])
    try:
        main()
    except SystemExit as exit:
        return exit.code if isinstance(exit.code, int) else 1
    return 0


def help_lines(parser: argparse.ArgumentParser, where: str) -> Iterator[tuple[str, str]]:
    """Every option and argument of a parser and of its verbs, with its help."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, below in action.choices.items():
                yield from help_lines(below, f"{where} {verb}")
        elif not isinstance(action, argparse._HelpAction) and action.help != argparse.SUPPRESS:
            yield f"{where} {action.dest}", action.help or ""


def test_every_command_of_the_package_stands_in_the_tree() -> None:
    ours = {name for name, app in get_commands().items() if str(app).startswith("renrakucho.")}
    assert ours == {*NOUNS, "migrate"}  # Django's own, which makes the triggers too


def test_the_tree_lists_every_verb_without_djangos_commands() -> None:
    tree = command_tree()
    assert "directory load" in VERBS
    assert "standard check" in VERBS
    for line in VERBS:
        assert re.search(rf"^  {line.split()[1]} ", tree, re.MULTILINE), line
    assert "makemigrations" not in tree


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_the_tree_is_printed_without_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run(monkeypatch, *words) == 0
    assert capsys.readouterr().out.strip() == command_tree()


@pytest.mark.parametrize("noun", NOUNS)
def test_every_line_of_help_says_both_languages(noun: str) -> None:
    command = noun_command(noun)
    verbs = [(f"{noun} {verb}", text) for verb, text in command.verb_lines()]
    options = list(help_lines(command.create_parser("renrakucho", noun), noun))
    assert verbs
    for where, text in [(noun, command.help), *verbs, *options]:
        assert BOTH_LANGUAGES.fullmatch(text), f"{where}: {text}"


@pytest.mark.parametrize("old", OLD_SPELLINGS)
def test_an_old_spelling_answers_with_the_new_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: str
) -> None:
    assert run(monkeypatch, *old.split(), "more") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.rstrip().endswith(f"renrakucho {OLD_SPELLINGS[old]} more")


def test_every_new_spelling_is_a_command() -> None:
    assert {new for new in OLD_SPELLINGS.values() if " " in new} <= set(VERBS)
    assert {new for new in OLD_SPELLINGS.values() if " " not in new} <= set(NOUNS)


def test_djangos_commands_stay_reachable(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "migrate", "--plan") == 2
    assert "renrakucho django migrate --plan" in capsys.readouterr().err
    assert run(monkeypatch, "django", "check", "--deploy", "--list-tags") == 0
    assert "security" in capsys.readouterr().out


def test_a_command_that_never_was_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "moving") == 2
    assert "moving" in capsys.readouterr().err


def test_a_noun_without_a_verb_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "provider") == 2
    assert "VERB" in capsys.readouterr().err


def test_files_runs_without_a_verb_too() -> None:
    """The crontabs of installations say `renrakucho files`."""
    parser = noun_command("files").create_parser("renrakucho", "files")
    assert parser.parse_args([]).verb is None
    assert noun_command("files").default_verb == "run"
    assert [noun for noun in NOUNS if noun_command(noun).default_verb] == ["files", "doctor"]


def test_a_command_runs_the_verb_that_was_given() -> None:
    ran: list[str] = []

    class Command(NounCommand):
        default_verb = "look"

        def add_verbs(self) -> None:
            self.add_verb("look", lambda **_options: ran.append("look"), "")
            self.add_verb("move", lambda *, to, **_options: ran.append(to), "").add_argument("to")

    for words in ([], ["look"], ["move", "north"]):
        Command().run_from_argv(["renrakucho", "walk", *words])
    assert ran == ["look", "look", "north"]
