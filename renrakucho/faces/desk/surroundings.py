"""What stands around every page of a clerk's."""

from typing import Any

from renrakucho.notice.shelf import folders
from renrakucho.provider.staff import Staff


def provider_name(provider: str) -> str:
    """The provider's name; its slug where its folder is gone."""
    folder = folders().get(provider)
    return folder.name if folder else provider


def surroundings(staff: Staff) -> dict[str, Any]:
    """Who is logged in, and for whom."""
    return {"staff": staff, "provider_name": provider_name(staff.provider)}
