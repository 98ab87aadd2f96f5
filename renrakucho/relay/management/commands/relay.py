"""`renrakucho relay fetch|list`: the other portals that this one exchanges notices with."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.peer_client import NoPeerResponse
from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.notice.connected_providers import PeerProvider, known_peers, peer_providers
from renrakucho.notice.models import AWAITING_ANSWER, Notice, PeerOrigin
from renrakucho.relay.listing_sync import BadListing, sync_listing
from renrakucho.relay.models import PollState


class Command(NounCommand):
    """Asks other portals what they list, and says how the exchange with each of them stands."""

    help = bilingual("ほかのポータルとの連携", "the other portals that notices are exchanged with")

    def add_verbs(self) -> None:
        """fetch, list."""
        fetch = self.add_verb(
            "fetch",
            self._fetch,
            bilingual("相手の一覧をいま読み込む", "fetch now what they list; the worker does it once a day"),
        )
        fetch.add_argument(
            "portal",
            nargs="*",
            help=bilingual(
                "connections.toml での名前。なければすべて",
                "its name in connections.toml; all where none is given",
            ),
        )
        self.add_verb(
            "list",
            self._list,
            bilingual("最後の応答と、回答待ちの件数を示す", "when each answered, and what waits for its answer"),
        )

    def _fetch(self, *, portal: list[str], **options: Any) -> None:
        """Raises CommandError where a portal could not be asked."""
        peers = _peers()
        unknown = sorted(set(portal) - peers.keys())
        if unknown:
            raise CommandError(f"not in connections.toml: {', '.join(unknown)}; there are {', '.join(peers)}")
        failed = [slug for slug in portal or peers if not self._fetch_one(peers[slug])]
        if failed:
            raise CommandError(f"What they listed before stays: {', '.join(failed)}")

    def _fetch_one(self, peer: PeerPortal) -> bool:
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

    def _list(self, **options: Any) -> None:
        for peer in _peers().values():
            self.stdout.write(f"{peer.slug}  {peer.name}  {peer.url}")
            for poll in PollState.objects.filter(portal=peer.slug).order_by("question"):
                answered = f"{timezone.localtime(poll.answered_at):%Y-%m-%d %H:%M}" if poll.answered_at else "never"
                self.stdout.write(
                    f"  {poll.question}: answered {answered}{f'; then: {poll.failed}' if poll.failed else ''}"
                )
            relayed = Notice.objects.filter(
                provider__startswith=peer.local_slug(""), status__in=AWAITING_ANSWER
            ).count()
            received = PeerOrigin.objects.filter(portal=peer.slug, notice__status__in=AWAITING_ANSWER).count()
            self.stdout.write(f"  waiting for an answer: {relayed} handed on to it, {received} taken in from it")


def _peers() -> Mapping[str, PeerPortal]:
    peers = known_peers()
    if not peers:
        raise CommandError("No other portal is in connections.toml; docs/relay.md says how one is added.")
    return peers


def _is_of(peer: PeerPortal, one: PeerProvider) -> bool:
    return one.provider.slug.startswith(peer.local_slug(""))
