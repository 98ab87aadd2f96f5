"""`renrakucho trial_keys`: a key for every system of a trial installation."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.lib import secret_file
from renrakucho.notice.connected_providers import local_connections
from renrakucho.provider.system_key import TRIAL, create_key, key_by_text


class Command(BaseCommand):
    """A trial key opens nothing where the data are of real people: the API refuses it there."""

    help = "Makes a trial key for every provider that has a system here, in var/trial_keys.txt."

    def handle(self, **options: object) -> None:
        """What is there and still good stays."""
        if not settings.SANDBOX:
            raise CommandError(_("お試し環境ではないため、お試し用の鍵は作りません。"))
        path = Path(settings.VAR) / "trial_keys.txt"
        kept = secret_file.read_secrets(path)
        for provider in sorted(slug for slug, way in local_connections().items() if way.tables):
            if not key_by_text(kept.get(provider, "")):
                kept[provider] = create_key(provider, TRIAL, may_read=True, may_answer=True, trial=True)[1]
        secret_file.write_secrets(path, kept)
