"""What happened, in order, so that a system that reads on misses nothing."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.identifiers import first_uuid7_at
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_acts import pause_lanes, resume_lanes
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt import event_feed
from renrakucho.receipt.models import EventFeed, FeedEvent, Receipt, ReceiptKind
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from renrakucho.receipt.transitions import record_receipt
from tests.desk.cast import YOKOSUKA, confidential, sent
from tests.systems.cast import AKISHIMA, System, happened, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory", "unguarded")]


def test_arrivals_changes_and_withdrawals_are_listed_in_order() -> None:
    system = System()
    one, two = sent(), sent()
    new = replace_notice(one)
    deliver_due_notices("test")
    withdraw_notice(two)
    system.accept(new.number)
    told = system.get().json()
    assert happened(told) == [
        (one.number, "sent"),
        (two.number, "sent"),
        (one.number, "replaced"),
        (new.number, "sent"),
        (two.number, "withdrawn"),
        (new.number, "accepted"),
    ]
    assert told["notices"][2]["replaced_by"] == new.number
    assert told["notices"][3]["replaces"] == one.number
    assert "髙﨑" not in str(told)


@pytest.mark.parametrize(
    "lane", [{"provider": AKISHIMA}, {"channel": "pull"}, {"provider": AKISHIMA, "channel": "pull"}]
)
def test_a_pause_keeps_new_notices_off_the_list_of_a_system_that_fetches(
    settings: Any, tmp_path: Path, lane: dict[str, Any]
) -> None:
    ways = tmp_path / "ways.toml"
    ways.write_text(f"[{AKISHIMA}.pull]\n", "utf-8")
    settings.CONNECTIONS = str(ways)
    system, before = System(), sent()
    assert before.channel == "pull"
    after = system.get().json()["next"]
    pause_lanes(None, sentence="点検のため止めています。", **lane)
    held = sent()
    assert (held.status, system.get(after=after).json()["notices"]) == ("entered", [])
    assert system.accept(before.number).status_code == 200  # what was there is answered all the same
    resume_lanes(None, **lane)
    deliver_due_notices("test")
    assert happened(system.get(after=after).json()) == [(before.number, "accepted"), (held.number, "sent")]


def test_pagination_lists_each_receipt_once() -> None:
    system = System()
    numbers = [sent().number for _each in range(5)]
    seen: list[str] = []
    after = ""
    for _page in range(3):
        told = system.get(limit=2, **({"after": after} if after else {})).json()
        seen += [line["number"] for line in told["notices"]]
        after = told["next"]
    assert (seen, told["more"], told["rewound"]) == (numbers, False, False)
    assert system.get(after=after).json() == {"notices": [], "next": after, "more": False, "rewound": False}


def test_the_cursor_of_an_empty_page_lists_later_receipts() -> None:
    system = System()
    empty = system.get().json()
    notice = sent()
    assert happened(system.get(after=empty["next"]).json()) == [(notice.number, "sent")]


def test_a_receipt_is_listed_at_once_whatever_the_clock_said() -> None:
    """A machine whose clock is days behind, or ahead, wrote it: its time is shown and decides nothing."""
    system, first = System(), sent()
    after = system.get().json()["next"]
    for days in (-5, 5):
        notice = sent()
        moment = timezone.now() + timedelta(days=days)
        receipt = notice.receipts.get(kind=ReceiptKind.SENT)
        FeedEvent.objects.filter(receipt=receipt).update(receipt=first_uuid7_at(moment))
        Receipt.objects.filter(id=receipt.id).update(id=first_uuid7_at(moment), recorded_at=moment)
        told = system.get(after=after).json()
        assert happened(told) == [(notice.number, "sent")]
        after = told["next"]
    assert happened(system.get().json())[0] == (first.number, "sent")


def test_a_notice_that_two_machines_wrote_is_listed_in_the_order_of_its_receipts() -> None:
    """The key of the later receipt sorts before the earlier one's where the second machine's clock is behind."""
    notice = sent()
    receipt = record_receipt(notice, ReceiptKind.WITHDRAWN)
    key = first_uuid7_at(timezone.now() - timedelta(hours=1))
    FeedEvent.objects.filter(receipt=receipt).update(receipt=key)
    Receipt.objects.filter(id=receipt.id).update(id=key)
    assert happened(System().get().json()) == [(notice.number, "sent"), (notice.number, "withdrawn")]


def test_the_list_has_own_notices_of_the_wanted_status_only() -> None:
    system, notice = System(), sent()
    assert System(YOKOSUKA).get().json()["notices"] == []
    assert happened(system.get(status="sent").json()) == [(notice.number, "sent")]
    system.accept(notice.number)
    told = system.get(status="sent").json()
    assert told["notices"] == []
    assert system.get(after=told["next"]).json()["notices"] == []  # the filtered page has passed all of it
    assert len(system.get(status="accepted").json()["notices"]) == 2


@pytest.mark.parametrize("unsaid", [{"channel": "weblink"}, {"written_at": None}, {"provider": ""}])
def test_a_notice_that_was_not_written_to_the_provider_is_not_listed(unsaid: dict[str, Any]) -> None:
    notice = sent()
    after = System().get().json()["next"]
    Notice.objects.filter(id=notice.id).update(**unsaid)
    record_receipt(notice, ReceiptKind.WITHDRAWN)
    assert System().get(after=after).json()["notices"] == []


def test_a_receipt_that_is_deleted_is_passed_and_its_cursor_stays_good() -> None:
    """As where an operator deletes a mover's book."""
    system, first, gone = System(), sent(), sent()
    after = system.get().json()["next"]
    gone.book.delete()
    assert happened(system.get().json()) == [(first.number, "sent")]
    later = sent()
    told = system.get(after=after).json()
    assert (happened(told), told["rewound"]) == ([(later.number, "sent")], False)


def restore(number: int) -> None:
    """The database as it was when that many events had their number; the rest never happened."""
    feed = f"provider/{AKISHIMA}"
    gone = FeedEvent.objects.filter(feed=feed, number__gt=number)
    Receipt.objects.filter(id__in=gone.values("receipt_id")).delete()
    gone.delete()
    EventFeed.objects.filter(name=feed).update(last_number=number)


@pytest.mark.parametrize("anew", [0, 1, 2, 4])
def test_a_cursor_from_before_a_restore_is_rewound(anew: int) -> None:
    """Whether the restored database has had fewer events since, as many, or more."""
    system = System()
    kept = [sent().number for _each in range(3)]
    before = system.get().json()["next"]
    for _each in range(2):
        sent()
    lost = system.get().json()["next"]
    restore(3)
    new = [sent().number for _each in range(anew)]
    told = system.get(after=lost).json()
    assert (happened(told), told["rewound"]) == ([(number, "sent") for number in kept + new], True)
    assert system.get(after=told["next"]).json() == {**told, "notices": [], "rewound": False}
    told = system.get(after=before).json()
    assert (happened(told), told["rewound"]) == ([(number, "sent") for number in new], False)


@pytest.mark.parametrize(("steps", "begins"), [((2, 4), 5), ((3, 5), 6), ((2, 6), 1), ((6, 12), 1)])
def test_a_rewound_cursor_goes_on_at_the_last_anchor_that_agrees(
    monkeypatch: pytest.MonkeyPatch, steps: tuple[int, int], begins: int
) -> None:
    """Of seven events two were lost, and three came anew."""
    monkeypatch.setattr(event_feed, "_ANCHOR_STEPS", steps)
    system = System()
    numbers = [sent().number for _each in range(5)]
    for _each in range(2):
        sent()
    lost = system.get().json()["next"]
    restore(5)
    numbers += [sent().number for _each in range(3)]
    told = system.get(after=lost).json()
    assert (happened(told), told["rewound"]) == ([(number, "sent") for number in numbers[begins - 1 :]], True)


def test_a_cursor_of_another_provider_is_rewound_to_the_beginning() -> None:
    notice = sent()
    foreign = System().get().json()["next"]
    other = System(YOKOSUKA)
    assert other.get(after=foreign).json()["rewound"]
    Notice.objects.filter(id=notice.id).update(provider=YOKOSUKA)
    record_receipt(notice, ReceiptKind.WITHDRAWN)
    told = other.get(after=foreign).json()
    assert (happened(told), told["rewound"]) == ([(notice.number, "withdrawn")], True)


def test_an_anchor_is_a_thousand_or_a_hundred_thousand_events_back() -> None:
    assert event_feed._places(0) == [0, 0, 0]
    assert event_feed._places(1_000) == [1_000, 0, 0]
    assert event_feed._places(234_567) == [234_567, 234_000, 200_000]


def test_a_cursor_holds_a_large_number() -> None:
    number, feed = 2**38 - 1, f"provider/{AKISHIMA}"
    FeedEvent.objects.create(feed=feed, receipt_id=uuid4(), number=number)
    EventFeed.objects.create(name=feed, last_number=number)
    cursor = event_feed._cursor_at(feed, number)
    assert cursor.version == 8
    assert event_feed._place_of(feed, cursor, number) == (number, False)


def filled() -> None:
    """The feeds as the upgrade makes them out of the receipts."""
    migration = import_module("renrakucho.receipt.migrations.0006_fill_event_feeds")
    migration.fill_feeds(apps, SimpleNamespace(connection=connection))


@pytest.mark.parametrize("batch", [2, 5_000])
def test_the_upgrade_numbers_what_there_is_in_its_present_order(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    notices = [sent() for _each in range(3)]
    withdraw_notice(notices[0])
    expected = [*((notice.number, "sent") for notice in notices), (notices[0].number, "withdrawn")]
    FeedEvent.objects.all().delete()
    monkeypatch.setattr(import_module("renrakucho.receipt.migrations.0006_fill_event_feeds"), "BATCH", batch)
    filled()
    assert not FeedEvent.objects.filter(number=None).exists()
    system = System()
    told = system.get().json()
    assert happened(told) == expected
    filled()  # it was stopped, and is run again
    sent()
    filled()
    assert len(system.get(after=told["next"]).json()["notices"]) == 1
    assert FeedEvent.objects.count() == 5


def test_a_cursor_from_before_the_upgrade_goes_back_an_hour_and_on() -> None:
    system, notices = System(), [sent() for _each in range(3)]
    keys = []
    for notice, minutes in zip(notices, (90, 59, 1), strict=True):
        receipt = notice.receipts.get(kind=ReceiptKind.SENT)
        keys.append(first_uuid7_at(timezone.now() - timedelta(minutes=minutes)))
        Receipt.objects.filter(id=receipt.id).update(id=keys[-1])
    FeedEvent.objects.all().delete()
    filled()
    for old in (keys[2], first_uuid7_at(timezone.now())):
        told = system.get(after=str(old)).json()
        assert (happened(told), told["rewound"]) == ([(each.number, "sent") for each in notices[1:]], True)
    assert len(system.get(after=str(keys[0])).json()["notices"]) == 3
    assert system.get(after=told["next"]).json()["notices"] == []


FUTURE = first_uuid7_at(datetime(2999, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("after", [UUID(int=0), UUID(int=7 << 76 | 2 << 62), FUTURE])
def test_a_cursor_of_no_moment_or_of_the_future_begins_anew(after: UUID) -> None:
    notice = sent()
    assert happened(System().get(after=str(after)).json()) == [(notice.number, "sent")]


def test_a_poll_with_nothing_new_asks_few_questions() -> None:
    """Is there something new, how far is the feed, where is the cursor: none grows with what happened."""
    system = System()
    sent()
    after = system.get().json()["next"]
    with CaptureQueriesContext(connection) as asked:
        system.get(after=after)
    assert len([each for each in asked.captured_queries if "receipt_" in each["sql"]]) == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("limit", text) for text in ("0", "201", "-1", "x", "１", "", "9" * 30)],
        *[("after", text) for text in ("", "x", "1", str(UUID(int=1)), "0b0f3c6e-7f0e-4d0b-8a53-0b3f1e2f6c11")],
        *[("status", text) for text in ("", "SENT", "lost")],
        ("since", "1"),
    ],
)
def test_an_invalid_query_names_its_parameter(name: str, text: str) -> None:
    refused = System().get(**{name: text})
    assert reason(refused) == (422, "bad_query")
    assert refused.json()["field"] == name


def test_a_confidential_notice_is_read_with_a_reason_that_is_kept() -> None:
    """Fails where `_take_reason` is not called."""
    notice, system = confidential(destination__building="ひみつ荘"), System()
    refused = system.get(f"/{notice.number}")
    assert reason(refused) == (403, "reason_needed")
    assert "ひみつ荘" not in refused.text
    assert reason(system.get(f"/{notice.number}", reason="curious")) == (422, "bad_query")
    assert not Receipt.objects.filter(kind=ReceiptKind.OPENED).exists()
    for _time in range(2):
        assert "ひみつ荘" in system.get(f"/{notice.number}", reason="procedure").text
    entry = AuditEntry.objects.get(deed=AuditAction.REASON_GIVEN)
    assert (entry.staff, entry.number, entry.word) == (None, notice.number, "procedure")
    assert entry.key
    assert entry.key.provider == AKISHIMA
    assert reason(System().get(f"/{notice.number}")) == (403, "reason_needed"), "another key gives its own"
