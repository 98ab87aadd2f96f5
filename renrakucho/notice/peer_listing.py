"""Providers that are connected at another portal, as that portal listed them when it was last asked."""

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from renrakucho.channel.channel_table import peer_connection
from renrakucho.channel.connection import Connection, load_peers
from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.notice.models import Listing, SheetVersion
from renrakucho.provider.folder import ProviderFolder
from renrakucho.sheet.form import Procedure, RuleCase, Sheet
from renrakucho.standard.sheet import sheet_from

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0  # a listing is fetched once a day; five seconds of the old one harm nobody
_Held = tuple[PeerPortal, UUID, date]  # a portal, its listing that holds, and when it last said so


@dataclass(frozen=True)
class PeerProvider:
    """One of them; its `provider.slug` is the name that it has here (kansai:osaka-water)."""

    provider: ProviderFolder
    sheets: Mapping[Procedure, Sheet]
    connection: Connection


def known_peers() -> dict[str, PeerPortal]:
    """The portals that this one exchanges notices with, by their short names."""
    return load_peers(settings.CONNECTIONS, settings.SANDBOX_URL)


def peer_providers() -> Mapping[str, PeerProvider]:
    """All of them by the names they have here."""
    them = tuple(known_peers().values())
    return _read(_latest(them)) if them else {}


class _Latest:
    """Which listings hold: the database is asked seldom."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._them: tuple[PeerPortal, ...] = ()
        self._held: tuple[_Held, ...] = ()
        self._good_until = 0.0

    def __call__(self, them: tuple[PeerPortal, ...]) -> tuple[_Held, ...]:
        with self._lock:
            if self._them != them or time.monotonic() >= self._good_until:
                self._them, self._held = them, tuple(_held(them))
                self._good_until = time.monotonic() + _LOOK_SECONDS
            return self._held

    def forget(self) -> None:
        self._good_until = 0.0


_latest = _Latest()


def forget_peer_providers() -> None:
    """Ask the database at the next call: something was fetched."""
    _latest.forget()


def _held(them: tuple[PeerPortal, ...]) -> Iterator[_Held]:
    for peer in them:
        newest = Listing.objects.filter(portal=peer.slug).order_by("-confirmed_at").only("id", "confirmed_at").first()
        if newest:
            yield peer, newest.id, timezone.localdate(newest.confirmed_at)


@lru_cache(maxsize=4)
def _read(held: tuple[_Held, ...]) -> Mapping[str, PeerProvider]:
    found: dict[str, PeerProvider] = {}
    for peer, listing, as_of in held:
        for said in json.loads(Listing.objects.get(id=listing).text)["providers"]:
            try:
                provider = provider_from_listing(peer, said, as_of)
                found[provider.slug] = PeerProvider(
                    provider, dict(_sheets(peer, said)), peer_connection(peer, provider.slug)
                )
            except (KeyError, TypeError, ValueError) as error:
                # What another portal said must not take our own pages away, nor what the others said.
                log.error("listing %s: a provider cannot be read: %s", listing, type(error).__name__)
    return found


def _sheets(peer: PeerPortal, said: Mapping[str, Any]) -> Iterator[tuple[Procedure, Sheet]]:
    there = {form["procedure"]: form.get("channel", "") for form in said.get("procedures", ())}
    for version in SheetVersion.objects.filter(key__in=[peer.local_slug(key) for key in listed_sheet_keys(said)]):
        sheet = sheet_from(json.loads(version.text))
        cases = tuple(_cases(sheet, there[sheet.procedure]))
        yield sheet.procedure, replace(sheet, provider=peer.local_slug(sheet.provider), cases=cases)


def _cases(sheet: Sheet, channel: str) -> Iterator[RuleCase]:
    """The rules that hold by the channel that the other portal has: for us it is one way, whatever it is there."""
    return (replace(case, channel="") for case in sheet.cases if case.channel in ("", channel))


def listed_sheet_keys(said: Mapping[str, Any]) -> list[str]:
    """The keys of the forms that a provider of a listing is told in through that portal."""
    return [form["sheet"] for form in said.get("procedures", ()) if form["carried_by"] == "portal"]


def procedure_of_key(key: str) -> str:
    """Of a sheet's key: osaka-water/start@1 → start."""
    return key.rpartition("/")[2].partition("@")[0]


def provider_from_listing(peer: PeerPortal, said: Mapping[str, Any], as_of: date) -> ProviderFolder:
    """One provider of a listing. Where it serves only part of a place, it is not offered there: nobody can say to whom
    of those who live there.
    """
    codes = [place["lg_code"][:5] for place in said.get("serves", ()) if place["extent"] == "whole"]
    return ProviderFolder(
        slug=peer.local_slug(said["id"]),
        path=None,
        name=said["name"],
        kana=said.get("kana", ""),
        english=said.get("english", ""),
        industry=said["industry"],
        directory_ids=(),
        nationwide=False,
        phones=tuple(said.get("phones", ())),
        homepage=said.get("homepage", ""),
        moving_page=said.get("moving_page", ""),
        checked_on=date.fromisoformat(said["checked_on"]) if "checked_on" in said else as_of,
        source=said.get("source", peer.name),
        named_in_2005="",
        since_2005="",
        serves=tuple(code for code in codes if peer.may_serve(code)),
        through=peer.name,
    )
