"""The bureau's people, and what they look at."""

from django.test import Client

from renrakucho.provider.staff import BUREAU, Staff, StaffRole
from renrakucho.provider.two_factor import enable_two_factor
from tests.desk.cast import clerk, seated

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def at_bureau(role: str = StaffRole.OPERATOR, *, login_id: str = "", name: str = "山本", factor: bool = True) -> Staff:
    """An account of the bureau, with its second factor set up."""
    staff = clerk(login_id or f"bureau-{role}", provider=BUREAU, name=name, role=role)
    if factor:
        enable_two_factor(staff, SECRET, 0)
    return staff


def operator() -> Client:
    """The browser of one who acts."""
    return seated(at_bureau(StaffRole.OPERATOR))


def watcher() -> Client:
    """The browser of one who only sees."""
    return seated(at_bureau(StaffRole.WATCHER))


def auditor() -> Client:
    """The browser of one who reads what others did."""
    return seated(at_bureau(StaffRole.AUDITOR))
