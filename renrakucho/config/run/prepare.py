"""Prepares an installation: database, directory, translations and static files. Idempotent: safe at every start.

usage: python -m renrakucho.config.run.prepare
Progress goes to stderr; stdout is left to what people need at the end: the trial logins.
"""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command


def prepare_installation() -> None:
    """Run every step, saying its name before."""
    django.setup()
    steps: list[tuple[str, Callable[[], object]]] = [
        ("データベースを整えています / database", migrate_database),
        ("鍵を確かめています / master key", check_master_key),
        ("送り先を確かめています / connections", check_connections),
        ("町と事業者の一覧を読み込んでいます / towns and providers", load_directory),
        ("様式の版を控えています / versions of sheets", store_sheet_versions),
        ("翻訳を組み立てています / translations", compile_translations),
        ("画面の部品を集めています / static files", collect_static),
    ]
    if settings.SANDBOX:
        steps.append(("お試し用のシステム鍵を用意しています / trial keys of systems", make_trial_keys))
        steps.append(("お試し用のFAX番号を確認済みにしています / trial fax numbers", verify_trial_numbers))
        steps.append(("お試し用の窓口ログインを用意しています / trial desk logins", make_trial_logins))
    for number, (name, step) in enumerate(steps, start=1):
        print(f"{number}/{len(steps)} {name}", file=sys.stderr, flush=True)
        try:
            step()
        except CommandError as error:
            sys.exit(str(error))


def migrate_database() -> None:
    """Bring the database's tables up to date."""
    call_command("migrate", interactive=False, verbosity=0)


def check_master_key() -> None:
    """Refuse a database that was sealed with another master key."""
    call_command("master_key", "check", stdout=io.StringIO())


def check_connections() -> None:
    """Name the mistakes in connections.toml. Only a file that cannot be read at all is refused."""
    call_command("connections", "check", "--start", stdout=sys.stderr)


def load_directory() -> None:
    """Load towns, providers and what they serve."""
    call_command("directory", "load", stdout=sys.stderr)


def store_sheet_versions() -> None:
    """Store every sheet's version. One that changed under its old number is only reported: whoever tries a sheet out
    changes it often.
    """
    for folder in sorted(settings.PROVIDERS.iterdir()):
        try:
            call_command("provider", "load", folder.name, stdout=io.StringIO())
        except CommandError as error:
            print(error, file=sys.stderr)


def compile_translations() -> None:
    """Compile every catalogue that is newer than what was compiled from it; readers meanwhile have the old one."""
    for folder in settings.LOCALE_PATHS:
        for source in Path(folder).glob("*/LC_MESSAGES/*.po"):
            compiled = source.with_suffix(".mo")
            if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as lines:
                catalogue = read_po(lines, locale=source.parts[-3])
            with tempfile.NamedTemporaryFile(dir=compiled.parent, delete=False) as output:
                write_mo(output, catalogue)
            Path(output.name).chmod(0o644)
            Path(output.name).replace(compiled)


def collect_static() -> None:
    """Copy the static files to where the server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)


def make_trial_keys() -> None:
    """Make a key for each provider with a system, for the sandbox to read."""
    call_command("sandbox", "keys")


def verify_trial_numbers() -> None:
    """Take every fax number as verified: here they all lead to the letter box."""
    call_command("sandbox", "numbers")


def make_trial_logins() -> None:
    """Make a login for each desk, and print them."""
    call_command("sandbox", "staff")


if __name__ == "__main__":
    prepare_installation()
