"""Two portals in one test: 関東, where the mover is, and 関西, where 大阪市水道局 has its desk.

They share a database and nothing else: each has its own providers, connections, name and secret words, and asks the
other over a wire that can be cut.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay import peer_client
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.safe_http import SafeResponse
from renrakucho.mover.book import begin_draft
from renrakucho.mover.entries import MovePlace
from renrakucho.notice.connected_providers import forget_peer_providers, known_peers
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.notice.sheet_versions import load_versions
from renrakucho.provider.staff import Staff
from renrakucho.relay.listing_sync import sync_listing
from renrakucho.relay.receipt_pull import PullCursor, pull_receipts
from tests import cast
from tests.providers.cast import ROOT

KANTO, KANSAI = "http://localhost:8000", "http://localhost:8300"
UMEDA = MovePlace("5300001", "27127", "大阪府", "大阪市北区", "梅田")
START = "water:start:kansai:osaka-water"
SECRET = "0123456789abcdef0123456789abcdef"
_PROVIDERS = {KANTO: ROOT / "providers", KANSAI: ROOT / "sandbox/relay/providers"}
_FILES = {KANTO: "kanto", KANSAI: "kansai"}
_NAMES = {KANTO: "関東れんらく帳", KANSAI: "関西引越し手続きサービス"}


@dataclass
class Wire:
    """What 関東 sends arrives at 関西, unless it is told otherwise. cut: «before» or «after» the question arrives."""

    portals: "Portals"
    cut: str = ""
    asked: list[tuple[str, bytes | None]] = field(default_factory=list)

    def __call__(self, peer: PeerPortal, path: str, body: bytes | None, headers: dict[str, str]) -> SafeResponse:
        self.asked.append((path, body))
        if self.cut == "before":
            raise peer_client.NoPeerResponse("cut", arrived=False)
        fields: dict[str, Any] = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items()}
        with self.portals.at(KANSAI):
            if body is None:
                response = Client().get(path, **fields)
            else:
                response = Client().post(path, body, content_type="application/json", **fields)
        if self.cut == "after":
            raise peer_client.NoPeerResponse("cut", arrived=True)
        response_headers = {name.lower(): text for name, text in response.items()}
        return SafeResponse(response.status_code, response_headers, response.content)


@dataclass
class Portals:
    """Where the test is: at 関東, but for what is done with `at(KANSAI)`."""

    settings: Settings
    folder: Path
    here: str = KANTO
    providers: dict[str, Path] = field(default_factory=lambda: dict(_PROVIDERS))

    @contextmanager
    def at(self, url: str) -> Iterator[None]:
        before = self.here
        self.go(url)
        try:
            yield
        finally:
            self.go(before)

    def go(self, url: str) -> None:
        self.here = url
        self.settings.BASE_URL, self.settings.PORTAL_NAME = url, _NAMES[url]
        self.settings.PROVIDERS = self.providers[url]
        self.settings.CONNECTIONS = str(self.folder / f"{_FILES[url]}.toml")
        forget_peer_providers()

    def connect(self) -> None:
        """Write both installations' connections."""
        (self.folder / "kanto.toml").write_text(_peer("kansai", KANSAI), "utf-8")
        (self.folder / "kansai.toml").write_text("[osaka-water]\ndesk = true\n" + _peer("kanto", KANTO), "utf-8")


def _peer(slug: str, url: str) -> str:
    return f'[peers.{slug}]\nname = "{_NAMES[url]}"\nurl = "{url}"\nsecret = "{SECRET}"\n'


def fetched() -> None:
    """関東 knows whom 関西 can tell."""
    sync_listing(peer(), timezone.now())


def peer() -> PeerPortal:
    """The other portal, where the test is."""
    (only,) = known_peers().values()
    return only


def heard() -> None:
    """関東 asks 関西 for everything that the providers ever said."""
    pull_receipts(peer(), PullCursor())


def moving_to_osaka(**others: str) -> Notice:
    """A registered book's notice for 大阪市水道局, with its own items answered."""
    entries = replace(cast.entries([START], **others), destination=UMEDA)
    book = begin_draft(entries)
    cast.access_key_of(book)
    notice = book.notices.get()
    keep_draft(notice, answers={"payment": "1", "notes": "玄関の右"})
    return notice


def at_osaka(notice: Notice) -> Notice:
    """The notice as 大阪市水道局 has it."""
    return Notice.objects.get(origin__number=notice.number)


def clerk() -> Staff:
    """At 大阪市水道局."""
    return Staff.objects.get_or_create(login_id="osaka-1", defaults={"provider": "osaka-water", "name": "西"})[0]


def deliver(*, ahead: int = 0, rounds: int = 2) -> None:
    """The worker goes its rounds, so many seconds ahead: one for both portals, since they share the database."""
    now = timezone.now() + timedelta(seconds=ahead)
    for _round in range(rounds):
        deliver_due_notices("worker", now=now)
        deliver_due_notices("worker", now=now + timedelta(seconds=1))
        now += timedelta(minutes=6)


def load_osaka(portals: Portals) -> None:
    """関西 keeps the versions of its forms, as at every start."""
    with portals.at(KANSAI):
        load_versions(_PROVIDERS[KANSAI] / "osaka-water", _PROVIDERS[KANSAI])
