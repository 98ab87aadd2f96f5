"""`renrakucho docs channels|states`: the pages of docs/ that are written from the code. Tests keep the two alike."""

from typing import Any

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.models import Status
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import LEADS, WHOSE

_CHANNELS_HEAD = """# Channels
Written by `renrakucho docs channels` from `renrakucho/channel/*/`; a test keeps the two alike. A sheet says whether the
mover's own browser carries it (`channel = "weblink"`); all others the portal delivers, and this installation's
connections.toml decides how. Sent is not accepted: no channel accepts, only the
provider's own word does.

| channel | what the provider needs | what shows that it arrived | what shows that it was accepted | at failure |
| --- | --- | --- | --- | --- |
"""
_STATES_HEAD = """# How a notice stands
Written by `renrakucho docs states` from `renrakucho/receipt/transitions.py`; a test keeps the two alike. Nobody sets a
status: a receipt is recorded, and this table says where it leads. {sent} is not {accepted}: only the
provider's own word makes {accepted}.

| receipt | whose word | from | to |
| --- | --- | --- | --- |
"""


def channels_page() -> str:
    """docs/channels.md: each channel with its needs, its proofs and its failures."""
    rows = [
        f"| `{name}` {it.label} | {it.needs} | {it.arrived} | {it.accepted} | {it.failing} |\n"
        for name, it in CHANNELS.items()
    ]
    return f"{_CHANNELS_HEAD}{''.join(rows)}"


def states_page() -> str:
    """docs/states.md: the table of transitions."""
    rows = [
        f"| `{kind}` {kind.label} | {WHOSE[kind].label} | {Status(before).label} | {after.label} |\n"
        for kind, leads in LEADS.items()
        for before, after in leads.items()
    ]
    statuses = "".join(f"* `{status}` {status.label}\n" for status in Status)
    kinds = len(list(ReceiptKind))
    head = _STATES_HEAD.format(sent=Status.SENT.label, accepted=Status.ACCEPTED.label)
    return f"{head}{''.join(rows)}\n{kinds} kinds of receipts; these statuses:\n\n{statuses}"


class Command(NounCommand):
    """Prints a page; `> docs/states.md` writes it."""

    help = bilingual("コードから作る説明書", "the pages of docs/ that are made from the code")

    def add_verbs(self) -> None:
        """channels, states."""
        self.add_verb("channels", self._channels, bilingual("docs/channels.md を表示する", "print docs/channels.md"))
        self.add_verb("states", self._states, bilingual("docs/states.md を表示する", "print docs/states.md"))

    def _channels(self, **options: Any) -> None:
        self.stdout.write(channels_page(), ending="")

    def _states(self, **options: Any) -> None:
        self.stdout.write(states_page(), ending="")
