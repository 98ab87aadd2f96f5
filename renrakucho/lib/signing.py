"""Signatures by a shared secret: HMAC-SHA256 over the parts of a message."""

import hashlib
import hmac


def sign_parts(secret: str, *parts: str) -> str:
    """The signature of the parts, joined by newlines: 64 hex digits. ValueError: a part holds a newline."""
    if any("\n" in part for part in parts):
        raise ValueError("a newline in a part could move the border between two parts")
    return hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def is_signature_of(secret: str, given: str, *parts: str) -> bool:
    """Whether `given` is the signature of the parts, in constant time; False for parts that cannot be signed."""
    try:
        expected = sign_parts(secret, *parts)
    except ValueError:  # a newline, or a lone surrogate that has no UTF-8
        return False
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
