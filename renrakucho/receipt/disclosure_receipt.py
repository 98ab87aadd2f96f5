"""Disclosure receipt: the disclosure as a signed document with the fields of ISO/IEC TS 27560:2023.

Record header, purposes with their items, parties and events have that specification's names. `value` (an item as it
was told), `assurance`, `notice`, `not_known`, the chain of events and `proof` are this project's own:
docs/disclosure.md lists them.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.mover.disclosure_key import disclosure_public_keys, disclosure_signing_key
from renrakucho.provider.staff import BUREAU
from renrakucho.receipt.disclosure import MOVER, PORTAL, DisclosedNotice, Disclosure, DisclosureEvent
from renrakucho.receipt.models import ReceiptKind
from renrakucho.sheet.window import JAPAN
from renrakucho.standard.disclosure_signature import Json, chain_events, public_jwk, sign_document

SCHEMA_VERSION = "renrakucho-disclosure/1; ISO/IEC TS 27560:2023"
_CONSENT = {
    ReceiptKind.ENTERED.value: "given",
    ReceiptKind.HANDED_OVER.value: "given",
    ReceiptKind.REPLACED.value: "replaced",
    ReceiptKind.WITHDRAWN.value: "withdrawn",
}


def signed_disclosure(disclosure: Disclosure) -> Json:
    """The disclosure as a document, signed with the portal's present key."""
    return sign_document(disclosure_document(disclosure, timezone.now()), disclosure_signing_key())


def published_keys() -> Json:
    """Every key that ever signed, as a JWK Set (RFC 7517), the present one first; empty before the first receipt."""
    return {"keys": [public_jwk(key) for key in disclosure_public_keys()]}


def disclosure_document(disclosure: Disclosure, issued_at: datetime) -> Json:
    """The document without its proof."""
    of_notices = [(event, each.notice.number) for each in disclosure.notices for event in each.events]
    of_book = [(event, "") for event in disclosure.postcards]
    events = sorted([*of_notices, *of_book], key=lambda pair: pair[0].at)
    return {
        "document": "disclosure",
        "schema_version": SCHEMA_VERSION,
        "record_id": str(disclosure.book.id),
        "receipt_id": str(new_uuid7()),
        "issued_at": _moment(issued_at),
        "pii_principal_id": str(disclosure.book.id),
        "language": "ja",
        "purposes": [_purpose(each) for each in disclosure.notices],
        "party_identification": list(_parties(disclosure)),
        "not_known": list(disclosure.not_known),
        "events": chain_events(_event(event, number) for event, number in events),
    }


def _purpose(each: DisclosedNotice) -> Json:
    notice = each.notice
    return {
        "notice": notice.number,
        "purpose": each.title,
        "purpose_type": notice.procedure,
        "lawful_basis": "consent",
        "privacy_notice": each.sheet,
        "consent_time": _moment(each.told_at),
        "pii_information": [
            {"pii_type": line.label, "pii_attribute_id": line.name, "value": _sayable(line.shown)}
            for line in each.lines
        ],
        "assurance": [{"what": part.label, "said": _sayable(part.text), "proved": part.proved} for part in each.proved],
        "pii_controllers": [f"provider:{notice.provider}"],
        "pii_processors": ["portal"],
        "recipient_third_parties": [f"peer:{each.through}"] if each.through else [],
        "collection_method": "directly from the mover",
        "processing_method": notice.channel,
        "retention_until": _moment(each.deleted_at),
        "withdrawal_method": f"{settings.BASE_URL}/book/notices/{notice.id}/withdraw",
    }


def _parties(disclosure: Disclosure) -> Iterator[Json]:
    yield {
        "party_id": "portal",
        "party_role": "PII processor",
        "party_name": settings.PORTAL_NAME,
        "party_operator": settings.OPERATOR,
        "party_contact": settings.CONTACT,
        "party_url": settings.BASE_URL,
    }
    seen: set[str] = set()
    for each in disclosure.notices:
        party: Json = {
            "party_id": f"provider:{each.notice.provider}",
            "party_role": "PII controller",
            "party_name": each.name,
            "party_office": each.office,
            "party_phone": list(each.phones),
        }
        if party["party_id"] + each.office not in seen:
            seen.add(party["party_id"] + each.office)
            yield party


def _event(event: DisclosureEvent, number: str) -> Json:
    return {
        "event_time": _moment(event.at),
        "event_type": f"audit:{event.kind}" if event.is_audit else event.kind,
        "event_state": "" if event.is_audit else _CONSENT.get(event.kind, ""),
        "notice": number,
        "entity_id": _entity(event.entity),
        "role": event.role,
        "means": event.means,
    }


def _entity(entity: str) -> str:
    if entity == BUREAU:
        return "bureau"
    return entity if entity in (MOVER, PORTAL) else f"provider:{entity}"


def _moment(at: datetime) -> str:
    return at.astimezone(JAPAN).isoformat(timespec="microseconds")


def _sayable(text: str) -> str:
    """The text; a lone surrogate, which no JSON can hold, as the character that stands for what cannot be read."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
