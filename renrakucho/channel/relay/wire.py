"""Asking another portal, over HTTP: time and size are bounded, and nothing is followed elsewhere."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from renrakucho.channel.peer import Peer
from renrakucho.channel.relay.signed import AT, SIGNATURE, is_answer_to, question
from renrakucho.lib import web_post
from renrakucho.lib.given_json import table

NOTICES = "/relay/v1/notices"  # here is a notice, or its withdrawal
STANDING = "/relay/v1/standing"  # how does it stand
RECEIPTS = "/relay/v1/receipts"  # what have the providers said since
PROVIDERS = "/relay/v1/providers"  # who can be told through you
SHEETS = "/relay/v1/sheets"  # /osaka-water/start/1: the form that they are told in

_MOST = 8 * 1024 * 1024  # bytes of an answer: some thousands of providers


class NoAnswer(Exception):
    """The portal did not answer. arrived: whether it may have had the question all the same."""

    def __init__(self, why: str, *, arrived: bool) -> None:
        super().__init__(why)
        self.arrived = arrived


@dataclass(frozen=True)
class Answer:
    """signature: the portal's own under this answer; empty where it is not signed, and so is nobody's word."""

    status: int
    content: dict[str, Any] = field(default_factory=dict)
    signature: str = ""


def ask(peer: Peer, me: str, path: str, content: dict[str, Any]) -> Answer:
    """Post a signed question; `me` is this portal's own address. Raises NoAnswer."""
    body = json.dumps(content, separators=(",", ":")).encode()
    headers = question(peer.secret, me, path, body, _now())
    said = exchange(peer, path, body, {"Content-Type": "application/json", **headers})
    told = {name: said.headers.get(name.lower(), "") for name in (AT, SIGNATURE)}
    if not is_answer_to(peer.secret, headers[SIGNATURE], said.status, said.body, told, _now()):
        return Answer(said.status)
    return Answer(said.status, table(said.body) or {}, told[SIGNATURE])


def read(peer: Peer, path: str) -> bytes:
    """What the portal publishes there, to the letter. Raises NoAnswer where it is not 200."""
    said = exchange(peer, path, None, {"Accept": "application/json"})
    if said.status != 200:
        raise NoAnswer(f"{said.status} for {path}", arrived=True)
    return said.body


def exchange(peer: Peer, path: str, body: bytes | None, headers: dict[str, str]) -> web_post.Answer:
    """There and back. Raises NoAnswer."""
    try:
        said = web_post.post(f"{peer.url}{path}", body, headers, named=peer.networks, largest=_MOST + 1)
    except (web_post.BadTarget, web_post.NotSent) as error:
        raise NoAnswer(str(error), arrived=False) from error
    except web_post.NoAnswer as error:
        raise NoAnswer(f"no answer: {error}", arrived=True) from error
    if len(said.body) > _MOST:
        raise NoAnswer("the answer is too long", arrived=True)
    return said


def _now() -> datetime:
    return datetime.now(UTC)
