"""HMAC-SHA256: signatures by a shared secret, and keyed hashes to look up what is not stored itself."""

import hashlib
import hmac


def sign_parts(secret: str, *parts: str) -> str:
    """The signature of the parts, joined by newlines: 64 hex digits. ValueError: a part holds a newline."""
    if any("\n" in part for part in parts):
        raise ValueError("a newline in a part could move the border between two parts")
    return _hmac(secret, "\n".join(parts))


def is_signature_of(secret: str, given: str, *parts: str) -> bool:
    """Whether `given` is the signature of the parts, in constant time; False for parts that cannot be signed."""
    try:
        expected = sign_parts(secret, *parts)
    except ValueError:  # a newline, or a lone surrogate that has no UTF-8
        return False
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def keyed_hash(secret: str, text: str) -> str:
    """A hash of the text that nobody can compute without the secret: 64 hex digits.

    Its key differs from that of `sign_parts`: under one secret, a hash never equals a signature.
    """
    return _hmac("keyed hash\n" + secret, text)


def _hmac(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
