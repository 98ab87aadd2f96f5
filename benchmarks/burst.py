"""Load test: many movers against the real portal. Prints moves registered a second, latency and CPU.

usage: .venv/bin/python -m benchmarks.burst [--movers 200] [--at-once 8] [--postgres URL]
One mover goes from the top page to the registered book (seven notices, one mail), every page and every post as a
browser asks for it. CPU is the portal's own, from /proc: the driver's is not counted. For scale: a national peak of one
application a person is 11 a second in its busiest minute (8.1 million movers a year, a March of 17 %).
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from html import unescape
from ipaddress import ip_address
from itertools import count
from urllib.parse import urlencode, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
django.setup()

from benchmarks.process_cpu import cpu_seconds
from tests import cast
from tests.ports import free_port

ITEMS = ("person.", "contact.", "origin.", "destination.", "holder.same", "payment.", "billing.to")


@dataclass
class Browser:
    """Cookies, the hidden fields of the last page, and how long each answer took. host: as it names the portal."""

    port: int
    host: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    network: int = field(default_factory=partial(next, count(1)))
    connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, address: str, fields: list[tuple[str, str]] | None = None) -> str:
        """Follow redirects as a browser does; return where it ended."""
        for _hop in range(5):
            status, place, page = self._once(method, address, fields)
            if status < 300:
                found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
                self.hidden = {name: unescape(value) for name, value in found}
                return address
            if status >= 400:
                words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
                raise AssertionError(f"{method} {address}: {status} {words[:600]}")
            method, address, fields = "GET", urlsplit(place).path, None
        raise AssertionError("redirected in a circle")

    def connect(self) -> http.client.HTTPConnection:
        """A new connection to the portal."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _once(self, method: str, address: str, fields: list[tuple[str, str]] | None) -> tuple[int, str, str]:
        self.connection = self.connection or self.connect()
        headers = {"Host": self.host or f"localhost:{self.port}"}
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        headers["Referer"] = f"https://{headers['Host']}/"  # which Django wants over TLS
        # Each mover has a network of their own, as many behind one would be refused.
        headers["X-Forwarded-For"] = str(ip_address(0x0A000000 + self.network))
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode([*self.hidden.items(), *fields])
        begun = time.perf_counter()
        self.connection.request(method, address, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        self.seconds.append(time.perf_counter() - begun)
        for name, text in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, value = text.split(";")[0].partition("=")
                self.cookies[cookie] = value
        return answer.status, answer.getheader("Location") or "", page


def register_move(browser: Browser, number: int) -> None:
    """One mover, from the top page to the registered book."""
    items = cast.items(contact__email=f"mover{number}@example.jp")
    typed = [(name, text) for name, text in items.items() if name.startswith(ITEMS)]
    for name in ("move.leave_on", "move.arrive_on"):
        on = date.fromisoformat(items[name]) + timedelta(days=2)
        typed += [(f"{name}_0", str(on.year)), (f"{name}_1", str(on.month)), (f"{name}_2", str(on.day))]
    ends = ("leaving", "arriving")
    wishes = [("wishes", f"{industry}:{end}") for industry in ("electricity", "gas", "water") for end in ends]
    browser.ask("GET", "/")
    browser.ask("POST", "/", [("origin", "102-0084"), ("destination", "196-0015")])
    browser.ask("POST", "/apply/", [*wishes, ("wishes", "broadcasting")])
    browser.ask("POST", "/apply/addresses", [("origin-postal_code", "1020084"), ("destination-postal_code", "1960015")])
    browser.ask("POST", "/apply/providers", [("chosen", offer) for offer in cast.ALL])
    browser.ask("POST", "/apply/items", typed)
    ended = browser.ask("POST", "/apply/check", [])
    assert ended == "/book/mailbox", ended


def main() -> None:
    """Start the portal, run the load test, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--movers", type=int, default=200)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--postgres", default="")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as var:
        port = free_port()
        environment = {**os.environ, "RENRAKUCHO_VAR": var, "RENRAKUCHO_BASE_URL": f"http://localhost:{port}"}
        environment["RENRAKUCHO_SANDBOX"] = "1"  # the trial connections
        environment |= {"DATABASE_URL": given.postgres} if given.postgres else {}
        environment["RENRAKUCHO_BEHIND_PROXY"] = "1"
        environment["DJANGO_SETTINGS_MODULE"] = "renrakucho.config.settings"
        for command in ("migrate", "directory load", "collectstatic --noinput"):
            line = [sys.executable, "-m", "django", *command.split()]
            subprocess.run(line, env=environment, check=True, stdout=subprocess.DEVNULL)
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "32"]
        server += ["--port", str(port), "--log-level", "error", "renrakucho.config.worker:application"]
        portal = subprocess.Popen(server, env=environment)
        try:
            _measure(port, portal.pid, given.movers, given.at_once)
        finally:
            portal.terminate()
            portal.wait()


def _measure(port: int, portal: int, movers: int, at_once: int) -> None:
    for _attempt in range(100):
        try:
            for warm in range(4):
                register_move(Browser(port), -warm)
            break
        except ConnectionRefusedError:
            time.sleep(0.2)
    numbers = iter(range(movers))
    latencies: list[float] = []

    def run_movers() -> None:
        for number in numbers:
            browser = Browser(port)
            register_move(browser, number)
            latencies.extend(browser.seconds)

    threads = [threading.Thread(target=run_movers) for _each in range(at_once)]
    before, begun = cpu_seconds(portal), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, cpu = time.perf_counter() - begun, cpu_seconds(portal) - before
    latencies.sort()
    requests = len(latencies)
    print(f"moves registered             {movers} ({7 * movers} notices), {at_once} at once, {requests} requests")
    print(f"a second                     {movers / elapsed:.1f} moves, {requests / elapsed:.0f} requests")
    print(f"portal's CPU                 {1000 * cpu / movers:.0f} ms a move, {1000 * cpu / requests:.1f} ms a request")
    print(
        f"answer                       {1000 * statistics.median(latencies):.0f} ms median, "
        f"{1000 * latencies[int(0.95 * requests)]:.0f} ms p95, {1000 * latencies[-1]:.0f} ms slowest"
    )


if __name__ == "__main__":
    main()
