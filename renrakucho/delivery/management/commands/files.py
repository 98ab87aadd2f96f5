"""`renrakucho files run`: the nightly batch of files, started by the system's own clock."""

from typing import Any

from django.core.management.base import CommandError

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.import_answers import import_answers
from renrakucho.lib.lease import this_process
from renrakucho.lib.noun_command import NounCommand, bilingual


class Command(NounCommand):
    """Idempotent: a second run writes and imports nothing twice."""

    help = bilingual("事業者とファイルでやりとりする", "exchange files with providers, once a night")
    default_verb = "run"

    def add_verbs(self) -> None:
        """run."""
        self.add_verb(
            "run",
            self._run,
            bilingual("届いた回答を読み、新しい連絡を書き出す", "import the answers, then write the new notices"),
        )

    def _run(self, **options: Any) -> None:
        """Import the answers first: a notice that they settle need not go out again. What went wrong is named, and ends
        with a status of 1: whoever runs this by a timer has to hear of it.
        """
        imported, failed = import_answers()
        for name, rows in imported.items():
            self.stdout.write(f"{name}: {rows}")
        batches = deliver_batches(this_process())
        for name, kind in batches.items():
            self.stdout.write(f"{name}: {kind}")
        failed += [name for name, kind in batches.items() if kind != OutcomeKind.SENT]
        if failed:
            raise CommandError(bilingual("うまくいかなかったもの", "went wrong") + ": " + ", ".join(failed))
