"""A parcel as a document of the standard: what systems are sent, and what they read."""

from typing import Any

from renrakucho.channel.parcel import Parcel
from renrakucho.standard.notice import notice_document


def document_of(parcel: Parcel) -> dict[str, Any]:
    """The notice, or its withdrawal, as plain values."""
    return notice_document(
        parcel.filled,
        key=parcel.key,
        number=parcel.number,
        provider=parcel.provider,
        provider_name=parcel.provider_name,
        procedure=parcel.procedure,
        written_at=parcel.written_at,
        portal_name=parcel.portal.name,
        portal_url=parcel.portal.url,
        contact=parcel.portal.contact,
        replaces=parcel.replaces,
        withdrawn=parcel.withdrawn,
    )
