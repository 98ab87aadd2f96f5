"""`renrakucho trial_numbers`: takes every number as proved, on an installation for trying things out."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.delivery.address_verification import addresses_of_channel, mark_verified


class Command(BaseCommand):
    """There the offices are played by the sandbox, and nobody would answer the telephone."""

    help = "Takes every number as proved. Only for trying things out."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses on any other installation."""
        if not settings.SANDBOX:
            raise CommandError(
                _(
                    "お試し環境ではないため、番号を確認済みにしません。"
                    "renrakucho fax try と confirm で確かめてください。"
                )
            )
        for channel in (name for name, it in CHANNELS.items() if it.trial):
            for each in addresses_of_channel(channel):
                mark_verified(each.provider, channel)
