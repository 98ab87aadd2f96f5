"""What a portal takes over of another's listing, and where it offers it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from renrakucho.channel.relay import peer_client
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.lib.safe_http import SafeResponse
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.notice import offer
from renrakucho.notice.connected_providers import channel_for, connected_sheet, forget_peer_providers, peer_providers
from renrakucho.notice.models import Listing, SheetVersion
from renrakucho.notice.offer import OfferFinding, find_offers
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.relay import peer_polling
from renrakucho.relay.listing_sync import BadListing, sync_listing
from renrakucho.relay.models import PollKind, PollState
from renrakucho.relay.peer_polling import poll_peers
from renrakucho.sheet.lead_time import LeadTime
from tests import cast
from tests.providers.cast import ROOT
from tests.relay.cast import KANSAI, UMEDA, Portals, Wire, fetched, moving_to_osaka, peer

pytestmark = [pytest.mark.django_db]
SLUG = "kansai:osaka-water"


def arriving_at(place: MovePlace) -> OfferFinding:
    wishes = {"water": ("arriving",)}
    (found,) = find_offers(replace(MoveEntries(), wishes=wishes, origin=cast.CHIYODA, destination=place))
    return found


def test_its_providers_are_offered_where_they_serve_and_it_is_said_through_whom(portals: Portals) -> None:
    assert arriving_at(UMEDA).status == "not_known"
    fetched()
    found = arriving_at(UMEDA)
    (one,) = found.offers
    assert (one.name, one.provider, one.through) == ("大阪市水道局", SLUG, "関西引越し手続きサービス")
    assert one.source
    assert one.as_of == "2026-11-25"
    assert found.status == "probably"  # another portal's word is no official source
    assert channel_for(SLUG, "start")
    assert not arriving_at(cast.AKISHIMA).offers[0].through


def test_a_portal_is_believed_for_its_prefectures_alone(portals: Portals) -> None:
    fetched()
    connections = portals.folder / "kanto.toml"
    connections.write_text(connections.read_text("utf-8") + 'prefectures = ["28"]\n', "utf-8")
    portals.settings.CONNECTIONS = str(shutil.copy(connections, portals.folder / "hyogo.toml"))
    assert arriving_at(UMEDA).offers == ()


def test_an_official_source_goes_before_what_another_portal_says(
    portals: Portals, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched()
    there = replace(providers_at("13101", "", "water"), status="exact")
    monkeypatch.setattr(offer, "providers_at", lambda *_: there)
    found = arriving_at(UMEDA)
    assert (found.status, [one.name for one in found.offers]) == ("exact", ["東京都水道局"])


def test_a_form_of_another_portal_says_the_same_as_at_home(portals: Portals) -> None:
    fetched()
    here = connected_sheet(SLUG, "start")
    with portals.at(KANSAI):
        there = connected_sheet("osaka-water", "start")
    assert here
    assert there
    assert here == replace(there, provider=SLUG)


CASES = """
[[case]]
channel = "inbox"
[case.window]
fact = "move.arrive_on"
earliest_days = 20
source = "https://water.example"
checked_on = 2026-11-25

[[case]]
channel = "fax"
by_phone = "FAXの用紙には書ききれません。"
"""


def test_rules_hold_that_go_with_the_channel_there(portals: Portals) -> None:
    shutil.copytree(ROOT / "sandbox/relay/providers", portals.folder / "providers")
    with (portals.folder / "providers/osaka-water/start.toml").open("a", encoding="utf-8") as form:
        form.write(CASES)
    portals.providers[KANSAI] = portals.folder / "providers"
    fetched()
    sheet = connected_sheet(SLUG, "start")
    assert sheet
    assert sheet.window
    assert sheet.window.earliest == LeadTime(20)


def test_the_same_listing_is_one_version_and_another_is_another(portals: Portals) -> None:
    later = timezone.now() + timedelta(days=1)
    first = sync_listing(peer(), later)
    assert sync_listing(peer(), later + timedelta(days=1)) == first
    assert SheetVersion.objects.filter(key__startswith="kansai:").count() == 2
    portals.providers[KANSAI] = portals.folder / "nobody"
    assert sync_listing(peer(), later + timedelta(days=2)) != first
    assert peer_providers() == {}


def test_without_the_peer_nobody_is_offered_any_more(portals: Portals) -> None:
    fetched()
    (portals.folder / "nothing.toml").write_text("")
    portals.settings.CONNECTIONS = str(portals.folder / "nothing.toml")
    assert arriving_at(UMEDA).offers == ()
    assert peer_providers() == {}


class Lying(Wire):
    """A portal that lists something wrong."""

    def __init__(self, line: Wire, path: str, lie: Callable[[Any], object]) -> None:
        super().__init__(line.portals)
        self.path, self.lie = path, lie

    def __call__(self, *given: Any) -> SafeResponse:
        said = super().__call__(*given)
        if self.path not in given[1]:
            return said
        document = json.loads(said.body)
        lied = self.lie(document)
        return replace(said, body=lied if isinstance(lied, bytes) else json.dumps(document).encode())


def provider(**others: object) -> Callable[[Any], object]:
    return lambda document: document["providers"][0].update(others)


@pytest.mark.parametrize(
    ("path", "lie"),
    [
        ("providers", lambda _: b"<html>sorry</html>"),
        ("providers", lambda _: b"[]"),
        ("providers", lambda _: b"\xff"),
        ("providers", lambda document: document["portal"].update(url="https://elsewhere.example")),
        ("providers", lambda document: document["providers"].append(document["providers"][0])),
        ("providers", provider(id="tokyo-waterworks")),
        ("providers", provider(id="o" * 60, procedures=[])),
        ("providers", provider(homepage="javascript:alert(1)")),
        ("providers", provider(industry=None)),
        ("providers", provider(name="大阪市\ud800水道局")),
        ("providers", lambda document: document["providers"][0]["procedures"][0].update(procedure="change")),
        ("providers", lambda document: document.update(compiled_at="2026-02-31T00:00:00+09:00")),
        ("sheets", lambda _: b"no form"),
        ("sheets", lambda document: document.update(version=7)),
        ("sheets", lambda document: document.update(carried_by="mover")),
        ("sheets", lambda document: document["blanks"][0].update(say="{person.shoe_size}")),
        ("sheets", lambda document: document["blanks"][0].update(pattern="(")),
    ],
)
def test_a_listing_with_a_mistake_is_not_taken_over(
    portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch, path: str, lie: Callable[[Any], object]
) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", Lying(line, path, lie))
    with pytest.raises(BadListing):
        fetched()
    assert not Listing.objects.exists()
    assert not SheetVersion.objects.filter(key__startswith="kansai:").exists()


def test_a_version_that_changed_is_refused_and_the_old_one_holds(
    portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched()
    monkeypatch.setattr(
        peer_client, "exchange_with_peer", Lying(line, "sheets", lambda document: document.update(title="別の様式"))
    )
    with pytest.raises(BadListing, match="never changes"):
        fetched()
    sheet = connected_sheet(SLUG, "start")
    assert sheet
    assert sheet.title == "水道の使用開始"


def test_a_version_whose_provider_has_a_new_name_is_the_same(
    portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched()
    renamed = Lying(line, "sheets", lambda document: document["provider"].update(name="大阪広域水道企業団"))
    monkeypatch.setattr(peer_client, "exchange_with_peer", renamed)
    fetched()
    assert SheetVersion.objects.filter(key__startswith="kansai:").count() == 2


def test_what_cannot_be_read_any_more_takes_no_page_away(portals: Portals) -> None:
    """As after an update here that reads more strictly."""
    fetched()
    SheetVersion.objects.filter(key__startswith="kansai:").update(text='{"blanks": []}')
    forget_peer_providers()
    assert arriving_at(UMEDA).offers == ()
    assert arriving_at(cast.AKISHIMA).offers


def test_the_worker_asks_and_says_what_went_wrong(portals: Portals, line: Wire) -> None:
    fetched()
    enter_notice(moving_to_osaka())
    line.cut = "before"
    while poll_peers("worker"):
        pass
    assert set(PollState.objects.values_list("question", "failed")) == {(one.value, "cut") for one in PollKind}
    line.cut = ""
    later = timezone.now() + timedelta(hours=1)
    assert [poll_peers("worker", now=later) for _each in range(2)] == [1, 1]
    assert set(PollState.objects.values_list("failed", flat=True)) == {""}
    assert SLUG in peer_providers()


def test_a_peer_whose_answer_breaks_the_polling_is_polled_again_later(
    portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_given: object) -> None:
        raise RuntimeError("what nobody thought of")

    monkeypatch.setattr(peer_polling, "sync_listing", breaks)
    while poll_peers("worker"):
        pass
    poll = PollState.objects.get(question=PollKind.PROVIDERS)
    assert (poll.failed, poll.leased_until) == ("RuntimeError", None)


def test_a_listing_is_polled_daily_and_receipts_more_often_while_notices_wait(portals: Portals, line: Wire) -> None:
    fetched()
    now = timezone.now()
    while poll_peers("worker", now=now):
        pass
    due = dict(PollState.objects.values_list("question", "due_at"))
    assert due == {PollKind.PROVIDERS: now + timedelta(days=1), PollKind.RECEIPTS: now + timedelta(seconds=30)}
    enter_notice(moving_to_osaka())
    now += timedelta(seconds=30)
    while poll_peers("worker", now=now):
        pass
    assert PollState.objects.get(question=PollKind.RECEIPTS).due_at == now + timedelta(seconds=10)
    line.cut, now = "before", now + timedelta(days=2)
    while poll_peers("worker", now=now):
        pass
    due = dict(PollState.objects.values_list("question", "due_at"))
    assert due == {PollKind.PROVIDERS: now + timedelta(minutes=10), PollKind.RECEIPTS: now + timedelta(minutes=1)}


def test_a_peer_without_notices_is_not_polled_for_receipts(portals: Portals, line: Wire) -> None:
    while poll_peers("worker"):
        pass
    assert not any(path.endswith("receipts") for path, _body in line.asked)
    assert PollState.objects.filter(answered_at=None).get().question == PollKind.RECEIPTS


def test_nothing_is_polled_without_peers(portals: Portals) -> None:
    portals.settings.CONNECTIONS = "sandbox/connections.toml"
    assert poll_peers("worker") == 0
    assert not PollState.objects.exists()


def test_the_command_says_who_can_be_told(portals: Portals, line: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("relay", "fetch")
    assert "大阪市水道局 (start, stop)" in capsys.readouterr().out.replace("stop, start", "start, stop")
    call_command("relay", "list")
    assert "0 handed on to it" in capsys.readouterr().out
    with pytest.raises(CommandError, match="there are kansai"):
        call_command("relay", "fetch", "kyushu")
    line.cut = "before"
    with pytest.raises(CommandError, match="stays: kansai"):
        call_command("relay", "fetch", "kansai")
