"""`renrakucho load_directory`: compiles directory/ and Japan Post's data into the database."""

import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from renrakucho.address.written.table_cache import compile_table, table_path
from renrakucho.coverage.edition_loader import BadDirectory, load_edition
from renrakucho.coverage.table_reader import DIRECTORY, BadTable


class Command(BaseCommand):
    """Loads the directory; a second run without changes does nothing."""

    help = "Compiles the directory (places, providers, coverage, links) into the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which directory, and whether to load an edition again that is there already."""
        parser.add_argument("directory", nargs="?", type=Path, default=DIRECTORY)
        parser.add_argument("--again", action="store_true", help="load even when nothing has changed")

    def handle(self, *, directory: Path, again: bool, **options: object) -> None:
        """Load, one line a step with the seconds since the start."""
        begun = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - begun:5.1f} s  {text}")

        try:
            load_edition(directory, say, again=again)
            if again or not table_path().exists():
                size = compile_table().stat().st_size
                say(f"compiled the table of written addresses ({size / 1e6:.1f} MB)")
        except BadTable as error:
            raise CommandError(f"{error} (nothing was changed)") from error
        except BadDirectory as error:
            lines = "\n".join(map(str, error.problems))
            raise CommandError(f"{lines}\nThe tables have problems: nothing was changed.") from error
