"""HTTP browser for form inspections: it sends cookies and headers as a browser does, but slowly and under its own name.

At most one request a second. robots.txt is not read: this is no crawler, it opens the page that its operator names, in
a handful of requests, with the provider's agreement.

Cookies go as browsers send them (RFC 6265bis): on the way from another site, none with a POST but SameSite=None, and
none that is SameSite=Strict. A cookie that names no SameSite counts as Lax.
"""

import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import urljoin, urlsplit

import urllib3

from renrakucho.lib.errors import NoResponse

AGENT = "renrakucho-form-check/1"
PAUSE = 1.0  # seconds between two requests
MOST_HOPS = 10
LARGEST = 2_000_000  # bytes of a page
URLENCODED = "application/x-www-form-urlencoded"
_TIMEOUT = urllib3.Timeout(connect=10, read=20)
_REDIRECTS = (301, 302, 303, 307, 308)
_SAME_METHOD = (307, 308)
_NONE, _STRICT = "none", "strict"
Trouble = Literal["certificate", "unreachable", "too-many-hops", "too-large", "no-web-address"]


class NoSiteResponse(NoResponse):
    """The site gave no response. url: where the request or its redirects ended."""

    def __init__(self, trouble: Trouble, url: str) -> None:
        super().__init__(f"{trouble}: {csp_host(url)}")
        self.trouble = trouble
        self.url = url


@dataclass(frozen=True)
class SiteCookie:
    name: str
    value: str
    host: str
    same_site: str  # lower case; "" where the site says nothing


@dataclass(frozen=True)
class RedirectHop:
    """One request and its status."""

    method: str
    url: str
    status: int


@dataclass(frozen=True)
class SiteResponse:
    """The last response. hops: the redirects and then the page itself. cookies: all that were set."""

    hops: tuple[RedirectHop, ...]
    content_type: str
    body: bytes
    cookies: tuple[SiteCookie, ...] = ()

    @property
    def url(self) -> str:
        return self.hops[-1].url

    @property
    def status(self) -> int:
        return self.hops[-1].status

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host of the redirect chain, each once."""
        return tuple(dict.fromkeys(csp_host(hop.url) for hop in self.hops))


def csp_host(url: str) -> str:
    """A URL's host as CSP names it: https://forms.example, with a port only where it is not the usual one."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{(parts.hostname or '').lower()}{port}"


class SiteBrowser:
    """One session, with its cookies. portal: the address of the portal, whose page posts from outside."""

    def __init__(self, portal: str, pause: float = PAUSE, wait: Callable[[float], None] = time.sleep) -> None:
        self._pause, self._wait = pause, wait
        self._origin = csp_host(portal)
        self._asked = 0
        self._cookies: dict[tuple[str, str], SiteCookie] = {}
        self._pool = urllib3.PoolManager(ssl_context=ssl.create_default_context(), retries=False, timeout=_TIMEOUT)

    def look(self, url: str) -> SiteResponse:
        """GET a page as if its URL had been typed. Raises NoSiteResponse."""
        return self._follow("GET", url, None, from_outside=False)

    def send(self, url: str, body: bytes, *, from_outside: bool) -> SiteResponse:
        """POST an urlencoded form. from_outside: from the portal's page, not the site's. Raises NoSiteResponse."""
        return self._follow("POST", url, body, from_outside=from_outside)

    def _follow(self, method: str, url: str, body: bytes | None, *, from_outside: bool) -> SiteResponse:
        hops: list[RedirectHop] = []
        set_here: list[SiteCookie] = []
        while len(hops) < MOST_HOPS:
            with closing(self._ask(method, url, body, from_outside=from_outside)) as response:
                hops.append(RedirectHop(method, url, response.status))
                set_here += self._keep(url, response)
                kind, where = (response.headers.get(name, "") for name in ("Content-Type", "Location"))
                if response.status not in _REDIRECTS or not where:
                    return SiteResponse(tuple(hops), kind, _read(response, url), tuple(set_here))
            url = urljoin(url, where)
            if response.status not in _SAME_METHOD and method == "POST":
                method, body = "GET", None
        raise NoSiteResponse("too-many-hops", url)

    def _ask(self, method: str, url: str, body: bytes | None, *, from_outside: bool) -> urllib3.BaseHTTPResponse:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NoSiteResponse("no-web-address", url)
        if self._asked:
            self._wait(self._pause)
        self._asked += 1
        headers = {**_headers(from_outside), **self._cookie(parts.hostname, method, from_outside)}
        if body is not None:
            headers |= {"Content-Type": URLENCODED, "Origin": self._origin if from_outside else csp_host(url)}
            headers |= {"Referer": f"{self._origin}/"} if from_outside else {}
        try:
            return self._pool.request(
                method, url, body=body, headers=headers, redirect=False, preload_content=False, decode_content=True
            )
        except urllib3.exceptions.SSLError as error:
            raise NoSiteResponse("certificate", url) from error
        except urllib3.exceptions.HTTPError as error:
            raise NoSiteResponse("unreachable", url) from error

    def _cookie(self, host: str, method: str, from_outside: bool) -> dict[str, str]:
        sent = [
            f"{cookie.name}={cookie.value}"
            for cookie in self._cookies.values()
            if host == cookie.host or host.endswith("." + cookie.host)
            if not from_outside or _crosses(cookie, method)
        ]
        return {"Cookie": "; ".join(sent)} if sent else {}

    def _keep(self, url: str, response: urllib3.BaseHTTPResponse) -> list[SiteCookie]:
        kept = []
        for header in response.headers.getlist("Set-Cookie"):
            try:
                read = SimpleCookie(header)
            except CookieError:
                continue
            for name, morsel in read.items():
                host = str(morsel["domain"]).lstrip(".").lower() or (urlsplit(url).hostname or "")
                cookie = SiteCookie(name, morsel.value, host, str(morsel["samesite"]).lower())
                self._cookies[host, name] = cookie
                kept.append(cookie)
        return kept


def _crosses(cookie: SiteCookie, method: str) -> bool:
    return cookie.same_site == _NONE or (method == "GET" and cookie.same_site != _STRICT)


def _headers(from_outside: bool) -> Mapping[str, str]:
    return {
        "User-Agent": AGENT,
        "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "ja",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "Sec-Fetch-Site": "cross-site" if from_outside else "same-origin",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    }


def _read(response: urllib3.BaseHTTPResponse, url: str) -> bytes:
    try:
        body = response.read(LARGEST + 1)
    except urllib3.exceptions.HTTPError as error:
        raise NoSiteResponse("unreachable", url) from error
    if len(body) > LARGEST:
        raise NoSiteResponse("too-large", url)
    return body
