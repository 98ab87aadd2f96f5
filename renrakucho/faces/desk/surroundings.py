"""What stands around every page of a clerk's."""

from typing import Any

from renrakucho.notice.shelf import provider_name
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_role import Act


def surroundings(staff: Staff, here: str = "") -> dict[str, Any]:
    """Who is logged in, for whom, and what they may do; `here`: which of the desk's pages it is."""
    return {
        "staff": staff,
        "provider_name": provider_name(staff.provider),
        "can": {act.name.lower() for act in Act if staff.may(act)},
        "here": here,
        "messages": (),
    }
