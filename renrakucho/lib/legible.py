"""What people read off and type or say: codes without characters that look alike, in groups of four."""

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that looks like another, on a fax too: 4.95 bits each


def new_code(length: int) -> str:
    """So many random letters and digits."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))


def in_fours(text: str, between: str = "-") -> str:
    """As it is read aloud: 1234-5678-9012."""
    return between.join(text[at : at + 4] for at in range(0, len(text), 4))
