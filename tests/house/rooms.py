"""The rooms, lowest first, and which other rooms each may use directly. docs/path.md walks them in order."""

from collections.abc import Mapping

MAY_USE: Mapping[str, frozenset[str]] = {
    room: frozenset(others.split())
    for room, others in {
        "lib": "",
        "address": "lib",
        "provider": "lib",
        "coverage": "address provider lib",
        "fact": "lib",
        "mover": "address provider fact lib",
        "sheet": "fact lib",
        "timeline": "sheet lib",
        "paper": "sheet lib",
        "standard": "fact sheet lib",
        "channel": "fact sheet paper standard lib",
        "mail": "mover lib",
        "notice": "address coverage provider fact mover sheet paper channel standard mail lib",
        "receipt": "provider mover sheet paper standard mail notice lib",
        "relay": "address provider coverage fact mover sheet standard channel notice receipt lib",
        "delivery": "provider mover sheet channel mail notice receipt relay lib",
        "monitoring": "address provider coverage mover channel paper mail notice receipt delivery lib",
        "page": "lib provider notice",
        "account": "lib provider channel sheet notice receipt page",
    }.items()
}
FACES = frozenset(MAY_USE)  # a face may use every room
CONFIG = frozenset({*MAY_USE, "faces"})


def may_use(room: str) -> frozenset[str]:
    """The rooms that this room may import from or refer to, itself included."""
    return {**MAY_USE, "faces": FACES, "config": CONFIG}[room] | {room}


def room_of(module: str) -> str:
    """renrakucho.faces.book.views → faces."""
    return module.split(".")[1]
