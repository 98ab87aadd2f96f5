"""The webhook: what a provider's system answers, and what is made of it."""

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.webhook.response_outcome import webhook_outcome
from renrakucho.channel.webhook.webhook_channel import has_webhook, push_webhook
from renrakucho.lib.safe_http import SafeResponse
from tests.channel.cast import HTML, SECRET, notice_message
from tests.listener import Listener, Reply, listening

OTHER = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def there() -> Iterator[Listener]:
    with listening() as made:
        yield made


def pushed(there: Listener, *, secret: object = SECRET, **others: object) -> Outcome:
    table = {"url": there.url(), "secret": secret, "allow": ["127.0.0.0/8"]}
    return push_webhook(notice_message(table=table, **others))


def test_the_receivers_verifier_accepts_the_signature(there: Listener) -> None:
    outcome = pushed(there)
    (received,) = there.received
    document = Webhook(SECRET).verify(received.body, dict(received.headers))
    assert (document["document"], document["number"]) == ("notice", "123456789012")
    assert received.headers["webhook-id"] == notice_message().key
    assert outcome.kind == OutcomeKind.SENT
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(received.body, dict(received.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(received.body.replace(b"123456789012", b"999999999999"), dict(received.headers))


def test_two_secrets_sign_at_once(there: Listener) -> None:
    pushed(there, secret=[SECRET, OTHER])
    (received,) = there.received
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(received.body, dict(received.headers))


def test_the_key_stays_the_same_over_every_attempt(there: Listener) -> None:
    pushed(there)
    pushed(there)
    assert [each.headers["webhook-id"] for each in there.received] == [notice_message().key] * 2


def test_a_withdrawal_has_its_own_key(there: Listener) -> None:
    pushed(there, key="a:withdrawn", withdrawn=True)
    (received,) = there.received
    assert received.headers["webhook-id"] == "a:withdrawn"
    assert json.loads(received.body)["document"] == "withdrawal"


@pytest.mark.parametrize("secret", ["", [], "whsec_", "whsec_c2hvcnQ=", "no prefix", "whsec_***", [SECRET, "whsec_x"]])
def test_without_a_good_secret_nothing_leaves(there: Listener, secret: object) -> None:
    outcome = pushed(there, secret=secret)
    assert (outcome.kind, there.received) == (OutcomeKind.REFUSED, [])
    assert outcome.evidence


def test_the_channel_is_ready_with_a_url_and_a_secret() -> None:
    assert has_webhook({"url": "https://provider.example", "secret": SECRET})
    assert not has_webhook({"url": "https://provider.example"})
    assert not has_webhook({"secret": SECRET})


def test_this_machine_is_reached_only_where_it_is_allowed(there: Listener) -> None:
    outcome = push_webhook(notice_message(table={"url": there.url(), "secret": SECRET}))
    assert (outcome.kind, there.received) == (OutcomeKind.TRY_LATER, [])
    outcome = push_webhook(notice_message(table={"url": there.url(), "secret": SECRET, "allow": ["everything"]}))
    assert (outcome.kind, there.received) == (OutcomeKind.REFUSED, [])


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"ok": true}', OutcomeKind.SENT),
        (200, b"", OutcomeKind.SENT),
        (202, b" \r\n", OutcomeKind.SENT),
        (204, b"", OutcomeKind.SENT),
        (200, HTML, OutcomeKind.UNKNOWN),
        (200, b"OK", OutcomeKind.SENT),
        (200, b"<?xml version='1.0'?><ok/>", OutcomeKind.SENT),
        (200, b"[" * 100_000, OutcomeKind.SENT),
        (200, b'{"message": "\x8e\xf3\x95t"}', OutcomeKind.SENT),  # Shift_JIS
        (200, gzip.compress(b'{"ok": true}', mtime=0), OutcomeKind.SENT),
        (302, b"", OutcomeKind.TRY_LATER),
        (304, b"", OutcomeKind.UNKNOWN),
        (400, b"", OutcomeKind.REFUSED),
        (401, b"", OutcomeKind.TRY_LATER),
        (403, b"", OutcomeKind.TRY_LATER),
        (404, HTML, OutcomeKind.REFUSED),
        (405, b"", OutcomeKind.REFUSED),
        (408, b"", OutcomeKind.TRY_LATER),
        (409, b"", OutcomeKind.SENT),
        (410, b"", OutcomeKind.REFUSED),
        (413, b"", OutcomeKind.REFUSED),
        (422, b'{"detail": "..."}', OutcomeKind.REFUSED),
        (429, b"", OutcomeKind.TRY_LATER),
        (500, HTML, OutcomeKind.UNKNOWN),
        (502, HTML, OutcomeKind.UNKNOWN),
        (503, HTML, OutcomeKind.TRY_LATER),
        (504, b"", OutcomeKind.UNKNOWN),
        (700, b"", OutcomeKind.UNKNOWN),
    ],
)
def test_a_response_has_its_outcome(status: int, body: bytes, kind: OutcomeKind) -> None:
    outcome = webhook_outcome(SafeResponse(status, {"content-type": "text/plain"}, body), NOW)
    assert outcome.kind == kind
    assert outcome.evidence.startswith(f"{status} text/plain")
    assert len(outcome.evidence) < 2_200
    assert outcome.gone is (status in (404, 405, 410))


def test_a_body_that_cannot_be_read_is_noted() -> None:
    for body, noted in ((b"OK", True), (gzip.compress(b"{}"), True), (b"{}", False), (b" ", False)):
        assert ("no JSON" in webhook_outcome(SafeResponse(200, {}, body), NOW).evidence) is noted


def test_a_page_for_people_is_not_sent_whatever_it_is_packed_in() -> None:
    page = SafeResponse(200, {"content-type": "text/html", "content-encoding": "gzip"}, gzip.compress(HTML))
    assert webhook_outcome(page, NOW).kind == OutcomeKind.UNKNOWN


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(NOW + timedelta(minutes=5), usegmt=True), timedelta(minutes=5)),
        (format_datetime(NOW - timedelta(minutes=5), usegmt=True), None),
        ("9" * 30, timedelta(hours=6)),
        ("0", None),
        ("-1", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_kept_up_to_six_hours(said: str, wait: timedelta | None) -> None:
    for status in (429, 503):
        assert webhook_outcome(SafeResponse(status, {"retry-after": said}, b""), NOW).retry_after == wait


def test_a_late_response_is_unknown_and_a_closed_port_is_tried_later(
    there: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("renrakucho.channel.webhook.webhook_channel.SECONDS", 0.2)
    there.waiting.clear()
    assert pushed(there).kind == OutcomeKind.UNKNOWN
    with listening() as gone:
        pass
    assert pushed(gone).kind == OutcomeKind.TRY_LATER


def test_html_instead_of_json_is_not_sent() -> None:
    with listening(lambda _: Reply(200, HTML, {"Content-Type": "text/html"})) as there:
        assert pushed(there).kind == OutcomeKind.UNKNOWN
