"""A watcher of the bureau who is logged in: run as a program on an installation.

Prints the key of the session.
"""

import django

django.setup()

from renrakucho.provider.staff import StaffRole  # noqa: E402 - after setup
from tests.bureau.cast import at_bureau  # noqa: E402
from tests.desk.cast import session_key  # noqa: E402

if __name__ == "__main__":
    print(session_key(at_bureau(StaffRole.WATCHER)))
