"""Command-line subcommands: `renrakucho NOUN VERB …`, one Django command a noun, one argparse subparser a verb."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from renrakucho.lib.message_text import BothLanguages

# Django adds these to every command. They work, but the help shows what the command itself takes.
_DJANGO_OPTIONS = {
    *("--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"),
    "--skip-checks",
}


def bilingual(japanese: str, english: str) -> str:
    """One line of help. It is read before a language is chosen, so that it says both."""
    return str(BothLanguages(japanese, english))


def moment_argument(text: str) -> datetime:
    """The type of an argument that is a moment: 2026-12-01T03:00, in Japan's time where it names no other."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise ArgumentTypeError(bilingual(f"{text} は日時ではありません", f"{text} is no date with a time"))
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


class NounCommand(BaseCommand):
    """A noun with its verbs. A subclass gives `help` and adds each verb in `add_verbs`."""

    requires_system_checks = ()
    suppressed_base_arguments = _DJANGO_OPTIONS
    default_verb = ""  # runs where no verb is given; empty: a verb is required

    def add_verbs(self) -> None:
        """Call `add_verb` once a verb."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Make the subparsers."""
        self._verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=not self.default_verb)
        self._runs: dict[str, Callable[..., None]] = {}
        self.add_verbs()

    def add_verb(self, name: str, run: Callable[..., None], text: str) -> ArgumentParser:
        """Add `renrakucho NOUN name`. `run` takes the options as keywords; `text` is its line of help."""
        self._runs[name] = run
        verb: ArgumentParser = self._verbs.add_parser(name, help=text, description=text)
        return verb

    def verb_lines(self) -> list[tuple[str, str]]:
        """Each verb with its line of help, in the order they were added."""
        self.create_parser("renrakucho", "")
        return [(action.dest, action.help or "") for action in self._verbs._choices_actions]

    def handle(self, *args: Any, verb: str | None = None, **options: Any) -> None:
        """Run the verb. Raises CommandError where it could not be done."""
        self._runs[verb or self.default_verb](**options)
