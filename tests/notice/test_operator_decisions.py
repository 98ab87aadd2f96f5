"""What an operator decides: pauses, providers that count as not connected, announcements; once each, and audited."""

import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from renrakucho.notice.connected_providers import NoSuchSheet, connected_sheet, frozen_sheet, sheet_for
from renrakucho.notice.notice_form import frozen_form
from renrakucho.notice.operator_acts import (
    BadDecision,
    announce,
    end_announcement,
    mark_connected,
    mark_not_connected,
    pause_lanes,
    resume_lanes,
)
from renrakucho.notice.operator_decisions import (
    DecisionKind,
    DecisionSnapshot,
    OperatorDecision,
    forget_decisions,
    is_marked_not_connected,
    pause_of,
    present_announcements,
)
from renrakucho.provider.audit_log import AuditEntry
from tests.receipt.cast import clerk, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER, SAID = "akishima-water", "市のシステムの点検のため、12月1日まで送信を止めています。"
HOUR = timedelta(hours=1)


def logged() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("deed", "about", "said"))


@pytest.mark.parametrize(
    ("provider", "channel", "paused"),
    [
        (WATER, "", {(WATER, "inbox"), (WATER, "webhook")}),
        ("", "inbox", {(WATER, "inbox"), ("tokyo-gas", "inbox")}),
        (WATER, "inbox", {(WATER, "inbox")}),
    ],
)
def test_a_provider_a_channel_or_one_lane_is_paused(provider: str, channel: str, paused: set[tuple[str, str]]) -> None:
    pause_lanes(None, provider=provider, channel=channel, sentence=SAID)
    lanes = {(who, how) for who in (WATER, "tokyo-gas") for how in ("inbox", "webhook")}
    assert {lane for lane in lanes if pause_of(*lane)} == paused


def test_the_closest_pause_is_the_one_that_movers_read() -> None:
    for provider, channel, sentence in ((WATER, "", "事業者"), ("", "inbox", "方式"), (WATER, "inbox", "両方")):
        pause_lanes(None, provider=provider, channel=channel, sentence=sentence)
    said = pause_of(WATER, "inbox")
    assert said
    assert said.said == "両方"


def test_the_sentence_is_shown_in_the_pages_language_where_it_has_it() -> None:
    pause = pause_lanes(None, channel="fax", sentence=SAID, english="Faxes wait until 1 December.")
    other = pause_lanes(None, channel="webhook", sentence=SAID)
    with override("en"):
        assert (pause.said, pause.said_in) == ("Faxes wait until 1 December.", "en")
        assert (other.said, other.said_in) == (SAID, "ja")
    assert (pause.said, pause.said_in) == (SAID, "ja")


def test_a_pause_ends_by_itself_and_can_be_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    ends_at = timezone.now() + HOUR
    pause_lanes(None, provider=WATER, sentence=SAID, ends_at=ends_at)
    OperatorDecision.objects.update(begins_at=ends_at - 3 * HOUR, ends_at=ends_at - 2 * HOUR)
    forget_decisions()
    assert pause_of(WATER, "inbox") is None
    pause_lanes(None, provider=WATER, sentence=SAID, ends_at=timezone.now() + HOUR)
    assert pause_of(WATER, "inbox")
    assert len(logged()) == 2


@pytest.mark.parametrize(
    ("act", "ends", "deeds"),
    [
        (
            lambda by: pause_lanes(by, provider=WATER, sentence=SAID),
            lambda by: resume_lanes(by, provider=WATER),
            [("paused", WATER, SAID), ("resumed", WATER, "")],
        ),
        (
            lambda by: mark_not_connected(by, WATER, sentence=SAID),
            lambda by: mark_connected(by, WATER),
            [("disconnected", WATER, SAID), ("connected", WATER, "")],
        ),
        (
            lambda by: announce(by, sentence=SAID),
            lambda by: [end_announcement(by, each.id) for each in OperatorDecision.objects.all()],
            [("announced", "", SAID), ("announcement_ended", "", SAID)],
        ),
    ],
    ids=["pause", "not connected", "announcement"],
)
def test_an_act_pressed_twice_is_done_and_logged_once(
    act: Callable[[object], object], ends: Callable[[object], object], deeds: list[tuple[str, str, str]]
) -> None:
    staff = clerk("bureau-1", provider=WATER)
    staff.save()
    for each in (act, act, ends, ends):
        each(staff)
    assert logged() == deeds
    assert {entry.staff for entry in AuditEntry.objects.all()} == {staff}
    assert not OperatorDecision.objects.exists()


def test_of_an_act_whose_audit_row_is_refused_nothing_remains() -> None:
    def refuse(execute: Callable[..., object], sql: str, *given: object) -> object:
        if sql.startswith(f'INSERT INTO "{AuditEntry._meta.db_table}"'):
            raise DatabaseError("the audit log is full")
        return execute(sql, *given)

    with connection.execute_wrapper(refuse), pytest.raises(DatabaseError, match="full"):
        pause_lanes(None, provider=WATER, sentence=SAID)
    assert not OperatorDecision.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"sentence": SAID}, "provider"),
        ({"provider": "no-such", "sentence": SAID}, "provider"),
        ({"channel": "pigeon", "sentence": SAID}, "channel"),
        ({"provider": WATER, "sentence": "  "}, "sentence"),
        ({"provider": WATER, "sentence": "長" * 201}, "sentence"),
        ({"provider": WATER, "sentence": "二行\nの文"}, "sentence"),
        ({"provider": WATER, "sentence": SAID, "english": "a\u202eb"}, "english"),
        ({"provider": WATER, "sentence": SAID, "ends_at": timezone.now() - HOUR}, "ends_at"),
    ],
    ids=["nothing", "provider", "channel", "empty", "long", "two lines", "reversed", "over"],
)
def test_what_cannot_be_decided_is_refused_by_its_field(given: dict[str, object], field: str) -> None:
    with pytest.raises(BadDecision) as refused:
        pause_lanes(None, **given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert logged() == []


def test_a_provider_marked_as_not_connected_is_only_listed_until_it_is_connected_again() -> None:
    assert connected_sheet(WATER, "start")
    mark_not_connected(None, WATER)
    assert is_marked_not_connected(WATER)
    assert connected_sheet(WATER, "start") is None
    with pytest.raises(NoSuchSheet):
        sheet_for(WATER, "start")
    mark_connected(None, WATER)
    assert connected_sheet(WATER, "start")


def test_what_was_entered_before_the_mark_still_has_its_form() -> None:
    notice, _staff = sent()
    mark_not_connected(None, WATER)
    assert frozen_sheet(notice, frozen_form(notice)).provider == WATER


@pytest.mark.parametrize("path", ["/", "/apply/", "/search", "/links", "/desk/login", "/standard/"])
def test_an_announcement_stands_on_pages_with_its_times(client: Client, path: str) -> None:
    begins_at = timezone.localtime().replace(2026, 12, 5, 1, 0, 0, 0)
    assert SAID not in client.get(path).content.decode()
    announce(None, sentence=SAID, begins_at=begins_at, ends_at=begins_at + 2 * HOUR)
    shown = client.get(path).content.decode()
    assert SAID in shown
    assert "12月5日(土) 01:00から12月5日(土) 03:00まで" in shown


def test_an_announcement_costs_no_query_a_page_and_is_known_within_five_seconds(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    forget_decisions()
    client.get("/search")
    OperatorDecision.objects.create(kind=DecisionKind.ANNOUNCEMENT, sentence=SAID, begins_at=timezone.now())
    with django_assert_num_queries(0):
        assert SAID not in client.get("/search").content.decode()
    clock[0] += 5
    assert SAID in client.get("/search").content.decode()


def test_while_the_database_does_not_answer_the_last_decisions_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    announce(None, sentence=SAID)
    assert [each.said for each in present_announcements()] == [SAID]

    def refuse(*_given: object) -> object:
        raise DatabaseError("gone")

    forget_decisions()
    with connection.execute_wrapper(refuse):
        assert [each.said for each in present_announcements()] == [SAID]
        assert DecisionSnapshot()() == ()


def test_the_command_line_decides_and_lists() -> None:
    def run(*words: str) -> str:
        printed = StringIO()
        call_command("operation", *words, stdout=printed)
        return printed.getvalue()

    run("pause", "--provider", WATER, "--channel", "inbox", "--sentence", SAID, "--until", "2099-12-01T03:00")
    run("disconnect", "tokyo-gas")
    run("announce", "--sentence", SAID, "--from", "2099-12-01T03:00")
    lines = run("list").splitlines()
    assert [line.split()[1:3] for line in lines] == [
        ["pause", f"{WATER}/inbox"],
        ["not_connected", "tokyo-gas/*"],
        ["announcement", "*/*"],
    ]
    assert "..2099-12-01T03:00" in lines[0]
    run("resume", "--provider", WATER, "--channel", "inbox")
    run("connect", "tokyo-gas")
    run("end", lines[2].split()[0])
    assert run("list") == ""
    for wrong in (("end", "1"), ("pause", "--sentence", SAID), ("announce", "--sentence", SAID, "--from", "soon")):
        with pytest.raises(CommandError):
            run(*wrong)
    assert {entry.staff for entry in AuditEntry.objects.all()} == {None}
