"""`renrakucho check_directory`: checks the tables of directory/ without touching the database."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from renrakucho.coverage.directory_check import check_directory
from renrakucho.coverage.table_reader import DIRECTORY


class Command(BaseCommand):
    """Prints file:line: what is wrong; ends with 1 when anything is."""

    help = "Checks the directory's tables, with the line of every problem."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which directory."""
        parser.add_argument("directory", nargs="?", type=Path, default=DIRECTORY)

    def handle(self, *, directory: Path, **options: object) -> None:
        """Check and say so."""
        problems = check_directory(directory)
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems")
        self.stdout.write("no problems")
