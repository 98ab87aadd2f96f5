"""A real OpenID provider (tests/npm/openid_provider.mjs) as a process of its own, and a person's way through it."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode

from bootstrap.npm_packages import FOLDER
from tests.ports import free_port
from tests.waiting import wait_until

CLIENT, SECRET = "portal", "a-secret-of-the-tests-and-long-enough"
TWO_FACTOR = "urn:example:two-factor"
ACCOUNTS: Mapping[str, Any] = {
    "sato-1": {"name": "佐藤 花子"},
    "mover-2": {"name": "高﨑　太郎"},
    "mover-1": {
        "name": "勅使河原 𠮷右衛門",
        "birthdate": "1985-04-02",
        "address": {"formatted": "東京都練馬区豊玉北六丁目12番1号"},
    },
}


@contextmanager
def running_provider(
    folder: Path, redirect_uris: Sequence[str], *, port: int = 0, client: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """The issuer's address. client: metadata of the portal, where it differs."""
    port = port or free_port()
    settings = folder / "openid_provider.json"
    made = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": list(redirect_uris), **(client or {})}
    made = {name: value for name, value in made.items() if value is not None}
    settings.write_text(json.dumps({"clients": [made], "accounts": ACCOUNTS}))
    log = (folder / "openid_provider.log").open("w")
    process = subprocess.Popen(
        ["node", "openid_provider.mjs", str(port), str(settings)], cwd=FOLDER, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        said = folder / "openid_provider.log"
        wait_until(lambda: "ready" in said.read_text() or process.poll() is not None, 30, "no OpenID provider")
        assert process.poll() is None, said.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        log.close()


class _AtPortal(Exception):
    """The provider has sent the browser back to the portal, which is not asked here."""


class _StopAtPortal(urllib.request.HTTPRedirectHandler):
    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith(self.issuer):
            raise _AtPortal(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def log_in_there(issuer: str, address: str, account: str, *, factor: bool = False, refuse: bool = False) -> str:
    """Log in at the provider with a fresh browser. Returns the address that it leads back to."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(CookieJar()), _StopAtPortal(issuer), urllib.request.ProxyHandler({})
    )
    typed = {"account": account} | ({"factor": "yes"} if factor else {}) | ({"refuse": "yes"} if refuse else {})
    try:
        page = browser.open(address)
        browser.open(page.url, urlencode(typed).encode())
    except _AtPortal as led:
        return str(led)
    except HTTPError as error:
        raise AssertionError(error.read().decode()) from error
    raise AssertionError(f"the provider stays at {page.url}")
