"""`renrakucho backup done`: whoever makes the backups says that one is whole, so that its age can be watched."""

from typing import Any

from django.utils import timezone

from renrakucho.lib.database_clock import database_now
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.monitoring.models import BackupMark


class Command(NounCommand):
    """Keeps the moment of the last backup."""

    help = bilingual("バックアップの記録", "the mark of the last backup")

    def add_verbs(self) -> None:
        """done."""
        text = bilingual(
            "バックアップがいま終わったと記録する", "say that a backup is whole now: the last line of its script"
        )
        self.add_verb("done", self._done, text)

    def _done(self, **options: Any) -> None:
        now = database_now()
        BackupMark.objects.create(marked_at=now)
        BackupMark.objects.filter(marked_at__lt=now).delete()
        when = f"{timezone.localtime(now):%Y-%m-%d %H:%M}"
        self.stdout.write(bilingual(f"バックアップを記録しました: {when}", f"the backup is marked: {when}"))
