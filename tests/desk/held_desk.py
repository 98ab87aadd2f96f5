"""A desk with two notices and a clerk who is logged in: run as a program by test_held_row.py, on a database of its own.

Prints the session's key and the addresses by which the two notices are accepted.
"""

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.urls import reverse  # noqa: E402

from renrakucho.receipt.models import ReceiptKind  # noqa: E402
from renrakucho.receipt.transitions import record_receipt  # noqa: E402
from tests.delivery.cast_lanes import due_notices  # noqa: E402
from tests.desk.cast import AKISHIMA, clerk, session_key  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(session_key(clerk()))
    for notice in due_notices(AKISHIMA, 2, channel="inbox"):
        record_receipt(notice, ReceiptKind.SENT)
        print(reverse("desk:accept", args=[notice.id]))
