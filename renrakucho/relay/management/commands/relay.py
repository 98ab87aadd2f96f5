"""`renrakucho relay`: the other portals that this one exchanges notices with."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import NoPeerResponse
from renrakucho.notice.connected_providers import PeerProvider, known_peers, peer_providers
from renrakucho.notice.models import AWAITING_ANSWER, Notice, PeerOrigin
from renrakucho.relay.listing_sync import BadListing, sync_listing
from renrakucho.relay.models import PollState


class Command(BaseCommand):
    """fetch, list."""

    help = "Other portals: fetch what they list, or say how it goes with each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        fetched = verbs.add_parser("fetch", help="fetch now what they list; the worker does it once a day")
        fetched.add_argument("portal", nargs="*", help="its short name in connections.toml; all where none is named")
        verbs.add_parser("list", help="when each answered, and what waits for its answer")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError where a portal could not be asked."""
        peers = known_peers()
        if not peers:
            raise CommandError("No other portal is in connections.toml; docs/relay.md says how one is added.")
        if options["verb"] == "list":
            self._list(peers.values())
            return
        strange = sorted(set(options["portal"]) - peers.keys())
        if strange:
            raise CommandError(f"not in connections.toml: {', '.join(strange)}; there are {', '.join(peers)}")
        failed = [slug for slug in options["portal"] or peers if not self._fetch(peers[slug])]
        if failed:
            raise CommandError(f"What they listed before stays: {', '.join(failed)}")

    def _fetch(self, peer: PeerPortal) -> bool:
        try:
            sync_listing(peer, timezone.now())
        except (NoPeerResponse, BadListing) as error:
            self.stderr.write(f"{peer.slug}: {error}")
            return False
        names = [
            f"{one.provider.name} ({', '.join(one.sheets)})" for one in peer_providers().values() if _is_of(peer, one)
        ]
        self.stdout.write(f"{peer.slug}: {', '.join(names) or 'nobody'}")
        return True

    def _list(self, peers: Iterable[PeerPortal]) -> None:
        for peer in peers:
            self.stdout.write(f"{peer.slug}  {peer.name}  {peer.url}")
            for one in PollState.objects.filter(portal=peer.slug).order_by("question"):
                answered = f"{timezone.localtime(one.answered_at):%Y-%m-%d %H:%M}" if one.answered_at else "never"
                self.stdout.write(
                    f"  {one.question}: answered {answered}{f'; then: {one.failed}' if one.failed else ''}"
                )
            handed = Notice.objects.filter(provider__startswith=peer.here(""), status__in=AWAITING_ANSWER).count()
            taken = PeerOrigin.objects.filter(portal=peer.slug, notice__status__in=AWAITING_ANSWER).count()
            self.stdout.write(f"  waiting for an answer: {handed} handed on to it, {taken} taken in from it")


def _is_of(peer: PeerPortal, one: PeerProvider) -> bool:
    return one.provider.slug.startswith(peer.here(""))
