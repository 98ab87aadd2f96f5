"""Signatures of relay messages: HMAC-SHA256 with the peers' shared secret, over request and response.

    Relay-Portal: https://kanto.example     the sender's URL
    Relay-At: 1764057600                    seconds since 1970; five minutes off at most
    Relay-Signature: …                      hex, over: ask, portal, path, at, SHA-256 of the body
                                            of a response: answer, signature of the request, status, at, SHA-256

Each part is a line of the signed text. A response is bound to its request, which prevents replay.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from renrakucho.lib.signing import is_signature_of, sign_parts

PORTAL, AT, SIGNATURE = "Relay-Portal", "Relay-At", "Relay-Signature"
_CLOCK_TOLERANCE = timedelta(minutes=5)

Headers = Mapping[str, str]


def sign_request(secret: str, portal: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a request. `path` begins with a slash, and includes the query."""
    at = _seconds(now)
    return {PORTAL: portal, AT: at, SIGNATURE: sign_parts(secret, "ask", portal, path, at, _digest(body))}


def is_signed_request(secret: str, portal: str, path: str, body: bytes, headers: Headers, now: datetime) -> bool:
    """Whether the request is signed by this portal, within the last five minutes."""
    at = headers.get(AT, "")
    return _is_recent(at, now) and is_signature_of(
        secret, headers.get(SIGNATURE, ""), "ask", portal, path, at, _digest(body)
    )


def sign_response(secret: str, asked: str, status: int, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a response; `asked` is the request's signature."""
    at = _seconds(now)
    return {AT: at, SIGNATURE: sign_parts(secret, "answer", asked, str(status), at, _digest(body))}


def is_signed_response(secret: str, asked: str, status: int, body: bytes, headers: Headers, now: datetime) -> bool:
    """Whether the response is signed by the portal that was asked, within the last five minutes."""
    at = headers.get(AT, "")
    parts = ("answer", asked, str(status), at, _digest(body))
    return _is_recent(at, now) and is_signature_of(secret, headers.get(SIGNATURE, ""), *parts)


def _seconds(now: datetime) -> str:
    return str(int(now.timestamp()))


def _is_recent(at: str, now: datetime) -> bool:
    try:
        return abs(now - datetime.fromtimestamp(int(at), UTC)) <= _CLOCK_TOLERANCE
    except (ValueError, OverflowError, OSError):
        return False


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()
