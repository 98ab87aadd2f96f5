"""HTTP client for peer portals: bounded in time and size, without redirects."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from renrakucho.channel.peer_portal import PeerPortal
from renrakucho.channel.relay.message_signing import AT, SIGNATURE, is_signed_response, sign_request
from renrakucho.lib import safe_http
from renrakucho.lib.errors import NoResponse
from renrakucho.lib.strict_json import parse_json_object

NOTICES = "/relay/v1/notices"  # POST: a notice, or its withdrawal
STANDING = "/relay/v1/standing"  # POST: the status of one notice
RECEIPTS = "/relay/v1/receipts"  # POST: receipts since a cursor
PROVIDERS = "/relay/v1/providers"  # GET: providers that the peer is connected to
SHEETS = "/relay/v1/sheets"  # GET /osaka-water/start/1: a provider's form

_LARGEST_RESPONSE = 8 * 1024 * 1024  # bytes: some thousands of providers


class NoPeerResponse(NoResponse):
    """The peer gave no response that can be used. arrived: whether it may have received the request."""

    def __init__(self, reason: str, *, arrived: bool) -> None:
        super().__init__(reason)
        self.arrived = arrived


@dataclass(frozen=True)
class PeerResponse:
    """A peer's response. signature: the peer's; empty where there is no valid one, and then `content` is empty."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)
    signature: str = ""


def post_to_peer(peer: PeerPortal, me: str, path: str, content: dict[str, Any]) -> PeerResponse:
    """POST a signed request; `me` is this portal's own URL. Raises NoPeerResponse."""
    body = json.dumps(content, separators=(",", ":")).encode()
    headers = sign_request(peer.secret, me, path, body, _now())
    response = exchange_with_peer(peer, path, body, {"Content-Type": "application/json", **headers})
    signed = {name: response.headers.get(name.lower(), "") for name in (AT, SIGNATURE)}
    if not is_signed_response(peer.secret, headers[SIGNATURE], response.status, response.body, signed, _now()):
        return PeerResponse(response.status)
    return PeerResponse(response.status, parse_json_object(response.body) or {}, signed[SIGNATURE])


def fetch_from_peer(peer: PeerPortal, path: str) -> bytes:
    """GET the bytes that the peer publishes at `path`. Raises NoPeerResponse, also where the status is not 200."""
    response = exchange_with_peer(peer, path, None, {"Accept": "application/json"})
    if response.status != 200:
        raise NoPeerResponse(f"{response.status} for {path}", arrived=True)
    return response.body


def exchange_with_peer(
    peer: PeerPortal, path: str, body: bytes | None, headers: dict[str, str]
) -> safe_http.SafeResponse:
    """One request to a peer; with a body it is a POST. Raises NoPeerResponse."""
    try:
        response = safe_http.safe_request(
            f"{peer.url}{path}", body, headers, named=peer.networks, largest=_LARGEST_RESPONSE + 1
        )
    except safe_http.NotSent as error:
        raise NoPeerResponse(str(error), arrived=False) from error
    except safe_http.NoHttpResponse as error:
        raise NoPeerResponse(f"no answer: {error}", arrived=True) from error
    if len(response.body) > _LARGEST_RESPONSE:
        raise NoPeerResponse("the answer is too long", arrived=True)
    return response


def _now() -> datetime:
    return datetime.now(UTC)
