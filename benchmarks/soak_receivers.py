"""Receivers of the soak: three providers' systems. They keep what came, and see whose it is.

One is good; one takes a notice and answers 500, nothing, HTML or 404; one never answers until it is told to.
"""

import json
import random
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.listener import Listener, Received, Reply, listening

GOOD, LIAR, HANGING = "akishima-water", "yokosuka-water", "chosei-water"
POSTAL_CODES = {GOOD: "1960015", LIAR: "2380004", HANGING: "2970026"}
_MARK = re.compile(r"(?:ソーク|soak)(\d{5})")


def mark(mover: int) -> str:
    """The text that stands in everything this mover enters: a stranger's is known by it."""
    return f"ソーク{mover:05}"


def marks_in(text: str) -> set[int]:
    """Whose data a text has: numbers of movers."""
    return {int(number) for number in _MARK.findall(text)}


@dataclass
class ReceivedNotices:
    """Pushes that the three systems got. keys: idempotency keys, and movers, both by provider and notice number."""

    keys: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    movers: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    pushes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, provider: str, received: Received) -> None:
        """Keep one push. The provider's system keeps the first one under each key."""
        notice = json.loads(received.body)
        number = str(notice["number"])
        with self.lock:
            self.pushes += 1
            self.keys[provider, number].add(received.headers["webhook-id"])
            self.movers[provider, number] |= marks_in(json.dumps(notice, ensure_ascii=False))

    def doubled(self) -> int:
        """How many notices a receiver that keeps one a key has twice: under two keys, or as two notices of one mover,
        who tells each provider one.
        """
        notices: dict[tuple[str, int], set[str]] = defaultdict(set)
        for (provider, number), movers in self.movers.items():
            for mover in movers:
                notices[provider, mover].add(number)
        return sum(len(found) - 1 for found in (*self.keys.values(), *notices.values()))

    def strangers(self, told: Mapping[str, set[int]]) -> int:
        """How many pushes had data of a mover who does not tell this provider, or of two movers."""
        return sum(
            len(movers) != 1 or not movers <= told[provider] for (provider, _number), movers in self.movers.items()
        )


@contextmanager
def receiving(got: ReceivedNotices) -> Iterator[dict[str, Listener]]:
    """The three systems, by provider."""

    def answering(provider: str) -> Callable[[Received], Reply]:
        def answer(received: Received) -> Reply:
            got.take(provider, received)
            return _lie() if provider == LIAR else Reply(200, b"{}")

        return answer

    with ExitStack() as opened:
        systems = {
            provider: opened.enter_context(listening(answering(provider), keep_alive=True))
            for provider in (GOOD, LIAR, HANGING)
        }
        systems[HANGING].waiting.clear()
        yield systems


def _lie() -> Reply:
    html = {"Content-Type": "text/html"}
    lies = (Reply(500, b"{}"), Reply(raw=b""), Reply(200, b"<html>sorry</html>", html), Reply(404), Reply(204))
    return random.choice(lies)  # noqa: S311 - a trial
