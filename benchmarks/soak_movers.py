"""Movers of the soak: each goes from the top page to two sent notices, and repeats whatever got no answer."""

import http.client
import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from benchmarks.burst import Browser
from benchmarks.soak_receivers import POSTAL_CODES, mark, marks_in
from sandbox.mail_store import MailStore
from tests import cast

_PATIENCE = 90  # seconds, for one request
_LEAF = re.compile(r'href="(/book/notices/[0-9a-f-]+/)"')
_CODE = re.compile(r"確認の番号\s+(\d{6})\b")
_NOT_ENTERED = "mark-not-entered"
_CHOICE = re.compile(r'<input type="radio" name="([^"]+)"[^>]* value="([^"]*)"')


@dataclass
class SoakFigures:
    """Counts of all movers together. letters: the folder of the mails. errors: answers 4xx and 500, which nothing here
    excuses.
    """

    letters: Path = field(default_factory=Path)
    registered: set[int] = field(default_factory=set)
    entered: set[tuple[int, str]] = field(default_factory=set)
    told: dict[str, set[int]] = field(default_factory=lambda: {provider: set() for provider in POSTAL_CODES})
    repeated: int = 0
    strangers: int = 0
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class PatientBrowser(Browser):
    """Repeats a request that got no answer, or 503, and looks for data of strangers in every page."""

    excused: frozenset[int] = frozenset({503})

    def __init__(self, port: int, mover: int, figures: SoakFigures) -> None:
        super().__init__(port)
        self.mover, self.figures = mover, figures
        self.page = ""

    def _once(self, method: str, address: str, fields: list[tuple[str, str]] | None) -> tuple[int, str, str]:
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                status, place, self.page = super()._once(method, address, fields)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                self.failed(began, f"{method} {address}: {type(error).__name__}")
            else:
                self._look(method, address, status)
                if status not in self.excused:
                    self.answered(began, method, address)
                    return status, place, self.page
                self.failed(began, f"{method} {address}: {status}")
            time.sleep(0.2)
        raise TimeoutError(f"{method} {address}: no answer in {_PATIENCE} seconds")

    def failed(self, began: float, problem: str) -> None:
        """A request that is repeated; `began` by the monotonic clock."""
        with self.figures.lock:
            self.figures.repeated += 1

    def answered(self, began: float, method: str, address: str) -> None:
        """A request that got its answer."""

    def close(self) -> None:
        """Close its connection; the next request opens another one."""
        if self.connection:
            self.connection.close()
        self.connection = None

    def _look(self, method: str, address: str, status: int) -> None:
        with self.figures.lock:
            self.figures.strangers += bool(marks_in(self.page) - {self.mover})
            if status >= 400 and status not in self.excused:
                self.figures.errors.append(f"{method} {address}: {status} {_words(self.page)}")


def move_once(port: int, mover: int, figures: SoakFigures) -> None:
    """Register, and send a notice to the old and to the new water office."""
    with closing(PatientBrowser(port, mover, figures)) as browser:
        move_with(browser)


def move_with(browser: PatientBrowser) -> None:
    """One move by this browser."""
    figures, mover = browser.figures, browser.mover
    providers = sorted(POSTAL_CODES)
    start = mover % len(providers)
    old, new = providers[start], providers[(start + 1 + mover // len(providers) % 2) % len(providers)]
    with figures.lock:
        figures.told[old].add(mover)
        figures.told[new].add(mover)
    _go_through(browser, old, new)


def _go_through(browser: PatientBrowser, old: str, new: str) -> None:
    figures, mover = browser.figures, browser.mover
    _register(browser, old, new)
    with figures.lock:
        figures.registered.add(mover)
    ended = browser.ask("GET", "/book/")
    leaves = sorted(set(_LEAF.findall(browser.page)))
    assert len(leaves) == 2, f"{len(leaves)} notices instead of 2: {ended} {_words(browser.page)}"
    for leaf in leaves:
        _send(browser, leaf)
        with figures.lock:
            figures.entered.add((mover, leaf))


def _register(browser: PatientBrowser, old: str, new: str) -> None:
    building = f"{mark(browser.mover)}館"
    items = cast.items(
        contact__email=f"soak{browser.mover:05}@example.jp",
        origin__building=building,
        origin__room=str(browser.mover),  # an address that many movers leave is refused
        destination__building=building,
    )
    fixed = ("person.", "contact.", "origin.", "destination.", "holder.same", "payment.", "billing.to")
    typed = [(name, text) for name, text in items.items() if name.startswith(fixed)]
    on = date.fromisoformat(items["move.leave_on"]) + timedelta(days=2)
    for name in ("move.leave_on", "move.arrive_on"):
        typed += [(f"{name}_0", str(on.year)), (f"{name}_1", str(on.month)), (f"{name}_2", str(on.day))]
    codes = (POSTAL_CODES[old], POSTAL_CODES[new])
    browser.ask("GET", "/")
    browser.ask("POST", "/", [("origin", codes[0]), ("destination", codes[1])])
    browser.ask("POST", "/apply/providers", [("chosen", f"water:stop:{old}"), ("chosen", f"water:start:{new}")])
    browser.ask("POST", "/apply/items", typed)
    ended = browser.ask("POST", "/apply/check", [])
    # A press whose answer was lost is led to the same question, by a page that opens nothing without the code.
    assert ended in ("/book/mailbox", "/apply/check"), f"{ended} {_words(browser.page)}"
    code = _mailed_code(browser, items["contact.email"])
    ended = browser.ask("POST", "/book/mailbox", [("mailbox_code", code)])
    assert ended in ("/book/registered", "/book/"), f"{ended} {_words(browser.page)}"


def _mailed_code(browser: PatientBrowser, email: str) -> str:
    """Read the code in the letter box; the worker that mails it may be killed meanwhile."""
    until, letters = time.monotonic() + _PATIENCE, MailStore(browser.figures.letters)
    while time.monotonic() < until:
        for letter in letters.all():
            found = _CODE.search(letter.text) if email in letter.to else None
            if found:
                return found[1]
        time.sleep(0.5)
    raise TimeoutError(f"no code for {email}")


def _send(browser: PatientBrowser, leaf: str) -> None:
    """Fill in the own items and send. What is sent already could be changed there, so its page is looked at first."""
    for _attempt in range(5):
        ended = browser.ask("GET", leaf)
        assert ended == leaf, f"{leaf} leads to {ended}"
        if _NOT_ENTERED not in browser.page:
            return
        ended = browser.ask("GET", f"{leaf}answers")
        own = dict(reversed(_CHOICE.findall(browser.page)))  # the first choice of each
        ended = browser.ask("POST", ended, [*own.items(), ("seen", "1")])
        if ended == f"{leaf}check":
            browser.ask("POST", ended, [])
    raise AssertionError(f"{leaf} could not be sent")


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[:300]
