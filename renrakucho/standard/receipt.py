"""Receipt document of the standard: what happened to a notice."""

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
    check_way: str = "",
    check_note: str = "",
) -> dict[str, Any]:
    """One receipt (receipt.schema.json). Empty texts are left out.

    kind, by: codes of the table of states. key: idempotency key. number, portal: of the notice, as its own portal
    numbers it. receipt_number: with accepted. reason: with returned, for the mover. evidence: the other side's own
    answer. through: the URL of the portal that passes the receipt on. check_way, check_note: with
    accepted, how the provider made sure of its customer.
    """
    optional = {"receipt_number": receipt_number, "reason": reason, "evidence": evidence, "through": through}
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
        **without_empty(optional),
        **({"identity_check": without_empty({"way": check_way, "note": check_note})} if check_way else {}),
    }
