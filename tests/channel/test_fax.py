"""Fax: what is handed over, and what is said of it."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image

from renrakucho.channel.address_test import AddressTestPage
from renrakucho.channel.fax.fax_channel import FAX, fax_page, send_fax, send_test_fax
from renrakucho.channel.fax.fax_line import BadFaxLine, fax_line_of
from renrakucho.channel.message import NoticeMessage, SenderPortal
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.sheet.filled import FilledLine, FilledSheet
from tests.channel.cast import notice_message
from tests.channel.hfaxd_in_play import Exchange, playing

NUMBER = "+81475000000"


def fax_message(server: str, **others: object) -> NoticeMessage:
    return notice_message(table={"number": NUMBER, "server": server}, **others)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    with playing() as made:
        yield made


def test_a_notice_is_submitted_as_a_job_of_one_dial(exchange: Exchange) -> None:
    exchange.becomes = [("ACTIVE", "")]
    given = fax_message(exchange.server)
    outcome = send_fax(given)
    assert (outcome.kind, outcome.reference) == (OutcomeKind.UNDER_WAY, "1")
    told = exchange.jobs["1"].parameters
    assert (told["DIALSTRING"], told["JOBINFO"]) == ("0475000000", given.key)
    assert (told["MAXDIALS"], told["MAXTRIES"]) == ("1", "1")
    with Image.open(io.BytesIO(exchange.documents[told["DOCUMENT"]])) as document:
        assert document.size == (1728, 2292)
        assert {found.text for found in zxingcpp.read_barcodes(document)} == {given.number, given.filled.way_back}


def test_nothing_of_the_mover_stands_outside_the_page(exchange: Exchange) -> None:
    exchange.becomes = [("ACTIVE", "")]
    send_fax(fax_message(exchange.server))
    assert exchange.heard
    assert not [said for said in exchange.heard if "𠮷田" in said or "/a/" in said]


def test_a_job_that_arrived_is_sent_with_its_evidence(exchange: Exchange) -> None:
    exchange.becomes = [("DONE", "")]
    given = fax_message(exchange.server)
    reference = send_fax(given).reference
    exchange.jobs["1"].log = [
        "Nov 25 17:36:24.41: [9]: SESSION BEGIN 000000001 0475000000",
        "Nov 25 17:36:30.00: [9]: MODEM TRACE",
        "Nov 25 17:36:55.11: [9]: SESSION END",
    ]
    outcome = send_fax(fax_message(exchange.server, reference=reference))
    assert outcome.kind == OutcomeKind.SENT
    assert "NPAGES 1, TOTPAGES 1, TOTDIALS 1, COMMID 000000001" in outcome.evidence
    assert "17:36:24" in outcome.evidence
    assert "17:36:55" in outcome.evidence
    assert "TRACE" not in outcome.evidence
    assert len(exchange.documents) == 1


@pytest.mark.parametrize(
    ("state", "status", "kind"),
    [
        ("ACTIVE", "", OutcomeKind.UNDER_WAY),
        ("READY", "", OutcomeKind.UNDER_WAY),
        ("FAILED", "Busy signal detected; too many attempts to dial", OutcomeKind.TRY_LATER),
        ("FAILED", "No answer from remote; too many attempts to dial", OutcomeKind.TRY_LATER),
        ("FAILED", "No carrier detected; too many attempts to dial", OutcomeKind.TRY_LATER),
        ("FAILED", "No local dialtone; too many attempts to dial", OutcomeKind.TRY_LATER),
        ("FAILED", "Remote has no T.4 receiver capability", OutcomeKind.TRY_LATER),
        ("FAILED", "Kill time expired", OutcomeKind.TRY_LATER),
        ("FAILED", "REJECT: Requested modem ttyS0 is not registered", OutcomeKind.REFUSED),
        ("FAILED", "Data connection established (wanted fax)", OutcomeKind.REFUSED),
        ("FAILED", "Job aborted by request", OutcomeKind.REFUSED),
        ("FAILED", "No response to EOP repeated 3 tries", OutcomeKind.UNKNOWN),
        ("FAILED", "Giving up after 3 attempts to send same page", OutcomeKind.UNKNOWN),
        ("FAILED", "something nobody has heard of", OutcomeKind.UNKNOWN),
    ],
)
def test_each_status_of_a_call_has_its_outcome_and_is_kept(
    exchange: Exchange, state: str, status: str, kind: OutcomeKind
) -> None:
    exchange.becomes = [(state, status)]
    reference = send_fax(fax_message(exchange.server)).reference
    outcome = send_fax(fax_message(exchange.server, reference=reference))
    assert outcome.kind == kind
    assert status in outcome.evidence
    assert bool(outcome.reference) == (kind == OutcomeKind.UNDER_WAY)


def test_a_job_of_a_crashed_attempt_is_found_and_not_sent_twice(exchange: Exchange) -> None:
    exchange.becomes = [("ACTIVE", "")]
    exchange.breaks = "JSUBM"
    assert send_fax(fax_message(exchange.server)).kind == OutcomeKind.UNKNOWN
    exchange.breaks = ""
    outcome = send_fax(fax_message(exchange.server))
    assert (outcome.kind, outcome.reference) == (OutcomeKind.UNDER_WAY, "1")
    assert "found" in outcome.evidence
    assert len(exchange.documents) == 1


def test_after_a_failed_dial_the_next_attempt_is_a_new_job(exchange: Exchange) -> None:
    exchange.becomes = [("FAILED", "Busy signal detected"), ("DONE", "")]
    assert send_fax(fax_message(exchange.server)).reference == "1"
    assert send_fax(fax_message(exchange.server)).reference == "2"


def test_a_withdrawal_is_another_job_than_its_notice(exchange: Exchange) -> None:
    exchange.becomes = [("DONE", ""), ("DONE", "")]
    given = fax_message(exchange.server)
    send_fax(given)
    assert send_fax(fax_message(exchange.server, key=f"{given.key}:withdrawn", withdrawn=True)).reference == "2"


def test_a_job_that_is_gone_is_unknown(exchange: Exchange) -> None:
    outcome = send_fax(fax_message(exchange.server, reference="17"))
    assert (outcome.kind, outcome.reference) == (OutcomeKind.UNKNOWN, "")


@pytest.mark.parametrize("command", ["USER", "JOBFMT", "STOT", "JNEW", "JPARM DOCUMENT"])
def test_a_broken_session_is_never_sent(exchange: Exchange, command: str) -> None:
    exchange.breaks = command
    assert send_fax(fax_message(exchange.server)).kind in (OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN)
    assert not [job for job in exchange.jobs.values() if job.state != "SUSPENDED"]


def test_a_missing_server_is_tried_again_later() -> None:
    with playing() as gone:
        server = gone.server
    assert send_fax(fax_message(server)).kind == OutcomeKind.TRY_LATER
    outcome = send_fax(fax_message(server, reference="3"))
    assert (outcome.kind, outcome.reference) == (OutcomeKind.UNDER_WAY, "3")


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"JSUBM": "460 Failed to submit job 1: Unspecified reason (scheduler NAK'd request)."}, OutcomeKind.TRY_LATER),
        ({"JNEW": "503 No."}, OutcomeKind.REFUSED),
        ({"JNEW": "200 Hello."}, OutcomeKind.UNKNOWN),
    ],
)
def test_a_refusal_of_the_server_has_its_outcome(
    exchange: Exchange, answers: dict[str, str], kind: OutcomeKind
) -> None:
    exchange.answers = answers
    outcome = send_fax(fax_message(exchange.server))
    assert outcome.kind == kind
    assert outcome.evidence.startswith("hfaxd: ")


def test_a_password_is_given_where_one_is_asked_for() -> None:
    with playing(password="sesame", becomes=[("ACTIVE", "")]) as made:
        assert send_fax(fax_message(f"hylafax://us:sesame@127.0.0.1:{made.port}")).kind == OutcomeKind.UNDER_WAY
        assert send_fax(fax_message(f"hylafax://us:open@127.0.0.1:{made.port}")).kind == OutcomeKind.TRY_LATER


def test_a_job_waits_for_a_line_no_longer_than_there_is_time(exchange: Exchange) -> None:
    exchange.becomes = [("ACTIVE", "")]
    send_fax(fax_message(exchange.server, until=datetime.now(UTC) + timedelta(hours=2, seconds=30)))
    assert exchange.jobs["1"].parameters["LASTTIME"] == "000200"


def test_an_unprintable_page_is_refused_before_anything_is_sent(exchange: Exchange) -> None:
    line = FilledLine("name", "お名前", "𓀀", "𓀀")
    outcome = send_fax(
        fax_message(exchange.server, filled=FilledSheet("a/stop@1", "使用中止", "inbox", "UTF-8", (line,)))
    )
    assert (outcome.kind, outcome.evidence) == (OutcomeKind.REFUSED, "cannot be printed: U+13000")
    assert exchange.heard == []


def test_the_test_page_has_no_mover_and_no_return_link(exchange: Exchange) -> None:
    exchange.becomes = [("DONE", "")]
    table = {"number": NUMBER, "server": exchange.server}
    given = AddressTestPage("trial:1", "48291370", SenderPortal("引越れんらく帳", "https://portal.example"), table)
    reference = send_test_fax(given).reference
    with Image.open(io.BytesIO(next(iter(exchange.documents.values())))) as document:
        assert zxingcpp.read_barcodes(document) == []
    asked = AddressTestPage("trial:1", "", given.portal, table, reference)
    assert send_test_fax(asked).kind == OutcomeKind.SENT


def test_the_moment_is_printed_as_clocks_in_japan_have_it() -> None:
    at = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)
    assert fax_page(notice_message(written_at=at)).written == "2026年12月1日(火) 01:05"


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+81475000000", "0,0475000000"),
        ("0475-00-0000", "0,0475000000"),
        ("+81 (475) 00-0000", "0,0475000000"),
        ("+12025550123", "0,01012025550123"),
    ],
)
def test_a_number_is_dialled_from_a_line_in_japan(number: str, dialled: str) -> None:
    assert fax_line_of({"number": number, "server": "hylafax://localhost?prefix=0,"}).dialled == dialled


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"number": NUMBER},
        {"server": "hylafax://localhost"},
        {"number": "117", "server": "hylafax://localhost"},
        {"number": NUMBER, "server": "localhost"},
        {"number": NUMBER, "server": "hylafax://localhost:high"},
        {"number": NUMBER, "server": "hylafax://localhost?modm=ttyS0"},
        {"number": NUMBER, "server": "hylafax://localhost?modem=ttyS0%0AJKILL"},
        {"number": NUMBER, "server": "mail://localhost?modem=ttyS0"},
    ],
)
def test_a_table_that_says_too_little_or_too_much_is_not_ready(table: dict[str, str]) -> None:
    assert FAX.table_faults(table)
    with pytest.raises(BadFaxLine):
        fax_line_of(table)
    assert send_fax(notice_message(table=table)).kind == OutcomeKind.REFUSED
