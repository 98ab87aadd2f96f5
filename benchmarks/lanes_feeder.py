"""Feeds `benchmarks.lanes` with notices and mails, waits for the good ones, and prints `kind seconds` for each.

usage: python -m benchmarks.lanes_feeder EACH SECONDS PROVIDER … --healthy PROVIDER …
"""

import sys
import time

import django

django.setup()

from renrakucho.mail.models import Mail
from renrakucho.notice.models import Status
from renrakucho.provider.append_only import retention_pass
from renrakucho.receipt.models import Receipt, ReceiptKind
from tests.delivery.cast_lanes import due_mail, due_notices


def warm_up(provider: str) -> None:
    """Wait until the workers have started: they have sent a notice and its mail. Both are forgotten."""
    [first] = due_notices(provider, 1)
    while not Mail.objects.filter(about=first.id).exclude(sent_at=None).exists():
        time.sleep(0.1)
    with retention_pass():
        first.book.delete()


def main() -> None:
    """Feed, wait, print."""
    each, seconds = int(sys.argv[1]), float(sys.argv[2])
    cut = sys.argv.index("--healthy")
    providers, healthy = sys.argv[3:cut], sys.argv[cut + 1 :]
    warm_up(healthy[0])
    begun = time.monotonic()
    for turn in range(each):
        for provider in providers:
            due_notices(provider, 1)
        due_mail()
        time.sleep(max(0.0, begun + (turn + 1) * seconds / each - time.monotonic()))
    until = time.monotonic() + 120
    sent = Receipt.objects.filter(kind=ReceiptKind.SENT, notice__provider__in=healthy)
    while time.monotonic() < until and (
        sent.count() < each * len(healthy) or Mail.objects.filter(sent_at=None, gave_up_at=None).exists()
    ):
        time.sleep(0.5)
    if sent.count() < each * len(healthy):
        print(f"only {sent.count()} of {each * len(healthy)} notices arrived", file=sys.stderr)
    entered = dict(Receipt.objects.filter(kind=ReceiptKind.ENTERED).values_list("notice_id", "recorded_at"))
    for notice, recorded_at in sent.filter(notice__status=Status.SENT).values_list("notice_id", "recorded_at"):
        print("healthy", (recorded_at - entered[notice]).total_seconds())
    for mail in Mail.objects.all():
        print("mails", ((mail.sent_at - mail.created_at).total_seconds()) if mail.sent_at else 999.0)


if __name__ == "__main__":
    main()
