"""Split a long text over several short blanks (住所1, 住所2 …). Joined, the parts are the whole text."""

from collections.abc import Sequence

from renrakucho.lib.browser_encoding import byte_length
from renrakucho.sheet.form import Blank


def split_text(text: str, blanks: Sequence[Blank], encoding: str) -> list[str] | None:
    """One part for each blank, with empty ones at the end; None where the text does not fit into all of them.

    Every character of the text must be encodable; none is cut within its bytes.
    """
    found: list[str] = []
    for blank in blanks:
        end = _end(text, blank, encoding)
        found.append(text[:end])
        text = text[end:]
    return None if text else found


def blank_chains(blanks: Sequence[Blank]) -> dict[str, tuple[Blank, ...]]:
    """Chains of blanks by the first one's name: the blank and those in which it goes on, in order."""
    rests = {blank.rest_of: blank for blank in blanks if blank.rest_of}
    found = {}
    for blank in blanks if rests else ():
        chain = [blank]
        while chain[-1].name in rests:
            chain.append(rests[chain[-1].name])
        found[blank.name] = tuple(chain)
    return found


def capacity_of(text: str, blanks: Sequence[Blank]) -> tuple[int, bool]:
    """The limit that a too long text exceeds in all blanks together, and whether it counts bytes."""
    in_characters = [blank.longest for blank in blanks if blank.longest]
    if len(in_characters) == len(blanks) and len(text) > sum(in_characters):
        return sum(in_characters), False
    limits = filter(None, (blank.longest_bytes or blank.longest for blank in blanks))
    return sum(limits), any(blank.longest_bytes for blank in blanks)


def _end(text: str, blank: Blank, encoding: str) -> int:
    end = len(text) if blank.longest is None else min(blank.longest, len(text))
    while blank.longest_bytes is not None and byte_length(text[:end], encoding) > blank.longest_bytes:
        end -= 1
    return end
