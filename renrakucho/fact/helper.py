"""Helper: whoever enters a move that is not their own, as they say themselves.

The usual mover enters their own move, and has no helper. Plain Python: entries keep one, and the assurance of each
notice names them to its provider.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from renrakucho.lib.message_text import N_

HELPER_ROLES: Mapping[str, str] = {
    "family": N_("ご家族"),
    "agent": N_("代理の方"),
    "landlord": N_("大家・管理会社の方"),
    "company": N_("お勤め先の方（総務など）"),
}
OTHER_HELPER = N_("ご本人でない方")


@dataclass(frozen=True)
class Helper:
    """role: a key of HELPER_ROLES; relation: to the mover, in the helper's own words, may be empty."""

    role: str
    name: str
    phone: str
    relation: str = ""

    @property
    def role_label(self) -> str:
        """The role in Japanese; a role that this version does not know is of somebody else than the mover."""
        return HELPER_ROLES.get(self.role, OTHER_HELPER)

    def as_json(self) -> dict[str, str]:
        """The member `entered_by` of the standard's assurance, without what is empty."""
        return {name: text for name, text in asdict(self).items() if text}

    @classmethod
    def from_json(cls, source: Mapping[str, str]) -> "Helper":
        """The inverse of as_json."""
        return cls(source["role"], source.get("name", ""), source.get("phone", ""), source.get("relation", ""))
