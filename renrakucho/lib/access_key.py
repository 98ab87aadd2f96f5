"""The access key: what, with the e-mail address, opens a book.

120 random bits, so that a plain keyed hash of it is enough to store, and no slow hash is needed that an
attacker could make us compute. Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O, U, so
it is hard to misread on paper.
"""

import secrets

from renrakucho.lib.width import HYPHENS, narrow

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
_FORGIVEN = str.maketrans("OIL", "011", HYPHENS)


def new_access_key() -> str:
    """24 characters, ungrouped."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def cleaned(typed: str) -> str | None:
    """The key that was meant, or None: case, width, hyphens, spaces, O for 0, I or L for 1 are forgiven."""
    key = "".join(narrow(typed).upper().translate(_FORGIVEN).split())
    return key if len(key) == LENGTH and set(key) <= set(ALPHABET) else None
