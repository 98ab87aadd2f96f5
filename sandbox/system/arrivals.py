"""What a provider's system keeps of each notice: one file a number."""

import json
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

KEPT = 500


@dataclass(frozen=True)
class Arrival:
    """document: as it was pushed; keys: the webhook-ids that came, each once; times: how often anything came.

    said: what the system answered last, and what the portal said to that.
    """

    number: str
    document: dict[str, Any]
    at: str
    keys: tuple[str, ...]
    times: int = 1
    withdrawn: bool = False
    said: str = ""


class Arrivals:
    """The files of one provider's system, safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, key: str, document: dict[str, Any], now: datetime) -> bool:
        """Keep what was pushed. False: this key came before, and nothing new is kept."""
        number, withdrawn = document["number"], document["document"] == "withdrawal"
        with self._one_at_a_time:
            there = self.find(number)
            if there is None:
                self._write(Arrival(number, document, now.isoformat(timespec="seconds"), (key,), withdrawn=withdrawn))
                self._let_go()
                return True
            fresh = key not in there.keys
            keys = (*there.keys, key) if fresh else there.keys
            self._write(replace(there, keys=keys, times=there.times + 1, withdrawn=there.withdrawn or withdrawn))
            return fresh

    def note(self, number: str, said: str) -> None:
        """What came of an answer."""
        with self._one_at_a_time:
            there = self.find(number)
            if there:
                self._write(replace(there, said=said))

    def find(self, number: str) -> Arrival | None:
        """The one with this number."""
        if not (number.isascii() and number.isdigit()):
            return None
        try:
            read = json.loads((self._folder / f"{number}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return Arrival(**(read | {"keys": tuple(read["keys"])}))

    def all(self) -> list[Arrival]:
        """The newest first."""
        found = (self.find(path.stem) for path in self._folder.glob("*.json"))
        return sorted((each for each in found if each), key=lambda each: each.at, reverse=True)

    def _write(self, arrival: Arrival) -> None:
        half = self._folder / f"{arrival.number}.part"
        half.write_text(json.dumps(asdict(arrival), ensure_ascii=False), "utf-8")
        half.replace(self._folder / f"{arrival.number}.json")

    def _let_go(self) -> None:
        for old in self.all()[KEPT:]:
            (self._folder / f"{old.number}.json").unlink(missing_ok=True)
