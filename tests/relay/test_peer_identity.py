"""Who a peer's provider is says the operator, by slug and id: a name that a peer lists proves nothing."""

import shutil
from dataclasses import replace

import pytest

from renrakucho.mover.entries import MovePlace
from renrakucho.notice import offer
from renrakucho.notice.connected_providers import local_folders
from renrakucho.notice.offer import Offer, claimed_offers_at, find_offers
from tests import cast
from tests.providers.cast import ROOT
from tests.relay.cast import KANSAI, UMEDA, Portals, fetched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
SLUG = "kansai:osaka-water"


def listed_as(portals: Portals, name: str, municipality: str) -> None:
    """関西 lists its provider under this name, as serving this municipality."""
    folder = portals.folder / "providers"
    shutil.copytree(ROOT / "sandbox/relay/providers", folder)
    path = folder / "osaka-water/provider.toml"
    text = path.read_text("utf-8").replace("大阪市水道局", name).replace('"27102"', f'"{municipality}", "27102"')
    path.write_text(text, "utf-8")
    portals.providers[KANSAI] = folder
    fetched()


def offers_at(place: MovePlace) -> list[Offer]:
    entries = replace(cast.entries(()), destination=place, wishes={"water": ("arriving",)})
    return [each for finding in find_offers(entries) for each in finding.offers]


@pytest.mark.parametrize("name", ["東京都水道局", "東京都 水道局", "昭島市", "昭島市上下水道部"])
def test_a_name_of_ours_brings_a_peer_no_notices(portals: Portals, name: str) -> None:
    known = {each.name for each in offers_at(cast.CHIYODA)}
    listed_as(portals, name, cast.CHIYODA.municipality_code)
    receivers = [each for each in offers_at(cast.CHIYODA) if each.provider == SLUG]
    if offer._bare(name) in {offer._bare(each) for each in known}:
        assert receivers == []
    assert all(each.name == name for each in receivers)


def test_an_own_provider_is_not_impersonated_where_it_serves_nobody(portals: Portals) -> None:
    own = next(iter(local_folders().values()))
    listed_as(portals, own.name, "27102")
    place = replace(UMEDA, municipality_code="27102")
    assert [each.provider for each in claimed_offers_at(place, "water")] == []


def test_a_peers_own_name_is_offered_as_a_claim(portals: Portals) -> None:
    fetched()
    assert [each.provider for each in claimed_offers_at(UMEDA, "water")] == [SLUG]


def test_the_operators_word_makes_it_the_directorys_provider(portals: Portals) -> None:
    listed = next(each for each in offers_at(cast.CHIYODA) if each.name == "東京都水道局")
    directory_id = listed.key.rpartition(":")[2]
    path = portals.folder / "kanto.toml"
    path.write_text(f'{path.read_text("utf-8")}[peers.kansai.providers]\nosaka-water = "{directory_id}"\n', "utf-8")
    portals.go(portals.here)
    listed_as(portals, "東京都水道局", cast.CHIYODA.municipality_code)
    found = [each for each in offers_at(cast.CHIYODA) if each.key == listed.key]
    assert [(each.name, bool(each.through)) for each in found] == [("東京都水道局", False)]


def test_without_the_check_the_name_alone_would_do(portals: Portals, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: names are not compared."""
    monkeypatch.setattr(offer, "_bare", lambda name: object())
    own = next(iter(local_folders().values()))
    listed_as(portals, own.name, "27102")
    place = replace(UMEDA, municipality_code="27102")
    assert [each.provider for each in claimed_offers_at(place, "water")] == [SLUG]
