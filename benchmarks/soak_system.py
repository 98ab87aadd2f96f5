"""A provider's system in the soak: it reads what happened by the API, in order, and accepts every notice."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.soak_receivers import marks_in

_PATIENCE = 90  # seconds, for one request
_LAST_LOOK = 3  # seconds for which it reads on


@dataclass
class ApiFigures:
    """accepted: notice numbers. strangers: notices with data of two movers."""

    accepted: set[str] = field(default_factory=set)
    repeated: int = 0
    strangers: int = 0
    errors: list[str] = field(default_factory=list)


def accept_everything(port: int, key: str, figures: ApiFigures, last: threading.Event) -> None:
    """Follow the list of events by its cursor, and accept what was sent, until some seconds after `last` is set."""
    after, until = "", 0.0
    while not until or time.monotonic() < until:
        if last.is_set() and not until:
            until = time.monotonic() + _LAST_LOOK
        place = f"/api/v1/notices?after={after}" if after else "/api/v1/notices"
        try:
            listed = _ask(port, key, figures, "GET", place)
        except TimeoutError as error:  # counted, and read on: what comes later is not lost with it
            figures.errors.append(str(error))
            continue
        after = listed["next"] or after
        for event in listed["notices"]:
            if event["happened"] == "sent" and event["number"] not in figures.accepted:
                try:
                    _accept(port, key, figures, event["number"])
                except (AssertionError, TimeoutError) as error:
                    figures.errors.append(str(error))
        if not listed["more"]:
            time.sleep(0.3)


def _accept(port: int, key: str, figures: ApiFigures, number: str) -> None:
    notice = _ask(port, key, figures, "GET", f"/api/v1/notices/{number}")
    figures.strangers += len(marks_in(json.dumps(notice, ensure_ascii=False))) != 1
    answer = {"receipt_number": f"S-{number}", "identity_check": "called_back"}  # for a stop without a number
    _ask(port, key, figures, "POST", f"/api/v1/notices/{number}/accept", answer)
    figures.accepted.add(number)


def _ask(
    port: int, key: str, figures: ApiFigures, method: str, path: str, body: dict[str, str] | None = None
) -> dict[str, Any]:
    until = time.monotonic() + _PATIENCE
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Host": f"localhost:{port}"}
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            pass
        else:
            if answer.status < 400:
                found: dict[str, Any] = json.loads(text)
                return found
            if answer.status != 503:
                raise AssertionError(f"{method} {path}: {answer.status} {text[:200]!r}")
        finally:
            connection.close()
        figures.repeated += 1
        time.sleep(0.2)
    raise TimeoutError(f"{method} {path}: no answer in {_PATIENCE} seconds")
