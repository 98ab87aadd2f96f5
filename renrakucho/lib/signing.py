"""Signatures by a shared secret (HMAC-SHA256), and keyed hashes: to look up what is not stored itself."""

import hashlib
import hmac


def sign_parts(secret: str, *parts: str) -> str:
    """64 hex digits over the parts joined by newlines. ValueError: a part holds a newline itself."""
    if any("\n" in part for part in parts):
        raise ValueError("a newline in a part could move the border between two parts")
    return _hmac(secret, "\n".join(parts))


def is_signature_of(secret: str, given: str, *parts: str) -> bool:
    """Whether `given` is the signature of the parts, in constant time; False for what cannot be signed."""
    try:
        expected = sign_parts(secret, *parts)
    except ValueError:  # a newline, or a lone surrogate that has no UTF-8
        return False
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def keyed_hash(secret: str, text: str) -> str:
    """64 hex digits: the same text gives the same hash, and nobody without the secret can try texts out.

    Keyed apart from `signature`, so that one is never good as the other under the same secret.
    """
    return _hmac("keyed hash\n" + secret, text)


def _hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
