"""Latency of the portal's pages: server time in process, without network.

usage: .venv/bin/python -m benchmarks.pages        (an own database in memory; takes about 20 seconds)
Prints a table: milliseconds of CPU a request (median of many) and the page's size. Absolute figures differ between
machines; the last column is the ratio to an empty view through the same middleware, in the same run.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["RENRAKUCHO_VAR"] = tempfile.mkdtemp()
os.environ["DATABASE_URL"] = f"sqlite:///{os.environ['RENRAKUCHO_VAR']}/pages.sqlite3"
os.environ["RENRAKUCHO_SANDBOX"] = "1"  # the trial connections
os.environ["RENRAKUCHO_HOSTS"] = "testserver,localhost"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
sys.path.insert(0, str(Path(__file__).parents[1]))

import django

django.setup()

from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from renrakucho.config import urls
from tests import cast
from tests.book.opened import latest_notice, open_book_of

ROUNDS = 60


def empty_view(request: HttpRequest) -> HttpResponse:
    """The baseline: every middleware and no page."""
    return HttpResponse("")


def cpu_ms(request_page: Callable[[], HttpResponse]) -> tuple[float, int]:
    """Median milliseconds of CPU, and the size of the answer in bytes."""
    request_page()
    milliseconds = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        answer = request_page()
        milliseconds.append((time.process_time() - begun) * 1000)
    assert answer.status_code == 200, answer.status_code
    return statistics.median(milliseconds), len(answer.content)


def main() -> None:
    """Measure and print."""
    urls.urlpatterns.append(path("benchmark-baseline", empty_view))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("directory", "load", verbosity=0, stdout=io.StringIO())
    client = Client()
    book = open_book_of(client)
    applying = Client()
    applying.get("/apply/")
    draft = cast.draft()
    session = applying.session
    session["draft"] = str(draft.id)
    session.save()
    applying.cookies["sessionid"] = session.session_key or ""
    water = latest_notice(book, "water:start:akishima-water").id
    stop = latest_notice(book, "water:stop:tokyo-waterworks").id
    pages = [
        ("an empty view", applying, "/benchmark-baseline"),
        ("top", applying, "/"),
        ("①-1 industries", applying, "/apply/"),
        ("②-2 addresses", applying, "/apply/addresses"),
        ("②-3 providers", applying, "/apply/providers"),
        ("③ common items", applying, "/apply/items"),
        ("③ check", applying, "/apply/check"),
        ("the book, 7 leaves", client, "/book/"),
        ("one leaf", client, f"/book/notices/{water}/"),
        ("own items", client, f"/book/notices/{water}/answers"),
        ("hand-over", client, f"/book/notices/{stop}/handover"),
        ("search", client, "/search?postal_code=1960015"),
        ("link list", client, "/links"),
    ]
    baseline = 0.0
    print(f"{'page':24}{'ms':>8}{'kB':>8}{'× empty':>10}")
    for name, browser, address in pages:
        ms, size = cpu_ms(lambda browser=browser, address=address: browser.get(address))  # type: ignore[misc]
        baseline = baseline or ms
        print(f"{name:24}{ms:8.2f}{size / 1000:8.1f}{ms / baseline:10.1f}")


if __name__ == "__main__":
    main()
