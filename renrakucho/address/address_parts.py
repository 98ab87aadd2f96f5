"""Address parts around the town, as they were typed: so that nothing of a written address is lost."""

from typing import NamedTuple

from renrakucho.address.written.written_address import WrittenAddress

_AROUND = " \t\r\n\u3000,、"
_PLACE = ("postal_code", "place", "town")


class AddressParts(NamedTuple):
    """`street` stands before the town (寺町通御池上る); block has all that is neither town, building nor room."""

    street: str = ""
    block: str = ""
    building: str = ""
    room: str = ""


NO_PARTS = AddressParts()


def parts_of(written: WrittenAddress) -> AddressParts:
    """Return the parts of a written address; what was not understood is in the block, or in the building behind it."""
    kinds = [piece.kind for piece in written.pieces]
    built = min((at for at, kind in enumerate(kinds) if kind in ("building", "room")), default=len(kinds))
    town = kinds.index("town") if "town" in kinds else 0
    streets = [piece.typed for piece in written.pieces[:town] if piece.kind == "street"]
    block = [
        piece.typed
        for at, piece in enumerate(written.pieces[:built])
        if piece.kind not in _PLACE and not (piece.kind == "street" and at < town)
    ]
    beyond = [piece.typed.strip(_AROUND) for piece in written.pieces[built:] if piece.kind == "rest"]
    return AddressParts(
        "".join(streets).strip(_AROUND),
        "".join(block).strip(_AROUND),
        " ".join(part for part in (written.building, *beyond) if part),
        written.room,
    )
