"""Words of another portal that should not be believed, or come out of turn."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.relay import peer_client
from renrakucho.channel.relay.message_signing import SIGNATURE, sign_response
from renrakucho.channel.relay.peer_client import NoPeerResponse
from renrakucho.lib.safe_http import SafeResponse
from renrakucho.notice.models import Notice, Status
from renrakucho.provider.audit_log import AuditAction
from renrakucho.receipt.evidence import StaffActor, SystemActor
from renrakucho.receipt.models import Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice, mark_opened, receipt_number_of
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.relay import receipt_feed
from renrakucho.relay.models import ReceivedReceipt
from renrakucho.relay.receipt_feed import receipts_since
from renrakucho.relay.receipt_pull import BadReceipt, PullCursor, pull_receipts
from tests.receipt.cast import accept_notice, answered, export_notice
from tests.relay.cast import (
    KANSAI,
    SECRET,
    Portals,
    Wire,
    at_osaka,
    clerk,
    deliver,
    fetched,
    heard,
    moving_to_osaka,
    peer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]
NO_DAY = "2026-02-31T10:00:00+09:00"


@pytest.fixture
def accepted(portals: Portals) -> Notice:
    """受理 at 大阪市水道局; 関東 has not heard of it."""
    fetched()
    notice = enter_notice(moving_to_osaka())
    deliver()
    with portals.at(KANSAI):
        accept_notice(at_osaka(notice), clerk(), "17")
    return notice


class Saying(Wire):
    """A portal that says something else of receipts; `signs`: with the secret that both share."""

    def __init__(self, line: Wire, lie: Callable[[Any], object], signs: bool = True) -> None:
        super().__init__(line.portals)
        self.lie, self.signs = lie, signs

    def __call__(self, peer: Any, path: str, body: bytes | None, headers: dict[str, str]) -> SafeResponse:
        said = super().__call__(peer, path, body, headers)
        document = json.loads(said.body)
        self.lie(document)
        text = json.dumps(document).encode()
        signed = sign_response(SECRET, headers[SIGNATURE], 200, text, timezone.now())
        more = {name.lower(): word for name, word in signed.items()} if self.signs else {}
        return replace(said, body=text, headers={**said.headers, **more})


def receipt(**others: object) -> Callable[[Any], object]:
    return lambda document: document["receipts"][0]["receipt"].update(others)


def test_an_unsigned_receipt_is_not_recorded(accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, receipt(receipt_number="18"), signs=False))
    with pytest.raises(NoPeerResponse):
        heard()
    assert Notice.objects.get(id=accepted.id).status == Status.SENT


@pytest.mark.parametrize(
    "lie",
    [
        receipt(provider={"id": "kyoto-water", "name": "京都市上下水道局"}),
        receipt(portal={"name": "よその帳", "url": "https://elsewhere.example"}),
        receipt(number="999999999999"),
    ],
)
def test_a_receipt_for_another_notice_changes_nothing(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch, lie: Callable[[Any], object]
) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, lie))
    heard()
    assert Notice.objects.get(id=accepted.id).status == Status.SENT
    (received,) = ReceivedReceipt.objects.all()
    assert (received.notice, received.recorded) == (None, False)


def test_a_peer_cannot_answer_for_a_local_provider(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.portals.settings.CONNECTIONS = "sandbox/connections.toml"
    own = enter_notice(answered())
    line.portals.go(line.portals.here)
    lie = receipt(number=own.number, provider={"id": "akishima-water", "name": "昭島市水道部"})
    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, lie))
    heard()
    assert Notice.objects.get(id=own.id).status == Status.ENTERED


def test_a_bad_receipt_is_reported_and_the_rest_is_recorded(
    accepted: Notice, portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lie(document: Any) -> None:
        bad = {"at": document["receipts"][0]["at"], "receipt": {"kind": "accepted"}}
        document["receipts"].insert(0, bad)

    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, lie))
    with pytest.raises(BadReceipt):
        heard()
    assert receipt_number_of(Notice.objects.get(id=accepted.id)) == "17"


def test_the_stamp_has_the_day_of_acceptance_at_the_peer(accepted: Notice) -> None:
    """However late it is heard of."""
    there = at_osaka(accepted).receipts.get(kind=ReceiptKind.ACCEPTED)
    long_ago = there.recorded_at - timedelta(days=2)
    type(there).objects.filter(id=there.id).update(recorded_at=long_ago)
    heard()
    leaf = notice_view(Notice.objects.get(id=accepted.id))
    assert leaf.accepted_at == long_ago.replace(microsecond=0)
    assert leaf.history[-1].said_at == leaf.accepted_at < leaf.history[-1].at


def test_a_second_different_number_does_not_overwrite_the_first(accepted: Notice) -> None:
    answer_notice(accepted, ProviderAnswer("16"), SystemActor("telephone"))
    heard()
    assert receipt_number_of(Notice.objects.get(id=accepted.id)) == "16"
    assert not ReceivedReceipt.objects.get().recorded


def hiding_cursors(document: Any) -> None:
    """As a portal answers that does not know cursors yet."""
    del document["next"]


def test_a_receipt_of_a_slow_transaction_is_pulled_later(accepted: Notice) -> None:
    """However long it took, and whatever the clock of its machine said: its event comes to light after the pull."""
    late = at_osaka(accepted).receipts.get(kind=ReceiptKind.ACCEPTED)
    event = late.feed_events.get(feed="peer/kanto")
    event.delete()
    cursor = pull_receipts(peer(), PullCursor())
    assert not ReceivedReceipt.objects.exists()
    event.save(force_insert=True)
    Receipt.objects.filter(id=late.id).update(recorded_at=late.recorded_at - timedelta(days=1))
    pull_receipts(peer(), cursor)
    assert ReceivedReceipt.objects.get().recorded


def test_of_a_peer_without_cursors_the_last_ten_minutes_are_pulled_again(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, hiding_cursors))
    cursor = pull_receipts(peer(), PullCursor())
    late = at_osaka(accepted).receipts.get(kind=ReceiptKind.ACCEPTED)
    ReceivedReceipt.objects.all().delete()
    assert cursor == PullCursor("", late.recorded_at - timedelta(minutes=10))
    assert pull_receipts(peer(), cursor)
    assert ReceivedReceipt.objects.get().kind == ReceiptKind.ACCEPTED


def test_a_portal_without_cursors_is_answered_by_time(accepted: Notice, portals: Portals) -> None:
    moment = at_osaka(accepted).receipts.get(kind=ReceiptKind.ACCEPTED).recorded_at
    with portals.at(KANSAI):
        pages = [receipts_since(peer(), since)["receipts"] for since in (moment, moment + timedelta(seconds=1))]
    assert [len(page) for page in pages] == [1, 0]


def test_what_was_pulled_by_time_is_pulled_by_cursor_after_the_upgrade(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the beginning, once: what the time had passed by comes too."""
    with monkeypatch.context() as before:
        before.setattr(peer_client, "exchange_with_peer", Saying(line, hiding_cursors))
        cursor = pull_receipts(peer(), PullCursor())
    ReceivedReceipt.objects.all().delete()
    cursor = pull_receipts(peer(), replace(cursor, since=timezone.now() + timedelta(days=1)))
    assert ReceivedReceipt.objects.count() == 1
    line.asked.clear()
    assert pull_receipts(peer(), cursor).after == cursor.after
    assert len(line.asked) == 1


def test_a_receipt_that_is_too_early_holds_up_no_other(portals: Portals) -> None:
    fetched()
    early, other = enter_notice(moving_to_osaka()), enter_notice(moving_to_osaka())
    deliver(rounds=1)
    with portals.at(KANSAI):
        mark_opened(at_osaka(early), StaffActor(clerk()))
        accept_notice(at_osaka(other), clerk(), "17")
    cursor = pull_receipts(peer(), PullCursor())
    assert Notice.objects.get(id=other.id).status == Status.ACCEPTED
    assert not early.receipts.filter(kind=ReceiptKind.OPENED).exists()
    deliver(ahead=60)
    assert pull_receipts(peer(), cursor).after != cursor.after
    assert early.receipts.filter(kind=ReceiptKind.OPENED).exists()


@pytest.mark.parametrize(
    "bad",
    [{"receipt_number": "17\u202e"}, {"receipt_number": "1\ud800"}, {"reason": "右\u202e左"}, {"recorded_at": NO_DAY}],
)
def test_a_receipt_with_invisible_characters_is_rejected(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch, bad: dict[str, str]
) -> None:
    monkeypatch.setattr(peer_client, "exchange_with_peer", Saying(line, receipt(**bad)))
    with pytest.raises(BadReceipt):
        heard()
    assert Notice.objects.get(id=accepted.id).status == Status.SENT


def test_a_peer_clock_that_runs_ahead_loses_no_receipt(
    accepted: Notice, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = (timezone.now() + timedelta(days=400)).isoformat()
    monkeypatch.setattr(
        peer_client, "exchange_with_peer", Saying(line, lambda document: document["receipts"][0].update(at=ahead))
    )
    assert pull_receipts(peer(), PullCursor()).since < timezone.now()


def test_all_receipts_of_the_same_minutes_are_pulled(
    accepted: Notice, portals: Portals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking goes back ten minutes each time: what does not come through at once would never come."""
    with portals.at(KANSAI):
        for _more in range(40):
            export_notice(at_osaka(accepted), clerk())
    monkeypatch.setattr(receipt_feed, "MOST", 2)
    heard()
    assert ReceivedReceipt.objects.count() == 41


def test_many_receipts_are_pulled_page_by_page(
    accepted: Notice, portals: Portals, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portals.at(KANSAI):
        for _more in range(4):
            export_notice(at_osaka(accepted), clerk(), AuditAction.PRINTED)
    monkeypatch.setattr(receipt_feed, "MOST", 2)
    line.asked.clear()
    heard()
    assert ReceivedReceipt.objects.count() == ReceivedReceipt.objects.filter(recorded=True).count() == 5
    assert len(line.asked) > 2
