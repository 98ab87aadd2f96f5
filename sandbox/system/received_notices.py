"""The notices that a provider's system has received: one file a number."""

import json
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

MOST_KEPT = 500


@dataclass(frozen=True)
class ReceivedNotice:
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


class ReceivedNotices:
    """The files of one provider's system, safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, key: str, document: dict[str, Any], now: datetime) -> bool:
        """Store what was pushed. Returns False when its key came before (idempotency): nothing new is stored."""
        number, withdrawn = document["number"], document["document"] == "withdrawal"
        with self._lock:
            known = self.find(number)
            if known is None:
                self._write(
                    ReceivedNotice(number, document, now.isoformat(timespec="seconds"), (key,), withdrawn=withdrawn)
                )
                self._delete_oldest()
                return True
            fresh = key not in known.keys
            keys = (*known.keys, key) if fresh else known.keys
            self._write(replace(known, keys=keys, times=known.times + 1, withdrawn=known.withdrawn or withdrawn))
            return fresh

    def note(self, number: str, said: str) -> None:
        """Store what came of an answer."""
        with self._lock:
            known = self.find(number)
            if known:
                self._write(replace(known, said=said))

    def find(self, number: str) -> ReceivedNotice | None:
        """The notice with this number; None where there is none."""
        if not (number.isascii() and number.isdigit()):
            return None
        try:
            read = json.loads((self._folder / f"{number}.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return ReceivedNotice(**(read | {"keys": tuple(read["keys"])}))

    def all(self) -> list[ReceivedNotice]:
        """The newest first."""
        found = (self.find(path.stem) for path in self._folder.glob("*.json"))
        return sorted((each for each in found if each), key=lambda each: each.at, reverse=True)

    def _write(self, arrival: ReceivedNotice) -> None:
        half = self._folder / f"{arrival.number}.part"
        half.write_text(json.dumps(asdict(arrival), ensure_ascii=False), "utf-8")
        half.replace(self._folder / f"{arrival.number}.json")

    def _delete_oldest(self) -> None:
        for old in self.all()[MOST_KEPT:]:
            (self._folder / f"{old.number}.json").unlink(missing_ok=True)
