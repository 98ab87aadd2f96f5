"""Fetching what another portal lists: checked whole, kept as a version, and only then offered to movers."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import PROVIDERS, SHEETS, fetch_from_peer
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.invisible_chars import invisible_within
from renrakucho.notice.models import Listing, SheetVersion
from renrakucho.notice.peer_listing import forget_peer_providers, listed_sheet_keys, procedure_of_key
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.toml_keys import BadSheet
from renrakucho.standard.schemas import wrong_places
from renrakucho.standard.sheet import sheet_from

_LONGEST_KEY = 90  # characters, as it is called there
_LONGEST_NAME = 64  # as it is called here


class BadListing(InvalidInput):
    """The portal's listing cannot be used; the message says where. What it listed before stays."""


def sync_listing(peer: PeerPortal, now: datetime) -> Listing:
    """Ask, check, keep. Returns the listing that holds. Raises NoAnswer, BadListing."""
    raw = fetch_from_peer(peer, PROVIDERS)
    document = _document(raw, "providers", "the listing")
    texts = {key: _form(peer, key) for key in _forms(peer, document)}
    with transaction.atomic():
        for key, text in texts.items():
            _keep(peer.local_slug(key), text, now)
        latest = _confirm(peer, raw.decode(), now)
    forget_peer_providers()
    return latest


def _forms(peer: PeerPortal, document: Mapping[str, Any]) -> list[str]:
    """The keys of the forms that its providers are told in through that portal."""
    if document["portal"]["url"] != peer.url:
        raise BadListing("$.portal.url is another portal's")
    providers = document["providers"]
    twice = [name for name, times in Counter(said["id"] for said in providers).items() if times > 1]
    keys = [(said["id"], key) for said in providers for key in listed_sheet_keys(said)]
    strange = [key for name, key in keys if key.partition("/")[0] != name or len(key) > _LONGEST_KEY]
    strange += [
        form["sheet"]
        for said in providers
        for form in said.get("procedures", ())
        if procedure_of_key(form["sheet"]) != form["procedure"]
    ]
    strange += [said["id"] for said in providers if len(peer.local_slug(said["id"])) > _LONGEST_NAME]
    if twice or strange:
        raise BadListing(f"named twice, too long or as another's: {', '.join([*twice, *strange])[:200]}")
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


def _form(peer: PeerPortal, key: str) -> str:
    """The text of one form, checked. Raises NoAnswer, BadListing."""
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
    # What a form says, and not how it is written down: the provider's name beside it may change.
    return sheet_from(json.loads(text))


def _keep(key: str, text: str, now: datetime) -> None:
    version, _new = SheetVersion.objects.get_or_create(key=key, defaults={"text": text, "loaded_at": now})
    if version.text != text and _read(version.text) != _read(text):
        raise BadListing(f"{key} had another text before, and a version never changes")


def _confirm(peer: PeerPortal, text: str, now: datetime) -> Listing:
    latest = Listing.objects.filter(portal=peer.slug).order_by("-confirmed_at").first()
    if latest and latest.text == text:
        latest.confirmed_at = now
        latest.save(update_fields=["confirmed_at"])
        return latest
    return Listing.objects.create(portal=peer.slug, text=text, fetched_at=now, confirmed_at=now)
