"""Two portals and the wire between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from renrakucho.channel.relay import peer_client
from renrakucho.notice.connected_providers import forget_peer_providers
from tests.relay.cast import KANTO, Portals, Wire, load_osaka


@pytest.fixture
def portals(directory: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portals]:
    made = Portals(settings, tmp_path)
    made.connect()
    made.go(KANTO)
    monkeypatch.setattr(peer_client, "exchange_with_peer", Wire(made))
    load_osaka(made)
    yield made
    forget_peer_providers()


@pytest.fixture
def line(portals: Portals) -> Wire:
    """The wire, to be cut and looked at."""
    there: Wire = peer_client.exchange_with_peer  # type: ignore[assignment]
    return there
