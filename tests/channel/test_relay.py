"""The relay: what another portal answers, and what is made of it."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from renrakucho.channel.connection_file import forget_connections, load_connections
from renrakucho.channel.connection_review import LoadedConnections
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.message_signing import SIGNATURE, is_signed_request, sign_response
from renrakucho.channel.relay.peer_client import NOTICES, STANDING, NoPeerResponse, fetch_from_peer
from renrakucho.channel.relay.relay_channel import send_to_peer
from tests.channel.cast import notice_message
from tests.listener import Listener, Received, Reply, listening

SECRET = "0123456789abcdef0123456789abcdef"
ME = "https://portal.example"
Answering = Callable[[Received], Reply]


def signing(status: int, secret: str = SECRET, **content: str) -> Answering:
    """A portal that answers so, and signs it."""

    def reply(received: Received) -> Reply:
        body = json.dumps(content).encode()
        asked = received.headers[SIGNATURE.lower()]
        return Reply(status, body, sign_response(secret, asked, status, body, datetime.now(UTC)))

    return reply


def at(there: Listener) -> PeerPortal:
    return PeerPortal("kansai", "関西", f"http://127.0.0.1:{there.port}", SECRET)


def handed(there: Listener, **others: object) -> Outcome:
    given = {"provider": "kansai:osaka-water", **others}
    return send_to_peer(notice_message(table={"peer": at(there)}, **given))


@pytest.mark.parametrize(
    ("standing", "kind", "back"),
    [
        ("entered", OutcomeKind.UNDER_WAY, OutcomeKind.UNKNOWN),
        ("sent", OutcomeKind.SENT, OutcomeKind.UNKNOWN),
        ("accepted", OutcomeKind.SENT, OutcomeKind.REFUSED),
        ("returned", OutcomeKind.SENT, OutcomeKind.UNKNOWN),
        ("undelivered", OutcomeKind.REFUSED, OutcomeKind.UNKNOWN),
        ("withdrawn", OutcomeKind.REFUSED, OutcomeKind.SENT),
        ("withdrawing", OutcomeKind.UNKNOWN, OutcomeKind.UNDER_WAY),
        ("not_withdrawn", OutcomeKind.UNKNOWN, OutcomeKind.REFUSED),
        ("something new", OutcomeKind.UNKNOWN, OutcomeKind.UNKNOWN),
        ("", OutcomeKind.UNKNOWN, OutcomeKind.UNKNOWN),
    ],
)
def test_a_status_at_the_peer_has_its_outcome(standing: str, kind: OutcomeKind, back: OutcomeKind) -> None:
    with listening(signing(200, standing=standing, there="210987654321")) as there:
        assert handed(there).kind == kind
        assert handed(there, withdrawn=True).kind == back


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (signing(422, reason="window"), OutcomeKind.REFUSED),
        (signing(409, reason="answered"), OutcomeKind.REFUSED),
        (signing(404, reason="number"), OutcomeKind.TRY_LATER),
        (signing(500), OutcomeKind.UNKNOWN),
        (signing(200, secret="another" * 5, standing="sent"), OutcomeKind.UNKNOWN),
        (lambda _: Reply(200, b'{"standing": "sent"}'), OutcomeKind.UNKNOWN),
        (lambda _: Reply(422, b'{"reason": "window"}'), OutcomeKind.UNKNOWN),
        (lambda _: Reply(200, b"<html>sorry</html>"), OutcomeKind.UNKNOWN),
        (lambda _: Reply(302, headers={"Location": "https://elsewhere.example"}), OutcomeKind.UNKNOWN),
        (lambda _: Reply(500), OutcomeKind.UNKNOWN),
        (lambda _: Reply(401), OutcomeKind.TRY_LATER),
        (lambda _: Reply(429), OutcomeKind.TRY_LATER),
        (lambda _: Reply(503), OutcomeKind.TRY_LATER),
        (lambda _: Reply(raw=b""), OutcomeKind.UNKNOWN),
        (lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"), OutcomeKind.UNKNOWN),
    ],
)
def test_an_unsigned_response_is_not_believed(reply: Answering, kind: OutcomeKind) -> None:
    with listening(reply) as there:
        outcome = handed(there)
    assert outcome.kind == kind
    assert outcome.evidence


def test_an_unreachable_peer_is_tried_again() -> None:
    with listening() as there:
        pass
    assert handed(there).kind == OutcomeKind.TRY_LATER
    assert handed(there, reference="210987654321").kind == OutcomeKind.UNKNOWN


def test_a_request_is_signed_and_uses_the_peers_names() -> None:
    with listening(signing(200, standing="entered", there="210987654321")) as there:
        outcome = handed(there, replaces="111111111111")
    (received,) = there.received
    assert is_signed_request(SECRET, ME, NOTICES, received.body, _titled(received), datetime.now(UTC))
    document = json.loads(received.body)
    assert document["provider"]["id"] == "osaka-water"
    assert (document["number"], document["replaces"]) == ("123456789012", "111111111111")
    assert "answer_url" not in document
    assert outcome.reference == "210987654321"


def test_a_status_request_holds_nothing_of_the_mover() -> None:
    with listening(signing(200, standing="sent", there="210987654321")) as there:
        assert handed(there, reference="210987654321").kind == OutcomeKind.SENT
    (received,) = there.received
    assert received.path == STANDING
    assert json.loads(received.body) == {"number": "123456789012"}


def test_a_fresh_notice_is_asked_often_and_an_old_one_seldom() -> None:
    with listening(signing(200, standing="entered", there="2")) as there:
        fresh = handed(there)
        middle = handed(there, written_at=datetime.now(UTC) - timedelta(seconds=100))
        old = handed(there, written_at=datetime.now(UTC) - timedelta(days=1))
    assert fresh.retry_after == timedelta(seconds=2)
    assert middle.retry_after
    assert timedelta(seconds=20) <= middle.retry_after < timedelta(seconds=24)
    assert old.retry_after == timedelta(minutes=5)


def test_published_bytes_are_read_unchanged() -> None:
    with listening(lambda _: Reply(200, "大阪".encode())) as there:
        assert fetch_from_peer(at(there), "/relay/v1/providers").decode() == "大阪"
    with listening(lambda _: Reply(404)) as there, pytest.raises(NoPeerResponse):
        fetch_from_peer(at(there), "/relay/v1/providers")


def _titled(received: Received) -> dict[str, str]:
    return {name.title(): text for name, text in received.headers.items()}


def peers_in(tmp_path: Path, **given: object) -> Mapping[str, PeerPortal]:
    return loaded_peers(tmp_path, **given).peers


def loaded_peers(tmp_path: Path, **given: object) -> LoadedConnections:
    said = {"name": "関西", "url": "https://kansai.example", "secret": SECRET, **given}
    path = tmp_path / "connections.toml"
    path.write_text("[peers.kansai]\n" + "".join(f"{key} = {json.dumps(it)}\n" for key, it in said.items()), "utf-8")
    forget_connections()
    return load_connections(path, "")


def test_a_peer_is_named_in_the_connections(tmp_path: Path) -> None:
    found = peers_in(tmp_path)["kansai"]
    assert (found.name, found.local_slug("osaka-water")) == ("関西", "kansai:osaka-water")
    assert peers_in(tmp_path, url="http://localhost:8300")["kansai"].networks
    assert not found.networks
    assert found.may_serve("13101")
    limited = peers_in(tmp_path, prefectures=["27"])["kansai"]
    assert limited.may_serve("27127")
    assert not limited.may_serve("13101")


@pytest.mark.parametrize(
    "given",
    [
        {"url": "http://kansai.example"},
        {"url": "https://kansai.example/"},
        {"url": "kansai.example"},
        {"secret": "short"},
        {"allow": ["no network"]},
        {"prefectures": ["大阪府"]},
        {"colour": "red"},
        {"url": 17},
    ],
)
def test_a_mistake_in_a_peer_is_named(tmp_path: Path, given: dict[str, object]) -> None:
    found = loaded_peers(tmp_path, **given)
    assert found.peers == {}
    (finding,) = found.findings
    assert (finding.provider, finding.severity) == ("peers.kansai", "error")
