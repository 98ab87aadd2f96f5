"""How two portals know each other's word: HMAC-SHA256 with the secret they share, over question and answer alike.

    Relay-Portal: https://kanto.example     who asks, by its address
    Relay-At: 1764057600                    seconds since 1970; five minutes off at the most
    Relay-Signature: …                      hex, over: ask, portal, path, at, SHA-256 of the body
                                            and of an answer: answer, signature of the question, status, at, SHA-256

each part on a line of its own. An answer is bound to its question, so that none can be played again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from renrakucho.lib.signing import is_signature_of, sign_parts

PORTAL, AT, SIGNATURE = "Relay-Portal", "Relay-At", "Relay-Signature"
_CLOCKS_DIFFER = timedelta(minutes=5)

Headers = Mapping[str, str]


def sign_request(secret: str, portal: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a question. `path` begins with a slash, and has the query in it."""
    at = _seconds(now)
    return {PORTAL: portal, AT: at, SIGNATURE: sign_parts(secret, "ask", portal, path, at, _digest(body))}


def is_signed_request(secret: str, portal: str, path: str, body: bytes, headers: Headers, now: datetime) -> bool:
    """Whether this portal asked it, just now."""
    at = headers.get(AT, "")
    return _just_now(at, now) and is_signature_of(
        secret, headers.get(SIGNATURE, ""), "ask", portal, path, at, _digest(body)
    )


def sign_response(secret: str, asked: str, status: int, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of an answer; `asked` is the question's signature."""
    at = _seconds(now)
    return {AT: at, SIGNATURE: sign_parts(secret, "answer", asked, str(status), at, _digest(body))}


def is_signed_response(secret: str, asked: str, status: int, body: bytes, headers: Headers, now: datetime) -> bool:
    """Whether the portal that was asked said this."""
    at = headers.get(AT, "")
    parts = ("answer", asked, str(status), at, _digest(body))
    return _just_now(at, now) and is_signature_of(secret, headers.get(SIGNATURE, ""), *parts)


def _seconds(now: datetime) -> str:
    return str(int(now.timestamp()))


def _just_now(at: str, now: datetime) -> bool:
    try:
        return abs(now - datetime.fromtimestamp(int(at), UTC)) <= _CLOCKS_DIFFER
    except (ValueError, OverflowError, OSError):
        return False


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()
