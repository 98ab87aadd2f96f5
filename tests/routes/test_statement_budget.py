"""Budget of each request of a mover's journey: exactly how many statements it sends, and at most how many kilobytes.

A request that needs one statement more says so here, and one that needs fewer too. Counted is a warm process: what does
not depend on the mover was read before. Without: savepoints, commits, and PostgreSQL's own clock.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from renrakucho.faces.book import book_session
from renrakucho.mover.models import Book
from tests import cast
from tests.book.opened import latest_notice, mailed_code, own_items
from tests.book_apply.flow import DESTINATION, ORIGIN, USUAL, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

# Beside what the docstring names: what a process asks by itself every few seconds, whoever comes.
_UNCOUNTED = re.compile(
    r'\s*(SAVEPOINT|RELEASE|ROLLBACK|SELECT clock_timestamp|SELECT .* FROM "(address_edition|notice_operatordecision)")'
)
# What is asked: its statements, and the most kilobytes of its page, which is a little longer on another day.
BUDGET = {
    "GET top": (0, 8),
    "POST top": (6, 0),
    "GET industries": (2, 9),
    "POST industries": (6, 0),
    "GET addresses": (2, 15),
    "POST addresses": (5, 0),
    "GET providers": (2, 62),
    "POST providers": (5, 0),
    "GET items": (2, 23),
    "POST items": (5, 0),
    "GET registration": (2, 13),
    "POST registration": (26, 0),
    "GET mailbox": (5, 8),
    "POST mailbox": (16, 0),
    "GET book": (6, 17),
    "GET own items": (4, 8),
    "GET own items after another": (8, 9),
    "POST own items": (5, 0),
    "GET confirmation": (5, 6),
    "POST confirmation": (14, 0),  # one asks for holds that stand
    "GET notice": (8, 9),
    "GET search": (0, 11),
    "GET links": (0, 48),
}


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that are sent within the block."""
    sent: list[str] = []

    def note(execute: Any, statement: str, *others: Any) -> Any:
        if not _UNCOUNTED.match(statement):
            sent.append(statement)
        return execute(statement, *others)

    with connection.execute_wrapper(note):
        yield sent


class CountedJourney:
    """One browser, and what each of its requests needed, by a name."""

    def __init__(self) -> None:
        self.client = Client()
        self.needed: dict[str, tuple[int, int]] = {}

    def get(self, name: str, address: str) -> Any:
        return self._ask(f"GET {name}", "get", address, {})

    def post(self, name: str, address: str, fields: Mapping[str, Any]) -> Any:
        return self._ask(f"POST {name}", "post", address, fields)

    def _ask(self, name: str, method: str, address: str, fields: Mapping[str, Any]) -> Any:
        with counted_statements() as sent:
            answer = getattr(self.client, method)(address, dict(fields))
        assert answer.status_code in (200, 302, 303), f"{name}: {answer.status_code}"
        self.needed[name] = len(sent), -(-len(answer.content) // 1000)
        return answer

    def register(self) -> None:
        self.get("top", "/")
        self.post("top", "/", {"origin": ORIGIN, "destination": DESTINATION})
        self.get("industries", "/apply/")
        self.post("industries", "/apply/", {"wishes": [*USUAL, "broadcasting", "credit_card"]})
        places = {"origin-postal_code": ORIGIN, "destination-postal_code": DESTINATION}
        self.get("addresses", "/apply/addresses")
        self.post("addresses", "/apply/addresses", places)
        self.get("providers", "/apply/providers")
        self.post("providers", "/apply/providers", {"chosen": cast.ALL})
        self.get("items", "/apply/items")
        self.post("items", "/apply/items", typed())
        self.get("registration", "/apply/check")
        self.post("registration", "/apply/check", {})
        self.get("mailbox", "/book/mailbox")
        self.post("mailbox", "/book/mailbox", {"mailbox_code": mailed_code()})

    def tell(self) -> None:
        book = Book.objects.latest("created_at")
        notice, other = latest_notice(book, "water:start:akishima-water"), latest_notice(book, "gas:stop:tokyo-gas")
        pages = f"/book/notices/{notice.id}/"
        self.get("book", "/book/")
        self.get("own items", f"{pages}answers")
        self.get("own items after another", f"{pages}answers?after={other.id}")
        self.post("own items", f"{pages}answers", own_items(notice))
        self.get("confirmation", f"{pages}check")
        seen = re.findall(r'name="seen" value="([^"]+)"', self.client.get(f"{pages}check").content.decode())
        self.post("confirmation", f"{pages}check", {"seen": seen[0]})
        self.get("notice", pages)


def test_a_mover_needs_as_many_statements_and_bytes_as_the_budget_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_session, "time", lambda: 1_800_000_000)  # a minute more is one statement more
    CountedJourney().register()  # warms the process
    journey = CountedJourney()
    journey.register()
    journey.tell()
    for name, address in (("search", "/search?postal_code=1960015"), ("links", "/links")):
        journey.client.get(address)
        journey.get(name, address)
    needed = {name: statements for name, (statements, _kilobytes) in journey.needed.items()}
    assert needed == {name: statements for name, (statements, _most) in BUDGET.items()}, journey.needed
    longer = {name: size for name, (_statements, size) in journey.needed.items() if size > BUDGET[name][1]}
    assert not longer
