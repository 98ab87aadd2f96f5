"""Failed logins of strangers: how many there were for an account within a week, for its owner and the bureau to see.

Counted for every login ID that was typed, whether or not there is such an account, so that the time of an answer does
not tell which there are. Only a keyed hash of the ID is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from renrakucho.lib.throttle.rate_limit import AttemptTally
from renrakucho.provider.staff import Staff

FAILURES = AttemptTally("login-failures", seconds=24 * 60 * 60, windows=7)
SUSPICIOUS = 20  # within a week; fewer may be a colleague at a new computer


@dataclass(frozen=True)
class AttackedAccount:
    """An account and how many logins of unknown devices failed for it within a week."""

    staff: Staff
    failures: int


def count_login_failure(login_id: str) -> None:
    """Count a login from an unknown device that was wrong, or was stopped because there had been too many."""
    FAILURES.count(login_id)


def login_failures(staff: Staff) -> int:
    """How many there were for this person's account within a week."""
    return FAILURES.totals([staff.login_id])[staff.login_id]


def attacked_accounts(accounts: Sequence[Staff]) -> list[AttackedAccount]:
    """Those of the accounts with so many failures that somebody seems to try passwords, the most first."""
    totals = FAILURES.totals([staff.login_id for staff in accounts])
    found = [AttackedAccount(staff, totals[staff.login_id]) for staff in accounts]
    return sorted((each for each in found if each.failures >= SUSPICIOUS), key=lambda each: -each.failures)
