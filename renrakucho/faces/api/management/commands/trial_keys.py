"""`renrakucho trial_keys`: a key for every system of a trial installation."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.lib import private_lines
from renrakucho.notice.shelf import ways
from renrakucho.provider.system_key import TRIAL, key_of, make_key


class Command(BaseCommand):
    """A trial key opens nothing where the data are of real people: the API refuses it there."""

    help = "Makes a trial key for every provider that has a system here, in var/trial_keys.txt."

    def handle(self, **options: object) -> None:
        """What is there and still good stays."""
        if not settings.SANDBOX:
            raise CommandError(_("お試し環境ではないため、お試し用の鍵は作りません。"))
        path = Path(settings.VAR) / "trial_keys.txt"
        kept = private_lines.read(path)
        for provider in sorted(slug for slug, way in ways().items() if way.tables):
            if not key_of(kept.get(provider, "")):
                kept[provider] = make_key(provider, TRIAL, may_read=True, may_answer=True, trial=True)[1]
        private_lines.write(path, kept)
