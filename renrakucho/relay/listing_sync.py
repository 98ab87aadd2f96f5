"""Listing sync: a peer portal's listing is fetched, checked as a whole and stored before movers are offered anything of
it.
"""

import json
import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import PROVIDERS, SHEETS, fetch_from_peer
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.invisible_chars import invisible_within
from renrakucho.notice.connected_providers import (
    forget_peer_providers,
    listed_procedures,
    listed_sheet_keys,
    procedure_of_key,
    unknown_procedures,
)
from renrakucho.notice.models import Listing, SheetVersion
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.standard.schemas import wrong_places
from renrakucho.standard.sheet import sheet_from

_LONGEST_KEY = 90  # characters, as it is called there
log = logging.getLogger(__name__)
_LONGEST_NAME = 64  # as it is called here


class BadListing(InvalidInput):
    """The portal's listing cannot be used; the message says where it is wrong. Its listing before stays valid."""


def sync_listing(peer: PeerPortal, now: datetime) -> Listing:
    """Fetch, check and store the listing. Returns the one that is valid now. Raises NoPeerResponse, BadListing."""
    raw = fetch_from_peer(peer, PROVIDERS)
    document = _document(raw, "providers", "the listing")
    texts = {key: _fetch_sheet(peer, key) for key in _sheet_keys(peer, document)}
    with transaction.atomic():
        for key, text in texts.items():
            _store_version(peer.local_slug(key), text, now)
        latest = _store_listing(peer, raw.decode(), now)
    forget_peer_providers()
    for entry in document["providers"]:
        for procedure in unknown_procedures(entry):
            log.warning(
                "%s: %s takes the procedure «%s», which this version does not know: it is left out here, and all else"
                " is offered. An upgrade may know it.",
                *(peer.slug, entry["id"], procedure),
            )
    return latest


def _sheet_keys(peer: PeerPortal, document: Mapping[str, Any]) -> list[str]:
    """The keys of the forms in which its providers are told through that portal. Raises BadListing."""
    if document["portal"]["url"] != peer.url:
        raise BadListing("$.portal.url is another portal's")
    providers = document["providers"]
    repeated = [name for name, times in Counter(entry["id"] for entry in providers).items() if times > 1]
    keys = [(entry["id"], key) for entry in providers for key in listed_sheet_keys(entry)]
    unusable = [key for name, key in keys if key.partition("/")[0] != name or len(key) > _LONGEST_KEY]
    unusable += [
        form["sheet"]
        for entry in providers
        for form in listed_procedures(entry)
        if procedure_of_key(form["sheet"]) != form["procedure"]
    ]
    unusable += [entry["id"] for entry in providers if len(peer.local_slug(entry["id"])) > _LONGEST_NAME]
    if repeated or unusable:
        raise BadListing(f"named twice, too long or as another's: {', '.join([*repeated, *unusable])[:200]}")
    return [key for _name, key in keys]


def _document(raw: bytes, kind: str, what: str) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadListing(f"{what} is no JSON") from None
    wrong = wrong_places(kind, document)
    if wrong:
        raise BadListing(f"{what} is not by the standard: {', '.join(wrong[:5])}")
    if invisible_within(document):
        raise BadListing(f"{what} holds characters that are no text")
    found: dict[str, Any] = document
    return found


def _fetch_sheet(peer: PeerPortal, key: str) -> str:
    """The text of one form, checked. Raises NoPeerResponse, BadListing."""
    raw = fetch_from_peer(peer, f"{SHEETS}/{key.replace('@', '/')}")
    document = _document(raw, "sheet", key)
    try:
        sheet = sheet_from(document)
    except (BadSheet, KeyError, TypeError, ValueError) as error:
        raise BadListing(f"{key} cannot be read: {error}") from error
    if sheet.key != key or sheet.procedure != procedure_of_key(key) or sheet.carried:
        raise BadListing(f"{key} is another form, or one that a browser has to carry")
    return raw.decode()


def _read(text: str) -> Sheet:
    # Versions are compared by content, not by text: the provider's name in the document may change.
    return sheet_from(json.loads(text))


def _store_version(key: str, text: str, now: datetime) -> None:
    version, _new = SheetVersion.objects.get_or_create(key=key, defaults={"text": text, "loaded_at": now})
    if version.text != text and _read(version.text) != _read(text):
        raise BadListing(f"{key} had another text before, and a version never changes")


def _store_listing(peer: PeerPortal, text: str, now: datetime) -> Listing:
    latest = Listing.objects.filter(portal=peer.slug).order_by("-confirmed_at").first()
    if latest and latest.text == text:
        latest.confirmed_at = now
        latest.save(update_fields=["confirmed_at"])
        return latest
    return Listing.objects.create(portal=peer.slug, text=text, fetched_at=now, confirmed_at=now)
