"""Every page of the portal in every state, made in this process: whoever opens them, and what was shown."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from renrakucho.mover.book import begin_draft
from tests import cast

LONG_NAME = {"person__family_name": "勅使河原", "person__given_name": "𠮷右衛門"}
LONG_HOME = {
    "origin__building": "グランドメゾン二番町パークフロントレジデンス・イーストタワー",
    "origin__room": "A-3012",
}


@dataclass(frozen=True)
class ShownPage:
    """A page as a reader got it. `reader`: whose browser; `view`: the name of its URL; `address`: path and query."""

    reader: str
    view: str
    address: str
    response: Any
    wanted: int = 0  # the status that it should have

    @property
    def html(self) -> str:
        return str(self.response.content.decode())

    def __str__(self) -> str:
        return f"{self.reader} {self.response.status_code} {self.address}"


@dataclass
class Reader:
    """Somebody with a browser, who looks at pages one after the other."""

    name: str
    client: Client = field(default_factory=Client)
    shown: list[ShownPage] = field(default_factory=list)

    def look(self, *addresses: str, status: int = 200) -> None:
        """Open pages."""
        for address in addresses:
            self._keep(self.client.get(address), address, status)

    def send(self, address: str, typed: dict[str, Any] | None = None, *, status: int = 422) -> None:
        """Send a form, and look at the page that answers, over redirects."""
        self._keep(self.client.post(address, typed or {}, follow=True), address, status)

    def keep(self, view: str, response: HttpResponse) -> None:
        """An error page, as its handler made it."""
        self.shown.append(ShownPage(self.name, view, f"/{view}", response, int(view[:3])))

    def _keep(self, response: Any, address: str, status: int) -> None:
        query = response.request.get("QUERY_STRING", "")
        at = response.request["PATH_INFO"] + (f"?{query}" if query else "")
        self.shown.append(ShownPage(self.name, response.resolver_match.view_name, at, response, status))


def mover_with(offers: list[str], name: str, **items: str) -> tuple[Reader, dict[str, str]]:
    """A mover with an open book; the addresses of its notices by offer."""
    reader = Reader(name)
    entered = cast.entries(offers, **items)
    more = dict.fromkeys(("telephone", "credit_card", "internet"), ("leaving", "arriving"))
    book = begin_draft(replace(entered, wishes={**entered.wishes, **more}))
    key = cast.access_key_of(book)
    reader.client.post("/book/login", {"email": cast.EMAIL, "access_key": key})
    return reader, {notice.offer: f"/book/notices/{notice.id}/" for notice in book.notices.all()}


def with_query(path: str, *pairs: tuple[str, str]) -> str:
    return f"{path}?{urlencode(pairs)}"
