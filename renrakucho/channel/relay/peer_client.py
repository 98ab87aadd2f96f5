"""Asking another portal, over HTTP: time and size are bounded, and nothing is followed elsewhere."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.message_signing import AT, SIGNATURE, is_signed_response, sign_request
from renrakucho.lib import safe_http
from renrakucho.lib.errors import NoResponse
from renrakucho.lib.strict_json import parse_json_object

NOTICES = "/relay/v1/notices"  # here is a notice, or its withdrawal
STANDING = "/relay/v1/standing"  # how does it stand
RECEIPTS = "/relay/v1/receipts"  # what have the providers said since
PROVIDERS = "/relay/v1/providers"  # who can be told through you
SHEETS = "/relay/v1/sheets"  # /osaka-water/start/1: the form that they are told in

_MOST = 8 * 1024 * 1024  # bytes of an answer: some thousands of providers


class NoPeerResponse(NoResponse):
    """The portal did not answer. arrived: whether it may have had the question all the same."""

    def __init__(self, why: str, *, arrived: bool) -> None:
        super().__init__(why)
        self.arrived = arrived


@dataclass(frozen=True)
class PeerResponse:
    """signature: the portal's own under this answer; empty where it is not signed, and so is nobody's word."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)
    signature: str = ""


def post_to_peer(peer: PeerPortal, me: str, path: str, content: dict[str, Any]) -> PeerResponse:
    """Post a signed question; `me` is this portal's own address. Raises NoAnswer."""
    body = json.dumps(content, separators=(",", ":")).encode()
    headers = sign_request(peer.secret, me, path, body, _now())
    said = exchange_with_peer(peer, path, body, {"Content-Type": "application/json", **headers})
    told = {name: said.headers.get(name.lower(), "") for name in (AT, SIGNATURE)}
    if not is_signed_response(peer.secret, headers[SIGNATURE], said.status, said.body, told, _now()):
        return PeerResponse(said.status)
    return PeerResponse(said.status, parse_json_object(said.body) or {}, told[SIGNATURE])


def fetch_from_peer(peer: PeerPortal, path: str) -> bytes:
    """What the portal publishes there, to the letter. Raises NoAnswer where it is not 200."""
    said = exchange_with_peer(peer, path, None, {"Accept": "application/json"})
    if said.status != 200:
        raise NoPeerResponse(f"{said.status} for {path}", arrived=True)
    return said.body


def exchange_with_peer(
    peer: PeerPortal, path: str, body: bytes | None, headers: dict[str, str]
) -> safe_http.SafeResponse:
    """There and back. Raises NoAnswer."""
    try:
        said = safe_http.safe_request(f"{peer.url}{path}", body, headers, named=peer.networks, largest=_MOST + 1)
    except safe_http.NotSent as error:
        raise NoPeerResponse(str(error), arrived=False) from error
    except safe_http.NoHttpResponse as error:
        raise NoPeerResponse(f"no answer: {error}", arrived=True) from error
    if len(said.body) > _MOST:
        raise NoPeerResponse("the answer is too long", arrived=True)
    return said


def _now() -> datetime:
    return datetime.now(UTC)
