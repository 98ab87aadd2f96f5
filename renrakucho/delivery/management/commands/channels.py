"""`renrakucho channels`: what each channel needs, proves and does at failure, as docs/channels.md has it."""

from typing import Any

from django.core.management.base import BaseCommand

from renrakucho.channel.channel_table import CHANNELS

_HEAD = """# Channels
Written by `renrakucho channels` from `renrakucho/channel/*/`; a test keeps the two alike. A sheet says whether the
mover's own browser carries it (`channel = "weblink"`); all others the portal delivers, and this installation's
connections.toml decides how. Sent is not accepted: no channel accepts, only the
provider's own word does.

| channel | what the provider needs | what shows that it arrived | what shows that it was accepted | at failure |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The page, in Markdown."""
    rows = [
        f"| `{name}` {it.label} | {it.needs} | {it.arrived} | {it.accepted} | {it.failing} |\n"
        for name, it in CHANNELS.items()
    ]
    return f"{_HEAD}{''.join(rows)}"


class Command(BaseCommand):
    """Prints the page."""

    help = "Print docs/channels.md."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(page(), ending="")
