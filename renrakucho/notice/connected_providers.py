"""Connected providers: those that this installation tells, itself or through a peer portal, and their sheets.

A local provider has a folder here and a connection of its own. A peer's provider comes from the listing that its portal
gave when it was last asked.
"""

import json
import logging
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from renrakucho.channel.channel_table import local_channel, peer_connection
from renrakucho.channel.connection import Connection
from renrakucho.channel.connection_file import load_connections
from renrakucho.channel.connection_review import LoadedConnections
from renrakucho.channel.login_issuer import LoginIssuer
from renrakucho.channel.message import SenderPortal
from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.fact.catalogue import Facts
from renrakucho.lib.errors import NotFound
from renrakucho.notice.models import Listing, Notice, SheetVersion
from renrakucho.notice.operator_decisions import is_marked_not_connected
from renrakucho.provider.folder import ProviderFolder, provider_folders
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import BY_PHONE, PROCEDURES, Procedure, RuleCase, Sheet
from renrakucho.sheet.procedure import municipality_of
from renrakucho.sheet.sheet_loader import load_sheets, parse_sheet
from renrakucho.standard.sheet import sheet_from

log = logging.getLogger(__name__)

_CACHE_SECONDS = 5.0  # a listing is fetched once a day; five seconds of the old one harm nobody
_Listed = tuple[PeerPortal, UUID, date]  # a portal, its newest listing, and the day it last confirmed that


class NoSuchSheet(NotFound):
    """The provider has no such form, or this installation is no longer connected with it."""


@dataclass(frozen=True)
class PeerProvider:
    """A provider that a peer portal tells; its `provider.slug` is the name that it has here (kansai:osaka-water)."""

    provider: ProviderFolder
    sheets: Mapping[Procedure, Sheet]
    connection: Connection


def local_folders() -> dict[str, ProviderFolder]:
    """Every provider that could be connected here, by slug."""
    return provider_folders(settings.PROVIDERS)


def connected_providers() -> dict[str, ProviderFolder]:
    """Local providers and those of peer portals, by slug; whoever has a folder here comes first."""
    listed = peer_providers()
    if not listed:
        return local_folders()
    return {**local_folders(), **{slug: peer.provider for slug, peer in listed.items()}}


def provider_name(provider: str) -> str:
    """The provider's name; its slug where nobody knows it any more."""
    known = connected_providers().get(provider)
    return known.name if known else provider


def relaying_portal(provider: str) -> str:
    """The name of the portal that hands notices on to this provider; empty where this one tells it itself."""
    known = connected_providers().get(provider)
    return known.through if known else ""


def sheets_of(provider: ProviderFolder) -> Mapping[Procedure, Sheet]:
    """Its forms, by procedure."""
    if provider.path:
        return load_sheets(provider.path)
    peer = peer_providers().get(provider.slug)
    return peer.sheets if peer else {}


def connection_of(provider: str) -> Connection | None:
    """This installation's connection with the provider; None where it is only listed here."""
    peer = peer_providers().get(provider)
    return local_connections().get(provider) or (peer.connection if peer else None)


def local_connections() -> Mapping[str, Connection]:
    """The connections of those providers that this installation tells itself, by slug."""
    return loaded_connections().connections


def loaded_connections() -> LoadedConnections:
    """The present version of connections.toml, with what is wrong in it."""
    mail_server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    return load_connections(settings.CONNECTIONS, settings.SANDBOX_URL, mail_server, settings.TRIAL_CONNECTIONS)


def is_connection_faulty(provider: str) -> bool:
    """Whether the provider, or the peer that tells it, is not connected for a mistake that the operator has to mend."""
    faulty = loaded_connections().faulty
    return provider in faulty or f"peers.{provider.partition(':')[0]}" in faulty


def connected_sheet(provider: str, procedure: Procedure, municipality: str = "") -> Sheet | None:
    """The form a notice would be told in, with the rules that hold in a municipality (東京都八王子市); None where the
    provider is only listed for this procedure, takes it there by phone only, or asks for an identity login that no
    issuer here gives.
    """
    sheet = None if is_marked_not_connected(provider) else _sheet_of(provider, procedure, municipality)
    return sheet if sheet and has_login_issuer(sheet) else None


def _sheet_of(provider: str, procedure: Procedure, municipality: str) -> Sheet | None:
    found = _connected(provider, procedure)
    sheet = found[0].where(municipality, found[1]) if found else None
    return None if sheet is None or sheet.by_phone else sheet


def phone_sheet(provider: str, procedure: str, municipality: str = "") -> Sheet | None:
    """The form whose by_phone tells the mover how to call, where the provider takes this procedure by phone only; None
    where it does not.
    """
    known = connected_providers().get(provider)
    sheet = next((each for name, each in sheets_of(known).items() if name == procedure), None) if known else None
    found = _connected(provider, sheet.procedure) if sheet else None
    local = sheet.where(municipality, found[1] if found else "") if sheet else None
    return local if local and local.by_phone else None


def channel_for(provider: str, procedure: Procedure, municipality: str = "") -> str:
    """The channel that would carry a notice; empty where the provider is only listed."""
    found = _connected(provider, procedure)
    return found[1] if found and connected_sheet(provider, procedure, municipality) else ""


def sheet_for(provider: str, procedure: str, facts: Facts | None = None) -> Sheet:
    """The form that a notice would be told in now, with the rules that hold where its facts say. Raises NoSuchSheet."""
    if is_marked_not_connected(provider):
        raise NoSuchSheet(f"{provider}: {procedure}")
    sheet = _sheet_at(provider, procedure, municipality_of(procedure, facts or {}))
    if not has_login_issuer(sheet):
        raise NoSuchSheet(f"{provider}: {procedure}")
    return sheet


def frozen_sheet(notice: Notice, form: FilledSheet) -> Sheet:
    """The form that a written notice was told in, with the rules that hold where its frozen form says.

    It is the version that the notice names; the present one where this installation has not kept that version. Raises
    NoSuchSheet where the provider is no longer connected; one that an operator marked so still answers for it.
    """
    municipality = frozen_municipality(notice, form)
    present = _sheet_at(notice.provider, notice.procedure, municipality)
    version = SheetVersion.objects.filter(key=notice.sheet).first() if present.key != notice.sheet else None
    if version is None:
        return present
    if notice.provider in peer_providers():
        told = _peer_sheet(version, notice.provider)
    else:
        told = parse_sheet(version.text, present.provider, present.procedure)
    return told.where(municipality, notice.channel)


def frozen_municipality(notice: Notice, form: FilledSheet) -> str:
    """The municipality at whose end the procedure was when it was told; empty where neither form nor facts say it."""
    return form.municipality or municipality_of(notice.procedure, form.facts)


def _sheet_at(provider: str, procedure: str, municipality: str) -> Sheet:
    for name in PROCEDURES:
        sheet = _sheet_of(provider, name, municipality) if name == procedure else None
        if sheet:
            return sheet
    raise NoSuchSheet(f"{provider}: {procedure}")


def _connected(provider: str, procedure: Procedure) -> tuple[Sheet, str] | None:
    peer = peer_providers().get(provider)
    if peer:
        return _connected_at_peer(peer, procedure)
    return _connected_here(provider, procedure, settings.PROVIDERS, loaded_connections())


@lru_cache(maxsize=1024)  # asked many times a page, and the same for one version of the connections
def _connected_here(
    provider: str, procedure: Procedure, root: Path, loaded: LoadedConnections
) -> tuple[Sheet, str] | None:
    folder = provider_folders(root).get(provider)
    connection = loaded.connections.get(provider)
    sheet = load_sheets(folder.path).get(procedure) if folder and folder.path and connection else None
    if sheet is None or connection is None or sheet.channel == BY_PHONE:
        return None
    channel = local_channel(connection, sheet, procedure)
    return (sheet, channel) if channel else None


def _connected_at_peer(peer: PeerProvider, procedure: Procedure) -> tuple[Sheet, str] | None:
    sheet = peer.sheets.get(procedure)
    channel = local_channel(peer.connection, sheet, procedure) if sheet and sheet.channel != BY_PHONE else None
    return (sheet, channel) if sheet and channel else None


def this_portal() -> SenderPortal:
    """This installation as the sender of notices."""
    return SenderPortal(settings.PORTAL_NAME, settings.BASE_URL, settings.CONTACT)


def login_issuers() -> Mapping[str, LoginIssuer]:
    """The OpenID issuers that log people in here, by their short names."""
    return loaded_connections().issuers


def identity_issuers(asked: Collection[str]) -> list[LoginIssuer]:
    """The issuers by which a mover can prove all of these claims."""
    return [issuer for issuer in login_issuers().values() if issuer.proves(asked)]


def has_login_issuer(sheet: Sheet) -> bool:
    """Whether a mover can make the identity login that the sheet asks for; True where it asks for none."""
    return not sheet.assurance.login or bool(identity_issuers(sheet.assurance.login))


def known_peers() -> Mapping[str, PeerPortal]:
    """The portals that this one exchanges notices with, by their short names."""
    return loaded_connections().peers


def peer_providers() -> Mapping[str, PeerProvider]:
    """Every provider of every peer portal, by the name it has here."""
    peers = tuple(known_peers().values())
    return _listed_providers(_newest_listings(peers)) if peers else {}


def forget_peer_providers() -> None:
    """Ask the database at the next call: a listing was fetched."""
    _newest_listings.forget()


class _NewestListings:
    """Cache: the newest listing of each peer, looked up at most once in five seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._peers: tuple[PeerPortal, ...] = ()
        self._listed: tuple[_Listed, ...] = ()
        self._good_until = 0.0

    def __call__(self, peers: tuple[PeerPortal, ...]) -> tuple[_Listed, ...]:
        with self._lock:
            if self._peers != peers or time.monotonic() >= self._good_until:
                self._peers, self._listed = peers, tuple(_listed(peers))
                self._good_until = time.monotonic() + _CACHE_SECONDS
            return self._listed

    def forget(self) -> None:
        self._good_until = 0.0


_newest_listings = _NewestListings()


def _listed(peers: tuple[PeerPortal, ...]) -> Iterator[_Listed]:
    for peer in peers:
        newest = Listing.objects.filter(portal=peer.slug).order_by("-confirmed_at").only("id", "confirmed_at").first()
        if newest:
            yield peer, newest.id, timezone.localdate(newest.confirmed_at)


@lru_cache(maxsize=4)
def _listed_providers(listings: tuple[_Listed, ...]) -> Mapping[str, PeerProvider]:
    found: dict[str, PeerProvider] = {}
    for peer, listing, as_of in listings:
        for entry in json.loads(Listing.objects.get(id=listing).text)["providers"]:
            try:
                provider = provider_from_listing(peer, entry, as_of)
                connection = peer_connection(peer, provider.slug)
                found[provider.slug] = PeerProvider(provider, dict(_listed_sheets(peer, entry)), connection)
            except (KeyError, TypeError, ValueError) as error:
                # A peer's mistake must not take our own pages away, nor what the other peers list.
                log.error("listing %s: a provider cannot be read: %s", listing, type(error).__name__)
    return found


def _listed_sheets(peer: PeerPortal, entry: Mapping[str, Any]) -> Iterator[tuple[Procedure, Sheet]]:
    channels = {form["procedure"]: form.get("channel", "") for form in listed_procedures(entry)}
    for version in SheetVersion.objects.filter(key__in=[peer.local_slug(key) for key in listed_sheet_keys(entry)]):
        sheet = _peer_sheet(version, peer.local_slug(entry["id"]))
        yield sheet.procedure, replace(sheet, cases=tuple(_cases_by_channel(sheet, channels[sheet.procedure])))


def _peer_sheet(version: SheetVersion, provider: str) -> Sheet:
    return replace(sheet_from(json.loads(version.text)), provider=provider)


def _cases_by_channel(sheet: Sheet, channel: str) -> Iterator[RuleCase]:
    """The rules that hold by the channel that the peer uses: from here, the relay is the only channel."""
    return (replace(case, channel="") for case in sheet.cases if case.channel in ("", channel))


def listed_procedures(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The procedures that a listed provider can be asked for, without those that this version does not know."""
    further = (form for form in entry.get("further_procedures", ()) if form["procedure"] in PROCEDURES)
    return [*entry.get("procedures", ()), *further]


def unknown_procedures(entry: Mapping[str, Any]) -> list[str]:
    """The codes of procedures that a listed provider takes and this version does not know."""
    return [form["procedure"] for form in entry.get("further_procedures", ()) if form["procedure"] not in PROCEDURES]


def listed_sheet_keys(entry: Mapping[str, Any]) -> list[str]:
    """The keys of the forms in which a listed provider is told through its portal."""
    return [form["sheet"] for form in listed_procedures(entry) if form["carried_by"] == "portal"]


def procedure_of_key(key: str) -> str:
    """The procedure in a sheet's key: osaka-water/start@1 → start."""
    return key.rpartition("/")[2].partition("@")[0]


def provider_from_listing(peer: PeerPortal, entry: Mapping[str, Any], as_of: date) -> ProviderFolder:
    """One provider of a listing. Where it serves only part of a place, it is not offered there: nobody can say to whom
    of those who live there.
    """
    codes = [place["lg_code"][:5] for place in entry.get("serves", ()) if place["extent"] == "whole"]
    return ProviderFolder(
        slug=peer.local_slug(entry["id"]),
        path=None,
        name=entry["name"],
        kana=entry.get("kana", ""),
        english=entry.get("english", ""),
        industry=entry["industry"],
        directory_ids=peer.directory_ids(entry["id"]),
        nationwide=False,
        phones=tuple(entry.get("phones", ())),
        homepage=entry.get("homepage", ""),
        moving_page=entry.get("moving_page", ""),
        checked_on=date.fromisoformat(entry["checked_on"]) if "checked_on" in entry else as_of,
        source=entry.get("source", peer.name),
        named_in_2005="",
        since_2005="",
        serves=tuple(code for code in codes if peer.may_serve(code)),
        through=peer.name,
    )
