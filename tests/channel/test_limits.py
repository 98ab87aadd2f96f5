"""Limits and times of the channels, with their numbers written out."""

import base64
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from renrakucho.channel.connection import Connection
from renrakucho.channel.fax import mail_gateway
from renrakucho.channel.fax.fax_channel import send_fax
from renrakucho.channel.fax.fax_line import BadFaxLine, fax_line_of, fax_number_of
from renrakucho.channel.files.answer_file import answer_file_content, read_answer_files, waiting_answer_files
from renrakucho.channel.files.files_channel import wait_for_batch
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.message_signing import is_signed_request, is_signed_response, sign_request, sign_response
from renrakucho.channel.relay.peer_client import NoPeerResponse, fetch_from_peer
from renrakucho.channel.webhook.response_outcome import webhook_outcome
from renrakucho.channel.webhook.webhook_signing import BadWebhookSecret, webhook_headers
from renrakucho.channel.weblink.inspection.form_finding import quoted_list
from renrakucho.lib import safe_http
from renrakucho.lib.safe_http import SafeResponse
from tests.channel.cast import notice_message
from tests.channel.hfaxd_in_play import playing

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
LONG_AGO = 1_700_000_000  # seconds since 1970
NUMBER = "+81475000000"
PEER = PeerPortal("kansai", "関西", "https://kansai.example", "s" * 24)


class Stopped(OSError):
    """Raised instead of a connection."""


@pytest.mark.parametrize(
    ("left", "last_time"),
    [(None, "001200"), (timedelta(hours=30), "001200"), (timedelta(minutes=1), "000005")],
)
def test_a_fax_job_waits_for_a_line_from_five_minutes_to_twelve_hours(left: timedelta | None, last_time: str) -> None:
    until = datetime.now(UTC) + left if left else None
    with playing(becomes=[("ACTIVE", "")]) as exchange:
        send_fax(notice_message(table={"number": NUMBER, "server": exchange.server}, until=until))
        assert exchange.jobs["1"].parameters["LASTTIME"] == last_time


def test_a_fax_session_has_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def connect(self: Any, host: str, port: int, timeout: float) -> None:
        limits.append(timeout)
        raise Stopped

    monkeypatch.setattr("ftplib.FTP.connect", connect)
    outcome = send_fax(notice_message(table={"number": NUMBER, "server": "hylafax://fax.example"}))
    assert (outcome.kind, limits) == (OutcomeKind.TRY_LATER, [10])


def test_evidence_of_a_fax_has_1500_characters_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*given: Any, **named: Any) -> None:
        raise Stopped("x" * 2000)

    monkeypatch.setattr("ftplib.FTP.connect", connect)
    outcome = send_fax(notice_message(table={"number": NUMBER, "server": "hylafax://fax.example"}))
    assert len(outcome.evidence) == 1500


def test_a_mail_gateway_has_ten_seconds_and_is_looked_at_every_six_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def connect(host: str, port: int, timeout: float) -> None:
        limits.append(timeout)
        raise Stopped

    monkeypatch.setattr(mail_gateway, "SMTP", connect)
    table = {"number": NUMBER, "server": "mail://smtp.example?gateway=fax.example"}
    assert send_fax(notice_message(table=table)).kind == OutcomeKind.TRY_LATER
    assert limits == [10]
    assert send_fax(notice_message(table=table, reference="sent")).retry_after == timedelta(hours=6)


def test_fax_servers_have_their_usual_ports() -> None:
    assert fax_line_of({"number": NUMBER, "server": "hylafax://fax.example"}).port == 4559
    assert fax_line_of({"number": NUMBER, "server": "mail://smtp.example"}).port == 25


@pytest.mark.parametrize(("digits", "good"), [(7, False), (8, True), (15, True), (16, False)])
def test_a_fax_number_has_8_to_15_digits(digits: int, good: bool) -> None:
    number = "+" + "1" * digits
    if good:
        assert fax_number_of({"number": number}) == number
        return
    with pytest.raises(BadFaxLine):
        fax_number_of({"number": number})


def test_a_return_link_is_valid_for_48_hours_by_default() -> None:
    assert Connection("some-water").valid_hours == 48


def test_a_notice_waits_a_day_for_its_batch(tmp_path: Path) -> None:
    outcome = wait_for_batch(notice_message(table={"folder": str(tmp_path)}))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.UNDER_WAY, timedelta(days=1))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A file of answers in an exchange folder, last changed long ago."""
    folder = tmp_path / "answers"
    folder.mkdir()
    path = folder / "a.csv"
    path.write_text("れんらく番号,受付番号,差戻しの理由\n", "utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


@pytest.mark.parametrize(("seconds", "found"), [(59, 0), (60, 1)])
def test_an_answer_file_is_read_a_minute_after_its_last_change(
    answers: Path, monkeypatch: pytest.MonkeyPatch, seconds: int, found: int
) -> None:
    monkeypatch.setattr("time.time", lambda: LONG_AGO + seconds)
    assert len(list(waiting_answer_files(answers.parents[1]))) == found


DAY = 24 * 60 * 60


@pytest.mark.parametrize(("seconds", "found"), [(DAY - 1, 0), (DAY, 1)])
@pytest.mark.parametrize("name", [".a.csv", "~$a.xlsx", "a.csv.filepart", "a.csv.part", "A.CSV.TMP"])
def test_an_upload_that_was_broken_off_is_given_up_after_a_day(
    answers: Path, monkeypatch: pytest.MonkeyPatch, name: str, seconds: int, found: int
) -> None:
    answers.rename(answers.with_name(name))
    monkeypatch.setattr("time.time", lambda: LONG_AGO + seconds)
    assert len(waiting_answer_files(answers.parents[1])) == found


@pytest.mark.parametrize(("seconds", "found"), [(59, 0), (61, 1), (-100, 1)])
def test_an_answer_file_dated_ahead_is_read_a_minute_after_it_was_put_there(
    answers: Path, monkeypatch: pytest.MonkeyPatch, seconds: int, found: int
) -> None:
    """Its date is next year. And where the file server's own clock is ahead, nobody knows when that was."""
    next_year = answers.stat().st_ctime + 365 * DAY
    os.utime(answers, (next_year, next_year))
    put_there = answers.stat().st_ctime
    monkeypatch.setattr("time.time", lambda: put_there + seconds)
    assert len(waiting_answer_files(answers.parents[1])) == found


def test_an_answer_file_has_five_megabytes_at_most(answers: Path) -> None:
    answers.write_bytes(b"x" * 5 * 1024 * 1024)
    assert answer_file_content(answers)
    answers.write_bytes(b"x" * (5 * 1024 * 1024 + 1))
    assert answer_file_content(answers) is None


@pytest.mark.parametrize(("rows", "refused"), [(20_000, False), (20_001, True)])
def test_an_answer_file_has_20000_rows_at_most(answers: Path, rows: int, refused: bool) -> None:
    with answers.open("a", encoding="utf-8") as file:
        file.write("1,2,\n" * rows)
    os.utime(answers, (LONG_AGO, LONG_AGO))
    (read,) = read_answer_files({"folder": str(answers.parents[1])})
    assert bool(read.mistake) is refused
    assert len(read.rows) == (0 if refused else rows)


@pytest.mark.parametrize(
    ("slug", "secret", "good"),
    [("k" * 20, "s" * 24, True), ("k" * 21, "s" * 24, False), ("k" * 20, "s" * 23, False)],
)
def test_a_peer_has_a_slug_of_20_and_a_secret_of_24_characters(slug: str, secret: str, good: bool) -> None:
    if good:
        assert PeerPortal(slug, "関西", "https://kansai.example", secret)
        return
    with pytest.raises(ValueError, match=r"20 at most|fewer than 24"):
        PeerPortal(slug, "関西", "https://kansai.example", secret)


def test_a_response_of_a_peer_has_eight_megabytes_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 8 * 1024 * 1024
    body = b"x" * most
    monkeypatch.setattr(safe_http, "safe_request", lambda *given, largest, **named: SafeResponse(200, {}, body))
    assert len(fetch_from_peer(PEER, "/relay/v1/providers")) == most
    body += b"x"
    with pytest.raises(NoPeerResponse, match="too long"):
        fetch_from_peer(PEER, "/relay/v1/providers")


@pytest.mark.parametrize(("seconds", "good"), [(-300, True), (300, True), (-301, False), (301, False)])
def test_the_clocks_of_two_portals_may_differ_by_five_minutes(seconds: int, good: bool) -> None:
    at = NOW + timedelta(seconds=seconds)
    request = sign_request("secret", "https://kanto.example", "/path", b"{}", NOW)
    assert is_signed_request("secret", "https://kanto.example", "/path", b"{}", request, at) is good
    response = sign_response("secret", "asked", 200, b"{}", NOW)
    assert is_signed_response("secret", "asked", 200, b"{}", response, at) is good


def test_evidence_of_a_webhook_has_2000_characters_of_the_body() -> None:
    outcome = webhook_outcome(SafeResponse(500, {"content-type": "t" * 150}, b"x" * 3000), NOW)
    assert outcome.evidence == f"500 {'t' * 100}\n{'x' * 2000}"


def test_a_webhook_secret_has_24_bytes_at_least() -> None:
    good, short = ("whsec_" + base64.b64encode(bytes(length)).decode() for length in (24, 23))
    assert webhook_headers([good], "message", b"{}", NOW)
    with pytest.raises(BadWebhookSecret):
        webhook_headers([short], "message", b"{}", NOW)


def test_a_finding_lists_twelve_texts() -> None:
    assert quoted_list(["x"] * 12).count("«x»") == 12
    assert quoted_list(["x"] * 14).count("«x»") == 12
    assert quoted_list(["x"] * 14).endswith("… (+2)")
