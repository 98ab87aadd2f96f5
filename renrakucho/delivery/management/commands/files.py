"""`renrakucho files`: once a night, by the system's own clock."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery.batch_delivery import deliver_batches
from renrakucho.delivery.import_answers import import_answers
from renrakucho.lib.lease import this_process


class Command(BaseCommand):
    """Safe to run again at any time: nothing is written or taken twice."""

    help = "Take the answers that providers brought as files, and write each provider the file with its new notices."

    def handle(self, **options: Any) -> None:
        """Answers first: what they settle need not go out again."""
        taken, failed = import_answers()
        for name, rows in taken.items():
            self.stdout.write(f"{name}: {rows}")
        lots = deliver_batches(this_process())
        for name, kind in lots.items():
            self.stdout.write(f"{name}: {kind}")
        failed += [name for name, kind in lots.items() if kind != OutcomeKind.SENT]
        if failed:
            raise CommandError(", ".join(failed))
