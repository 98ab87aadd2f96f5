"""The command line: `renrakucho NOUN VERB …`. Each noun is a NounCommand of the room that does the work."""

import os
import sys
from collections.abc import Sequence

import django
from django.core.management import execute_from_command_line, get_commands, load_command_class

from renrakucho.config.run.start import run_everything
from renrakucho.lib.noun_command import NounCommand, bilingual

NOUNS = (
    *("directory", "provider", "connections", "staff", "fax", "files", "relay", "keys", "standard", "docs"),
    *("disclosure", "audit", "database"),
    *("master_key", "worker", "bureau", "operation", "notice", "doctor", "backup", "figures", "sandbox"),
)
OLD_SPELLINGS = {
    "work": "worker run",
    "load_directory": "directory load",
    "check_directory": "directory check",
    "directory_figures": "directory figures",
    "directory_benchmark": "directory benchmark",
    "system_key add": "keys make",
    "system_key": "keys",
    "channels": "docs channels",
    "states": "docs states",
    "trial_staff": "sandbox staff",
    "trial_keys": "sandbox keys",
    "trial_numbers": "sandbox numbers",
}
_WRONG_USAGE = 2


def main() -> None:
    """Run one command line. Exits with 2 where there is no such command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
    words = sys.argv[1:]
    if words == ["run"]:  # starts everything, each part with a Django of its own
        sys.exit(run_everything())
    try:
        if words and words[0] in NOUNS:
            execute_from_command_line(sys.argv)
        elif words and words[0] == "django":
            execute_from_command_line([f"{sys.argv[0]} django", *words[1:]])
        elif not words or words[0] in ("help", "-h", "--help"):
            print(command_tree())
        else:
            sys.exit(_refuse(words))
    except BrokenPipeError:  # the reader has seen enough: `renrakucho provider try … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def command_tree() -> str:
    """All nouns with their verbs, each with its line of help."""
    django.setup()
    lines = [f"renrakucho {bilingual('名詞', 'NOUN')} {bilingual('動詞', 'VERB')} …", ""]
    for noun in NOUNS:
        command = noun_command(noun)
        lines.append(f"{noun:18}{command.help}")
        lines += [f"  {verb:16}{text}" for verb, text in command.verb_lines()]
    lines += [
        f"{'run':18}{bilingual('すべてを始めて、使ってみる', 'start everything on this machine, to try it out')}",
        f"{'django …':18}{bilingual('Djangoのコマンド (migrate, check, shell …)', 'the commands of Django itself')}",
        "",
        bilingual("くわしくは renrakucho 名詞 動詞 --help", "more: renrakucho NOUN VERB --help"),
    ]
    return "\n".join(lines)


def noun_command(noun: str) -> NounCommand:
    """The command of this noun. Django has to be set up."""
    command = load_command_class(get_commands()[noun], noun)
    assert isinstance(command, NounCommand)
    return command


def new_spelling(words: Sequence[str]) -> str:
    """The command line that took the place of this one; empty where there never was such a command."""
    for length in (2, 1):
        old = " ".join(words[:length])
        if old in OLD_SPELLINGS:
            return " ".join(("renrakucho", OLD_SPELLINGS[old], *words[length:]))
    return " ".join(("renrakucho django", *words)) if words[0] in get_commands() else ""


def _refuse(words: Sequence[str]) -> int:
    django.setup()
    spelling = new_spelling(words)
    if spelling:
        answer = bilingual(f"いまは次のように書きます: {spelling}", f"now written: {spelling}")
    else:
        answer = bilingual(
            f"{words[0]} という命令はありません。renrakucho だけで一覧を表示します",
            f"there is no {words[0]}; renrakucho alone lists all commands",
        )
    print(answer, file=sys.stderr)
    return _WRONG_USAGE
