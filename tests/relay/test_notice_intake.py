"""What a portal takes in from another, and what it does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.message import SenderPortal
from renrakucho.channel.relay.relay_channel import relay_document
from renrakucho.delivery.data_retention import enforce_retention
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.mover.book import (
    NoSuchBook,
    draft_by_id,
    entries_of,
    is_confidential,
    open_with_access_key,
    save_entries,
)
from renrakucho.mover.facts import facts_of
from renrakucho.notice.confidential_notice import KeptConfidential
from renrakucho.notice.connected_providers import connected_sheet, sheet_for
from renrakucho.notice.models import Notice, PeerOrigin
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.relay import notice_intake
from renrakucho.relay.notice_intake import NoticeRejected, take_in_notice
from renrakucho.sheet.assurance import AssuranceRule
from renrakucho.sheet.form import Blank
from renrakucho.sheet.lead_time import LeadTime
from renrakucho.sheet.text_split import blank_chains, split_text
from renrakucho.sheet.window import ReceptionWindow
from tests import cast
from tests.relay.cast import KANSAI, KANTO, Portals, fetched, moving_to_osaka, peer

pytestmark = [pytest.mark.django_db]
Document = dict[str, Any]


@pytest.fixture
def written(portals: Portals) -> Document:
    """The document of a notice that 関東 has written."""
    fetched()
    return relay_document(DeliveryTask(enter_notice(moving_to_osaka()), FIRST_DELIVERY).message())


def taken(portals: Portals, written: Document) -> PeerOrigin:
    with portals.at(KANSAI):
        return take_in_notice(peer(), written)


def test_the_notice_gets_a_number_and_an_answer_code_of_its_own(portals: Portals, written: Document) -> None:
    notice = taken(portals, written).notice
    assert notice
    assert notice.number != written["number"]
    assert frozen_form(notice).way_back.startswith(KANSAI)
    assert "answer_url" not in written


def test_only_what_the_form_says_is_stored(portals: Portals, written: Document) -> None:
    written["facts"]["origin.block"] = "9-9-9"
    notice = taken(portals, written).notice
    assert notice
    kept = entries_of(notice.book)
    said = {name: text for name, text in written["facts"].items() if name != "origin.block"}
    said["destination.municipality_code"] = "27127"
    assert kept.items == said | {"holder.same": "no", "billing.to": "other"}
    assert facts_of(kept).items() >= said.items()
    assert "9-9-9" not in str(frozen_form(notice))


def test_nobody_opens_a_peer_book_and_it_is_kept_as_long_as_others(portals: Portals, written: Document) -> None:
    notice = taken(portals, written).notice
    assert notice
    with pytest.raises(NoSuchBook):
        open_with_access_key(cast.EMAIL, "0" * 24)
    enforce_retention(timezone.now() + timedelta(days=89))
    assert draft_by_id(str(notice.book_id)).access_key_hash is None
    enforce_retention(timezone.now() + timedelta(days=600))
    assert not Notice.objects.filter(id=notice.id).exists()


def test_a_repeated_notice_is_accepted_once(portals: Portals, written: Document) -> None:
    assert taken(portals, written) == taken(portals, written)
    assert Notice.objects.filter(provider="osaka-water").count() == 1


def changed(*place: str | int, to: object) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        *way, last = place
        for step in way:
            document = document[step]  # type: ignore[index]
        document[last] = to  # type: ignore[index]

    return change


def dropped(document: Document) -> None:
    document["form"]["lines"].pop()


def added(document: Document) -> None:
    document["form"]["lines"].append({"name": "extra", "label": "x", "text": "x", "shown": "x"})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("document", to="sheet"), "document"),
        (changed("number", to=17), "schema"),
        (changed("facts", to=None), "schema"),
        (changed("portal", "url", to="https://elsewhere.example"), "portal"),
        (changed("provider", "id", to="kyoto-water"), "provider"),
        (changed("procedure", to="change"), "provider"),
        (changed("form", "sheet", to="osaka-water/start@9"), "sheet"),
        (changed("form", "sheet", to="osaka-water/stop@1"), "sheet"),
        (dropped, "blanks"),
        (added, "blanks"),
        (changed("form", "lines", 0, "text", to=""), "cannot_say"),
        (changed("form", "lines", 0, "text", to="長" * 61), "cannot_say"),
        (changed("form", "lines", 8, "text", to="9"), "cannot_say"),
        (changed("facts", "move.arrive_on", to="2026-02-30"), "schema"),
        (changed("written_at", to="2026-02-31T10:00:00+09:00"), "schema"),
        (changed("written_at", to="0001-01-01T00:00:00+14:00"), "schema"),
        (changed("form", "lines", 9, "text", to="右\u202e左"), "unseen"),
        (changed("form", "lines", 9, "text", to="\x00"), "unseen"),
        (changed("form", "lines", 9, "text", to="右\u200b左"), "unseen"),
        (changed("form", "lines", 9, "text", to="\ud842"), "unseen"),
        (changed("facts", "destination.building", to="\x1b[2J"), "unseen"),
        (changed("number", to="1" * 41), "schema"),
    ],
)
def test_a_bad_document_is_rejected_with_its_place(
    portals: Portals, written: Document, change: Callable[[Document], None], reason: str
) -> None:
    change(written)
    with pytest.raises(NoticeRejected) as refusal:
        taken(portals, written)
    assert refusal.value.reason == reason
    assert "髙﨑" not in str(refusal.value)
    assert not PeerOrigin.objects.exists()
    assert not Notice.objects.filter(provider="osaka-water").exists()


@pytest.mark.parametrize(("written_ago", "reason"), [(timedelta(hours=47), ""), (timedelta(hours=49), "window")])
def test_the_window_counts_from_the_day_the_mover_wrote_for_two_days(
    portals: Portals, written: Document, monkeypatch: pytest.MonkeyPatch, written_ago: timedelta, reason: str
) -> None:
    """The mover was in time when the notice was written; a peer that claims an earlier moment is not believed."""
    with portals.at(KANSAI):
        sheet = connected_sheet("osaka-water", "start")
    assert sheet
    ahead = date.fromisoformat(written["facts"]["move.arrive_on"]) - timezone.localdate()
    wanted = LeadTime(ahead.days + 1)
    monkeypatch.setattr(
        notice_intake, "sheet_for", lambda *_: replace(sheet, window=ReceptionWindow("move.arrive_on", wanted, None))
    )
    written["written_at"] = (timezone.now() - written_ago).isoformat(timespec="seconds")
    if not reason:
        assert taken(portals, written).notice
        return
    with pytest.raises(NoticeRejected) as refusal:
        taken(portals, written)
    assert refusal.value.reason == reason


def test_replacement_texts_are_shown_as_changes(portals: Portals, written: Document) -> None:
    written["form"]["lines"][0]["text"] = "高崎　太郎"
    notice = taken(portals, written).notice
    assert notice
    (change,) = frozen_form(notice).changes
    assert (change.before, change.after) == ("髙﨑　太郎", "高崎　太郎")


def test_labels_come_from_the_providers_form(portals: Portals, written: Document) -> None:
    written["form"]["lines"][0]["label"] = "<b>振込先</b>"
    notice = taken(portals, written).notice
    assert notice
    assert frozen_form(notice).lines[0].label == "使用される方のお名前"


def test_the_longest_key_of_the_standard_fits(portals: Portals, written: Document) -> None:
    assert taken(portals, written | {"key": "k" * 200}).key == "k" * 200


def test_a_number_is_not_used_for_two_notices(portals: Portals, written: Document) -> None:
    taken(portals, written)
    with pytest.raises(NoticeRejected) as refusal:
        taken(portals, written | {"key": "another"})
    assert refusal.value.reason == "number"


def test_a_relayed_notice_is_not_relayed_again(portals: Portals, written: Document) -> None:
    """Only providers with a folder here are told, whatever other portals list."""
    with pytest.raises(NoticeRejected) as refusal:
        take_in_notice(
            peer(), written | {"portal": {"name": "関西", "url": KANSAI}}
        )  # at 関東, which knows it by relay alone
    assert refusal.value.reason == "provider"


def test_the_document_names_the_portal(portals: Portals, written: Document) -> None:
    assert written["portal"] == {"name": "関東れんらく帳", "url": KANTO}
    assert SenderPortal("関東れんらく帳", KANTO).contact == ""


def test_a_text_split_over_blanks_arrives_as_it_was_split(
    portals: Portals, written: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portals.at(KANSAI):
        sheet = connected_sheet("osaka-water", "start")
    assert sheet
    blanks = list(sheet.blanks)
    at = [blank.name for blank in blanks].index("address")
    blanks[at] = replace(blanks[at], longest=4)
    blanks.insert(at + 1, Blank("address2", "町名・番地（つづき）", rest_of="address", longest=40))
    split = replace(sheet, blanks=tuple(blanks))
    monkeypatch.setattr(notice_intake, "sheet_for", lambda *_: split)
    whole = written["form"]["lines"][at]["text"]
    first, rest = split_text(whole, blank_chains(split.blanks)["address"], "UTF-8") or []
    written["form"]["lines"][at]["text"] = first
    written["form"]["lines"].insert(at + 1, {"name": "address2", "label": "x", "text": rest, "shown": rest})
    notice = taken(portals, written).notice
    assert notice
    assert [line.text for line in frozen_form(notice).lines][at : at + 2] == [first, rest]
    assert (first + rest, frozen_form(notice).changes) == (whole, ())


def test_a_fixed_text_comes_from_the_providers_form(
    portals: Portals, written: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portals.at(KANSAI):
        sheet = sheet_for("osaka-water", "start")
    fixed = replace(sheet, blanks=(*sheet.blanks, Blank("kind", "種別", fixed="1")))
    monkeypatch.setattr(notice_intake, "sheet_for", lambda *_: fixed)
    line = {"name": "kind", "label": "種別", "text": "2", "shown": "2"}
    written["form"]["lines"].append(line)
    with pytest.raises(NoticeRejected, match="kind") as refusal:
        taken(portals, written)
    assert refusal.value.reason == "blanks"
    line["text"] = "1"
    assert taken(portals, written).notice


def test_the_peers_word_on_its_mover_is_kept_as_the_peers(portals: Portals, written: Document) -> None:
    written["assurance"] = {"mailbox_proved_at": "2026-11-28T14:04:00+09:00", "accepted_before": 2}
    written["assurance"] |= {"customer_number": "in_format"}  # the form of this start has no such blank
    notice = taken(portals, written).notice
    assert notice
    told = frozen_form(notice).assurance
    assert told
    assert (told.told_by, told.accepted_before, told.customer_number) == ("関東れんらく帳", 2, "not_asked")


def test_a_helper_whose_name_hides_text_is_refused(portals: Portals, written: Document) -> None:
    written["assurance"]["entered_by"] = {"role": "family", "name": "山田\u202e花子"}
    with pytest.raises(NoticeRejected, match="entered_by"):
        taken(portals, written)


@pytest.mark.parametrize(
    ("proved", "needed"),
    [({}, True), ({"login": "カード"}, True), ({"login": "カード", "login_matched": ["name"]}, False)],
)
def test_a_peers_notice_without_the_login_that_is_asked_for_needs_a_check(
    portals: Portals, written: Document, monkeypatch: pytest.MonkeyPatch, proved: Document, needed: bool
) -> None:
    """Mutant: without `proved` in needs_check every one does."""
    monkeypatch.setattr(
        notice_intake,
        "sheet_for",
        lambda *asked: replace(sheet_for(*asked), assurance=AssuranceRule(login=("name",))),
    )
    written["assurance"] |= proved
    notice = taken(portals, written).notice
    assert notice
    told = frozen_form(notice).assurance
    assert told
    assert (told.check_needed, told.lines()[3].proved) == (needed, bool(proved))
    assert ("この手続では求めています" in told.lines()[3].text) == (not proved)


def test_a_login_whose_name_hides_text_is_refused(portals: Portals, written: Document) -> None:
    written["assurance"]["login"] = "カード\u202eド"
    with pytest.raises(NoticeRejected, match="login"):
        taken(portals, written)


def test_a_peer_that_says_nothing_of_its_mover_proved_nothing_here(portals: Portals, written: Document) -> None:
    del written["assurance"]
    notice = taken(portals, written).notice
    assert notice
    assert frozen_form(notice).assurance is None


def test_the_confidential_mark_of_a_peer_is_taken_over(portals: Portals, written: Document) -> None:
    written["confidential"] = True
    notice = taken(portals, written).notice
    assert notice
    assert frozen_form(notice).confidential
    assert is_confidential(notice.book)


def test_a_confidential_notice_is_refused_where_it_would_go_on_by_an_open_channel(
    portals: Portals, written: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    written["confidential"] = True
    monkeypatch.setattr(notice_intake, "channel_for", lambda _slug, _procedure: "fax")
    with pytest.raises(NoticeRejected, match="confidential"):
        taken(portals, written)


def test_a_confidential_notice_goes_to_no_peer(portals: Portals) -> None:
    """A peer says nowhere that it keeps the mark; the mutant is a relay channel with `confidential=True`."""
    fetched()
    notice = moving_to_osaka()
    entered = entries_of(notice.book)
    save_entries(notice.book, replace(entered, confidential=True, disclosed=(notice.offer,)))
    with pytest.raises(KeptConfidential):
        enter_notice(notice)
