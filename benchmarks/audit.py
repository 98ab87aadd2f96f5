"""Costs of the audit log's hash chain and, on PostgreSQL, of row-level security.

Makes entries in the database that DATABASE_URL names. It should be an empty one: entries cannot be deleted. Prints
the time to write, to link and to verify them, and of a desk's list with and without its own rows alone.
Run as `python -m benchmarks.audit [--entries N]`.
"""

import argparse
import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from renrakucho.notice.models import Notice
from renrakucho.notice.row_security import desk_rows
from renrakucho.provider.audit_chain import verify_chain
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_operation

_BATCH = 1_000


def seconds(act: Callable[[], object]) -> float:
    """How long the act takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def write_entries(count: int) -> None:
    """Entries as an act of many notices makes them: a thousand in one transaction."""
    for _batch in range(count // _BATCH):
        with transaction.atomic():
            log_operation(None, AuditAction.RETRIED, numbers=(f"{number:012}" for number in range(_BATCH)))


def read_lists(desk: str, times: int) -> None:
    """Read the lists of a desk, so many times."""
    for _time in range(times):
        list(AuditEntry.objects.filter(provider=desk).order_by("-id")[:200])
        Notice.objects.filter(provider=desk).count()


def read_own_lists(desk: str, times: int) -> None:
    """Read these lists as a request of the desk does, with its own rows alone."""
    for _time in range(times):
        with desk_rows(desk):
            list(AuditEntry.objects.filter(provider=desk).order_by("-id")[:200])
            Notice.objects.filter(provider=desk).count()


def main() -> None:
    """Run everything, and print milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    count = parser.parse_args().entries
    call_command("migrate", verbosity=0, interactive=False)
    print(f"{connection.vendor}, {count} entries")
    print(f"write an entry   {seconds(lambda: write_entries(count)) / count * 1000:8.3f} ms")
    print(f"verify an entry  {seconds(verify_chain) / count * 1000:8.3f} ms")
    times = 200
    print(f"a desk's lists   {seconds(lambda: read_lists('x', times)) / times * 1000:8.3f} ms")
    print(f"in its own rows  {seconds(lambda: read_own_lists('x', times)) / times * 1000:8.3f} ms")


if __name__ == "__main__":
    main()
