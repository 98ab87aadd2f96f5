"""Codes in addresses: in no line of our own log, of a documented proxy's, and in no referrer."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bootstrap.debian import daemon
from renrakucho.config.private_logging import PrivateFormatter, PrivateJsonFormatter, without_codes
from renrakucho.lib.capability_urls import CAPABILITY_PREFIXES
from renrakucho.page.code_limits import CODE_LIMITS
from tests.config.cast_proxies import caddy, nginx, portal

CODE = "8F3K7W2M9P"
# Route parameters of type str that open nothing to whoever reads them.
HARMLESS = {"number", "provider", "act", "prefecture", "industry"}


def routes(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, set[str]]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route, {name for name, kind in re.findall(r"<str:(\w+)()>", route)}


def test_every_route_with_a_code_is_known() -> None:
    """A new route with another parameter has to say here that it is harmless, or stand in CAPABILITY_PREFIXES."""
    unknown = {
        route
        for route, names in routes(get_resolver())
        if names - HARMLESS and not route.startswith(CAPABILITY_PREFIXES)
    }
    assert unknown == set()
    for prefix in CAPABILITY_PREFIXES:
        assert any(route.startswith(prefix) for route, _names in routes(get_resolver())), prefix


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", CAPABILITY_PREFIXES)
def test_guessing_a_code_is_limited_by_network(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = CODE_LIMITS[prefix]
    monkeypatch.setitem(CODE_LIMITS, prefix, replace(limit, limit=2))
    answers = [Client().get(f"{prefix}8f3k").status_code for _try in range(3)]
    assert answers == [404, 404, 429]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(f"{prefix}8f3k").status_code == 404


def test_every_prefix_has_its_limit() -> None:
    """Also the mutant: a prefix that nobody gave a limit fails here, and the page would fail with an error."""
    assert set(CODE_LIMITS) == set(CAPABILITY_PREFIXES)
    assert {limit.limit for limit in CODE_LIMITS.values()} == {300, 60, 600}


@pytest.mark.parametrize("prefix", CAPABILITY_PREFIXES)
def test_our_own_log_has_no_code(prefix: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Failed: %s", (f"{prefix}{CODE}/accept",), None)
    for line in (PrivateFormatter("%(message)s").format(record), PrivateJsonFormatter().format(record)):
        assert CODE not in line
        assert f"{prefix}…/accept" in line
    assert CODE in logging.Formatter("%(message)s").format(record)  # the mutant: another formatter


def test_a_code_ends_where_the_address_does() -> None:
    assert without_codes(f'"GET /return/{CODE}?n=1" then /apply/x') == '"GET /return/…?n=1" then /apply/x'


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", CAPABILITY_PREFIXES)
def test_a_page_under_such_an_address_names_itself_to_nobody(prefix: str) -> None:
    assert Client().get(f"{prefix}{CODE}")["Referrer-Policy"] == "strict-origin"
    no_route, no_method = Client().get(f"{prefix}{CODE}/no/such/page"), Client().put(f"{prefix}{CODE}")
    assert (no_route.status_code, no_method.status_code) == (404, 405)
    assert (no_route["Referrer-Policy"], no_method["Referrer-Policy"]) == ("strict-origin", "strict-origin")
    broken = Client(raise_request_exception=False).get(f"{prefix}{CODE}", headers={"Host": "somebody.else"})
    assert (broken.status_code, broken["Referrer-Policy"]) == (400, "strict-origin")
    assert Client().get("/apply/")["Referrer-Policy"] == "same-origin"


def ask_everything(port: int) -> None:
    """Every such address, with and without more behind it, and another one: the log has to have that."""
    for path in [*(f"{prefix}{CODE}" for prefix in CAPABILITY_PREFIXES), f"/a/{CODE}/accept", "/healthz"]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path, headers={"Host": "localhost"})
        connection.getresponse().read()
        connection.close()


def logs(folder: Path) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in folder.glob("*.log"))


@pytest.mark.slow
@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "caddy"])
@pytest.mark.parametrize("is_up", [True, False], ids=["portal up", "portal down"])
def test_a_documented_proxy_logs_no_code(tmp_path: Path, proxy, is_up: bool) -> None:  # type: ignore[no-untyped-def]
    if not daemon(proxy.__name__):
        pytest.skip(f"{proxy.__name__}がありません")
    if is_up:
        with portal(tmp_path, proxied=True) as behind, proxy(tmp_path, behind, logged=True) as port:
            ask_everything(port)
    else:
        with proxy(tmp_path, 1, logged=True) as port:  # nobody listens there: the proxy logs its errors
            ask_everything(port)
    found = logs(tmp_path)
    assert "/healthz" in found
    assert CODE not in found


@pytest.mark.slow
@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "caddy"])
def test_without_the_documented_lines_it_would(tmp_path: Path, proxy) -> None:  # type: ignore[no-untyped-def]
    if not daemon(proxy.__name__):
        pytest.skip(f"{proxy.__name__}がありません")
    with proxy(tmp_path, 1, logged=True, without_filter=True) as port:
        ask_everything(port)
    assert CODE in logs(tmp_path)
