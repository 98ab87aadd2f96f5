"""`renrakucho doctor`: what is wrong with this installation, and how to mend it; the exit status is for a monitor."""

import sys
from argparse import ArgumentParser
from typing import Any

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.monitoring.alarms import watch_installation
from renrakucho.monitoring.check_result import CheckState, worst_state
from renrakucho.monitoring.installation_checks import CHECKS, run_checks

EXIT = {CheckState.OK: 0, CheckState.UNKNOWN: 0, CheckState.WARNING: 1, CheckState.FAILING: 2}
_MARKS = {CheckState.OK: "○", CheckState.UNKNOWN: "?", CheckState.WARNING: "△", CheckState.FAILING: "×"}


class Command(NounCommand):
    """Runs every health check. Exit status: 0 well, 1 something to look at, 2 something fails."""

    help = bilingual("この環境の点検", "what is wrong with this installation, and how to mend it")
    default_verb = "check"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verb, and `--mail` without one too."""
        super().add_arguments(parser)
        parser.add_argument(
            "--mail",
            action="store_true",
            help=bilingual("新しい異常とおさまった異常を事務局にメールする", "mail what is new to the bureau"),
        )

    def add_verbs(self) -> None:
        """check."""
        self.add_verb(
            "check", self._check, bilingual("点検する (終了コード 0, 1, 2)", "check all (exit status 0, 1 or 2)")
        )

    def _check(self, *, mail: bool, **options: Any) -> None:
        results = run_checks()
        titles = {check.key: check.title for check in CHECKS}
        for key, result in results.items():
            self.stdout.write(f"{_MARKS[result.state]} {titles[key]} ({key}): {result}")
        if mail:
            watch_installation()
        status = EXIT[worst_state(results.values())]
        if status:
            sys.exit(status)
