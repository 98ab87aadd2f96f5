"""Two portals and the wire between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from renrakucho.channel.relay import wire
from renrakucho.notice.listed import look_again
from tests.relay.cast import KANTO, Portals, Wire, load_osaka


@pytest.fixture
def portals(directory: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portals]:
    made = Portals(settings, tmp_path)
    made.connect()
    made.go(KANTO)
    monkeypatch.setattr(wire, "exchange", Wire(made))
    load_osaka(made)
    yield made
    look_again()


@pytest.fixture
def line(portals: Portals) -> Wire:
    """The wire, to be cut and looked at."""
    there: Wire = wire.exchange  # type: ignore[assignment]
    return there
