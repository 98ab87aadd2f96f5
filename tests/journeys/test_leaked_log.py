"""A leaked access log: a move goes through both documented proxies, and a stranger tries every word of their logs."""

import http.client
import os
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext

from bootstrap.debian import daemon
from tests.config.cast_proxies import caddy, nginx
from tests.journeys.fax_notice import answer_url, send_by_fax
from tests.journeys.house import ROOT, House, running
from tests.journeys.mover import Mover
from tests.ports import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_WORD = re.compile(r"[A-Za-z0-9_\-]{6,200}")
_PATH = re.compile(r"/[A-Za-z0-9_\-./%]*")
# Where a code in the address opens something.
_ENTRANCES = ("/a/", "/desk/join/", "/bureau/join/", "/return/", "/book/new-key/")


@dataclass
class Leak:
    """The logs, and what really opened something while they were written."""

    house: House
    logs: str
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass
class Stranger:
    """Somebody with the log and nothing else; each request comes from another network address."""

    port: int
    count: int = 0

    def ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        self.count += 1
        address = f"10.{self.count >> 16 & 255}.{self.count >> 8 & 255}.{self.count & 255}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Host": "localhost", "X-Forwarded-For": address} | headers)
        response = connection.getresponse()
        page = response.read().decode("utf-8", "replace")
        connection.close()
        return response.status, response.headers.get("Location", ""), page

    def opens_by_address(self, path: str) -> bool:
        """Whether this address shows or does something that it does not show to whoever makes one up."""
        return self.ask("GET", path, {})[0] == 200

    def opens_when_typed(self, code: str) -> bool:
        """Whether this word, typed into the page of a paper's code, opens the notice."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/a", headers={"Host": "localhost"})
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        cookie = SimpleCookie(response.headers.get("Set-Cookie", ""))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        headers = {
            "Cookie": "; ".join(f"{each.key}={each.value}" for each in cookie.values()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urllib.parse.urlencode({"code": code, "csrfmiddlewaretoken": token[1]})
        status, to, _page = self.ask("POST", "/a", headers, body)
        return status == 302 and self.ask("GET", to, {})[0] == 200

    def opens_as_session(self, word: str) -> bool:
        """Whether this word is the number of somebody's session."""
        cookie = {"Cookie": f"sessionid={word}"}
        return any(self.ask("GET", path, cookie)[0] == 200 for path in ("/book/", "/desk/", "/bureau/"))

    def opens_as_key(self, word: str) -> bool:
        """Whether this word is a key of a provider's system."""
        return self.ask("GET", "/api/v1/notices", {"Authorization": f"Bearer {word}"})[0] == 200

    def opens(self, word: str) -> list[str]:
        """The entrances that this word opens."""
        found = [entrance for entrance in _ENTRANCES if self.opens_by_address(entrance + word)]
        found += ["session"] if self.opens_as_session(word) else []
        return found + (["key"] if self.opens_as_key(word) else [])


def command(house: House, *words: str) -> str:
    """What a command of this installation prints."""
    environment = os.environ | {"RENRAKUCHO_VAR": str(house.var), "RENRAKUCHO_BASE_URL": house.portal}
    environment["RENRAKUCHO_SANDBOX"] = "1"
    program = Path(sys.executable).with_name("renrakucho")
    done = subprocess.run([program, *words], env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def play(house: House, context: BrowserContext) -> dict[str, str]:
    """Mover, fax office, new clerk; whoever has lost the key. Returns what opened something."""
    mover = Mover(context.new_page(), house.portal, f"{uuid4().hex[:12]}@example.jp")
    number = send_by_fax(mover)
    secrets = {"/a/": answer_url(house, number).rpartition("/")[2]}
    paper = context.new_page()
    paper.goto(f"{house.portal}/a/{secrets['/a/']}")
    paper.locator('[name="reason"]').fill("番号が見つかりません")
    with paper.expect_navigation():
        paper.get_by_role("button", name="差し戻す", exact=True).click()
    secrets["session"] = next(each["value"] for each in context.cookies() if each["name"] == "sessionid")
    invitation = command(house, "staff", "invite", "--provider", "akishima-water").split()[0]
    secrets["/desk/join/"] = invitation.rpartition("/")[2]
    paper.goto(invitation)
    paper.goto(f"{house.portal}/book/lost-key")
    paper.locator('[name="email"]').fill(mover.email)
    with paper.expect_navigation():
        paper.locator("main form button").last.click()
    (mail,) = house.mails(mover.email, "アクセスキー", count=2)[:1]
    found = re.search(r"/book/new-key/([\w\-]+)", mail)
    assert found
    secrets["/book/new-key/"] = found[1]
    paper.goto(f"{house.portal}/book/new-key/{found[1]}")
    return secrets


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory, browser: Browser, directory_database: Path) -> Iterator[Leak]:
    """One journey behind Caddy, nginx and the portal's own log."""
    for name in ("nginx", "caddy"):
        if not daemon(name):
            pytest.skip(f"{name}がありません")
    folders = [tmp_path_factory.mktemp(name) for name in ("nginx", "caddy", "var")]
    behind = free_port()
    with nginx(folders[0], behind, logged=True) as inner, caddy(folders[1], inner, logged=True) as outer:
        base = f"http://localhost:{outer}"
        variables = {"RENRAKUCHO_BASE_URL": base, "RENRAKUCHO_BEHIND_PROXY": "1"}
        with running(folders[2], port=behind, database=directory_database, **variables) as house:
            proxied = House(base, house.sandbox, house.var)
            context = browser.new_context(locale="ja-JP")
            context.set_default_timeout(30_000)
            secrets = play(proxied, context)
            context.close()
            files = [*folders[0].glob("*.log"), *folders[1].glob("*.log"), house.var / "run.log"]
            yield Leak(house, "\n".join(path.read_text("utf-8", "replace") for path in files), secrets)


def test_the_logs_are_there_and_hold_nothing_that_opened_something(leak: Leak) -> None:
    assert leak.logs.count("/apply/items") >= 2  # of two proxies
    assert [name for name, secret in leak.secrets.items() if secret in leak.logs] == []


def test_no_word_of_the_logs_opens_anything(leak: Leak) -> None:
    stranger = Stranger(int(leak.house.portal.rpartition(":")[2]))
    words = sorted({*_WORD.findall(leak.logs)})
    assert len(words) > 50
    opened = {word: found for word in words if (found := stranger.opens(word))}
    assert opened == {}
    paths = sorted({path for path in _PATH.findall(leak.logs) if path.startswith(("/book/", "/desk/", "/bureau/"))})
    shown = {path for path in paths if stranger.opens_by_address(path)}
    assert {path for path in shown if "login" not in path and "lost-key" not in path} <= {"/book/confirm"}


def test_a_stranger_with_the_code_itself_would_be_let_in(leak: Leak) -> None:
    """The mutant: a log that had kept the code."""
    stranger = Stranger(int(leak.house.portal.rpartition(":")[2]))
    for entrance in ("/a/", "/desk/join/", "/book/new-key/", "session"):
        assert stranger.opens(leak.secrets[entrance]) == [entrance]
    assert stranger.opens_when_typed(leak.secrets["/a/"])
