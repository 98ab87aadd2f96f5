"""A notice of the procedure `move` (stop and start together) at every stage: relay, desk, paper, fax, API and back.

A portal that does not know a procedure of another one leaves it out, and says so.
"""

import json
import logging
import shutil
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.relay import peer_client
from renrakucho.lib.safe_http import SafeResponse
from renrakucho.mover.entries import MovePlace
from renrakucho.notice.connected_providers import connected_sheet
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.notice.offer import find_offers
from renrakucho.notice.sheet_versions import load_versions
from renrakucho.paper.printed_page import draw_fax, draw_pdf, printed_page
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from renrakucho.receipt.provider_actions import receipt_number_of
from renrakucho.relay.listing_sync import sync_listing
from renrakucho.relay.notice_intake import NoticeRejected, take_in_notice
from tests import cast
from tests.desk.cast import address, seated
from tests.providers.cast import ROOT
from tests.relay.cast import KANSAI, Portals, Wire, at_osaka, clerk, deliver, fetched, heard, peer
from tests.systems.cast import System

pytestmark = [pytest.mark.django_db]

BOTH = "water:move:kansai:osaka-water"
HOME = MovePlace("5300001", "27127", "大阪府", "大阪市北区", "梅田")
NEW_HOME = MovePlace("5420081", "27128", "大阪府", "大阪市中央区", "南船場")
FORM = """
title = "水道の使用中止と使用開始"
version = 1
checked_on = 2026-11-28
source = "https://water.example/form"
channel = "inbox"
change = "until_accepted"
"""
BLANKS = {
    "name": ("お名前", "{holder.family_name}　{holder.given_name}"),
    "leave": ("中止する日", "{move.leave_on|year}年{move.leave_on|month}月{move.leave_on|day}日"),
    "arrive": ("開始する日", "{move.arrive_on|year}年{move.arrive_on|month}月{move.arrive_on|day}日"),
    "old": ("中止する場所", "{origin.municipality}{origin.town}{origin.block}"),
    "new": ("開始する場所", "{destination.municipality}{destination.town}{destination.block}"),
}


def _blank(name: str) -> str:
    label, say = BLANKS[name]
    return f'[[blank]]\nname = "{name}"\nlabel = "{label}"\nsay = "{say}"\nrequired = true\n'


@pytest.fixture
def osaka(portals: Portals) -> Portals:
    """関西, whose 大阪市水道局 takes stop and start in one notice."""
    folder = portals.folder / "providers"
    shutil.copytree(ROOT / "sandbox/relay/providers", folder)
    (folder / "osaka-water/move.toml").write_text(FORM + "".join(map(_blank, BLANKS)), "utf-8")
    portals.providers[KANSAI] = folder
    with portals.at(KANSAI):
        load_versions(folder / "osaka-water", folder)
    return portals


def moving_in_osaka() -> Notice:
    entries = replace(cast.entries([BOTH]), origin=HOME, destination=NEW_HOME)
    return cast.registered(entries).notices.get()


@pytest.fixture
def sent(osaka: Portals) -> Notice:
    """At the desk of 大阪市水道局."""
    fetched()
    notice = moving_in_osaka()
    keep_draft(notice, answers={})
    notice = enter_notice(notice)
    deliver()
    notice.refresh_from_db()
    return notice


def test_it_is_offered_relayed_and_accepted_at_the_desk(osaka: Portals, sent: Notice) -> None:
    assert (sent.procedure, sent.status) == ("move", Status.SENT)
    with osaka.at(KANSAI):
        there = at_osaka(sent)
        assert (there.procedure, there.status) == ("move", Status.SENT)
        browser = seated(clerk())
        listed = browser.get("/desk/").content.decode()
        assert "停止と開始" in listed
        page = browser.get(address("notice", there.id)).content.decode()
        for text in ("大阪市北区梅田5-6", "大阪市中央区南船場1-2-3", "水道の使用中止と使用開始"):
            assert text in page
        browser.post(address("accept", there.id), {"number": "大-2026-18", "check": "called_back"})
    heard()
    accepted = Notice.objects.get(id=sent.id)
    assert (accepted.status, receipt_number_of(accepted)) == (Status.ACCEPTED, "大-2026-18")


def test_the_providers_system_reads_both_ends_and_answers(osaka: Portals, sent: Notice) -> None:
    with osaka.at(KANSAI):
        there = at_osaka(sent)
        system = System("osaka-water")
        told = system.get(f"/{there.number}").json()
        assert told["notice"]["procedure"] == "move", told
        facts = told["notice"]["facts"]
        assert (facts["origin.town"], facts["destination.town"]) == ("梅田", "南船場")
        assert {"move.leave_on", "move.arrive_on"} <= facts.keys()
        answer = {"receipt_number": "大-7", "identity_check": "number_matched"}
        assert system.post(f"/{there.number}/accept", answer).status_code == 200
    heard()
    assert Notice.objects.get(id=sent.id).status == Status.ACCEPTED


def test_on_paper_and_by_fax_it_has_both_days_and_both_places(osaka: Portals, sent: Notice) -> None:
    with osaka.at(KANSAI):
        there = at_osaka(sent)
        filled = frozen_form(there)
        lines = {line.label: line.shown for line in filled.rows()}
        assert {"中止する日", "開始する日", "中止する場所", "開始する場所"} <= lines.keys()
        page = printed_page(
            filled,
            number=there.number,
            provider="大阪市水道局",
            written_at=timezone.localtime(there.written_at),
            portal="関西引越し手続きサービス",
            portal_url=KANSAI,
            contact="",
        )
        assert {"中止する日", "開始する日"} <= {label for label, *_text in page.lines}
        assert draw_pdf([page]).startswith(b"%PDF")
        assert len(draw_fax(page)) == 1


def test_it_can_be_withdrawn_over_the_relay(osaka: Portals, sent: Notice) -> None:
    withdraw_notice(sent)
    deliver(ahead=60)
    assert at_osaka(sent).status == Status.WITHDRAWN


def listing_with(procedure: str, line: Wire) -> Any:
    """What 関西 lists, with a procedure that nobody knows yet."""

    def asked(peer: Any, path: str, body: bytes | None, headers: dict[str, str]) -> SafeResponse:
        answer = line(peer, path, body, headers)
        if not path.endswith("providers"):
            return answer
        document = json.loads(answer.body)
        one = next(entry for entry in document["providers"] if entry["id"] == "osaka-water")
        form = {"procedure": procedure, "sheet": f"osaka-water/{procedure}@1", "carried_by": "portal"}
        one.setdefault("further_procedures", []).append(form)
        return SafeResponse(answer.status, answer.headers, json.dumps(document).encode())

    return asked


def test_a_portal_leaves_out_a_procedure_that_it_does_not_know_and_says_so(
    osaka: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", listing_with("inspection", line))
    with caplog.at_level(logging.WARNING):
        sync_listing(peer(), timezone.now())
    assert "kansai: osaka-water takes the procedure «inspection», which this version does not know" in caplog.text
    assert not [path for path, _body in line.asked if "inspection" in path]
    assert connected_sheet("kansai:osaka-water", "move")
    entries = replace(cast.entries([]), origin=HOME, destination=NEW_HOME, wishes={"water": ("leaving", "arriving")})
    keys = {key for finding in find_offers(entries) for key in finding.choice_keys()}
    assert BOTH in keys
    assert not [key for key in keys if "inspection" in key]


def test_a_notice_of_an_unknown_procedure_is_refused_and_not_guessed(osaka: Portals, sent: Notice, line: Wire) -> None:
    (raw,) = [body for path, body in line.asked if body and b'"move"' in body]
    document = {**json.loads(raw), "procedure": "inspection", "number": "999999999999", "key": "another"}
    with osaka.at(KANSAI):
        from_kanto = peer()
        with pytest.raises(NoticeRejected) as refusal:
            take_in_notice(from_kanto, document)
        assert (refusal.value.reason, refusal.value.where) == ("procedure", ("$.procedure",))
        assert not Notice.objects.filter(origin__number="999999999999").exists()
