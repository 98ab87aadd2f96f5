"""Signature of a disclosure receipt: canonical JSON (RFC 8785), a hash chain over its events, Ed25519 (RFC 8032).

The file is the canonical form of the document, to the byte. Each event holds the hash of the one before it, so that a
missing, reordered or altered event shows, and which one. The signature is over one line, "renrakucho-disclosure/1:"
with the SHA-256 of the document without digest and signature: so the line on paper can be checked as well as the file.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CONTEXT = "renrakucho-disclosure/1:"
FIRST = "0" * 64  # stands for the hash before the first event
_HEX_SIGNATURE = re.compile("[0-9a-f]{128}")

Json = dict[str, Any]


def canonical_bytes(value: Any) -> bytes:
    """The one form of a JSON value (RFC 8785). Raises rfc8785.CanonicalizationError: it has none, a lone surrogate."""
    return rfc8785.dumps(value)


def event_hash(event: Mapping[str, Any]) -> str:
    """The hash of an event, with that of the event before it in `previous_hash`: 64 hex digits."""
    return hashlib.sha256(canonical_bytes({name: event[name] for name in event if name != "hash"})).hexdigest()


def chain_events(events: Iterable[Mapping[str, Any]]) -> list[Json]:
    """The events, each with its number from 1, the hash of the one before it, and its own."""
    chained: list[Json] = []
    previous = FIRST
    for number, event in enumerate(events, start=1):
        link: Json = {**event, "number": number, "previous_hash": previous}
        link["hash"] = previous = event_hash(link)
        chained.append(link)
    return chained


def broken_links(events: Iterable[Mapping[str, Any]]) -> list[int]:
    """The places, from 1, of events that were altered, moved, or before which one is missing."""
    broken, previous = [], FIRST
    for place, event in enumerate(events, start=1):
        whole = event.get("number") == place and event.get("previous_hash") == previous
        if not (whole and event.get("hash") == event_hash(event)):
            broken.append(place)
        previous = str(event.get("hash"))
    return broken


def document_digest(document: Mapping[str, Any]) -> str:
    """The SHA-256 of the document without `digest` and `signature` of its proof: 64 hex digits."""
    proof = {name: text for name, text in document["proof"].items() if name not in ("digest", "signature")}
    return hashlib.sha256(canonical_bytes({**document, "proof": proof})).hexdigest()


def sign_document(document: Mapping[str, Any], private_key: bytes) -> Json:
    """The document with its proof. private_key: the 32 bytes of an Ed25519 key."""
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    proof = {"algorithm": "Ed25519", "key": public_jwk(key.public_key().public_bytes_raw())}
    digest = document_digest({**document, "proof": proof})
    return {
        **document,
        "proof": {**proof, "digest": digest, "signature": key.sign(f"{CONTEXT}{digest}".encode()).hex()},
    }


def proof_line(proof: Mapping[str, Any]) -> str:
    """The proof in one line, as it stands on paper: context, digest, signature and key, parted by colons."""
    return f"{CONTEXT}{proof['digest']}:{proof['signature']}:{proof['key']['kid']}"


def is_signed_by(digest: str, signature: str, jwk: Mapping[str, Any]) -> bool:
    """Whether this key signed the digest; False for anything that is no key or no signature."""
    if not _HEX_SIGNATURE.fullmatch(signature):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(str(jwk["x"])))
        key.verify(bytes.fromhex(signature), f"{CONTEXT}{digest}".encode())
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True


def public_jwk(public_key: bytes) -> Json:
    """The public key as a JSON Web Key (RFC 8037); `kid` is its thumbprint (RFC 7638)."""
    jwk = {"crv": "Ed25519", "kty": "OKP", "x": _encoded(public_key)}
    return {**jwk, "kid": key_thumbprint(jwk), "use": "sig"}


def key_thumbprint(jwk: Mapping[str, Any]) -> str:
    """The thumbprint of a key (RFC 7638). Raises KeyError."""
    members = {name: jwk[name] for name in ("crv", "kty", "x")}
    return _encoded(hashlib.sha256(canonical_bytes(members)).digest())


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encoded(raw) != text:
        raise ValueError("not the one form of base64url")
    return raw
