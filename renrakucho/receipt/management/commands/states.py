"""`renrakucho states`: the table of states as docs/states.md has it. A test keeps the two alike."""

from typing import Any

from django.core.management.base import BaseCommand

from renrakucho.notice.models import Status
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.transitions import LEADS, WHOSE

_HEAD = """# How a notice stands
Written by `renrakucho states` from `renrakucho/receipt/transitions.py`; a test keeps the two alike. Nobody sets a
status: a receipt is recorded, and this table says where it leads. 送信済 is not 受理: only the
provider's own word makes 受理.

| receipt | whose word | from | to |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page, in Markdown."""
    rows = [
        f"| `{kind}` {kind.label} | {WHOSE[kind].label} | {Status(before).label} | {after.label} |\n"
        for kind, leads in LEADS.items()
        for before, after in leads.items()
    ]
    words = "".join(f"* `{status}` {status.label}\n" for status in Status)
    kinds = len(list(ReceiptKind))
    return f"{_HEAD}{''.join(rows)}\n{kinds} kinds of receipts; these statuses:\n\n{words}"


class Command(BaseCommand):
    """Prints the page."""

    help = "Print docs/states.md."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(page(), ending="")
