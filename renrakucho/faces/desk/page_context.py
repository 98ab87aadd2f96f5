"""What stands around every page of a clerk's."""

from typing import Any

from renrakucho.notice.connected_providers import provider_name
from renrakucho.provider.staff import DeskPermission, Staff


def page_context(staff: Staff, here: str = "") -> dict[str, Any]:
    """Who is logged in, for whom, and what they may do; `here`: which of the desk's pages it is."""
    return {
        "staff": staff,
        "provider_name": provider_name(staff.provider),
        "can": {act.name.lower() for act in DeskPermission if staff.may(act)},
        "here": here,
        "messages": (),
    }
