"""What became of a notice, as a document of the standard."""

from datetime import datetime
from typing import Any

from renrakucho.sheet.window import JAPAN
from renrakucho.standard.schemas import STANDARD, without_empty


def receipt_document(
    kind: str,
    *,
    by: str,
    key: str,
    number: str,
    provider: str,
    provider_name: str,
    portal_name: str,
    portal_url: str,
    recorded_at: datetime,
    receipt_number: str = "",
    reason: str = "",
    evidence: str = "",
    through: str = "",
) -> dict[str, Any]:
    """One receipt (receipt.schema.json). `kind` and `by` are codes of the table of states; texts that are empty are
    left out.

    key: the same over every attempt to tell it. number, portal: of the notice, as the portal that wrote it numbers it.
    receipt_number: with accepted. reason: with returned, in words for the mover. evidence: the outside world's own
    answer, kept beside. through: the address of the portal that passes the receipt on.
    """
    said = {"receipt_number": receipt_number, "reason": reason, "evidence": evidence, "through": through}
    return {
        "standard": STANDARD,
        "document": "receipt",
        "key": key,
        "number": number,
        "portal": {"name": portal_name, "url": portal_url},
        "provider": {"id": provider, "name": provider_name},
        "kind": kind,
        "by": by,
        "recorded_at": recorded_at.astimezone(JAPAN).isoformat(timespec="seconds"),
        **without_empty(said),
    }
