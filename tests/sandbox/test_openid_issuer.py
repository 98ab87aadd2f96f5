"""The stand-in OpenID provider: the portal's own client logs in there, as at a real one."""

import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from renrakucho.lib.oidc.issuer_metadata import forget_issuers
from renrakucho.lib.oidc.oidc_issuer import LoginFault, LoginRejected, OidcIssuer
from renrakucho.lib.oidc.oidc_login import begin_login, finish_login, logout_address
from sandbox import routes
from sandbox.openid_issuer import CLIENT
from tests.sandbox.visitor import Visitor, a_sandbox

BACK = "http://localhost:8000/book/identity/trial/callback"
SECRET = tomllib.loads((Path(routes.__file__).parent / "secrets.toml").read_text("utf-8"))["openid"]
PERSON = {"name": "髙﨑 太郎", "address": "東京都千代田区二番町5-6"}


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow nothing: the portal is not asked here."""


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcIssuer]:
    server = make_server("127.0.0.1", 0, a_sandbox(tmp_path_factory.mktemp("sandbox")), handler_class=_Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    forget_issuers()
    address = f"http://127.0.0.1:{server.server_port}/id"
    yield OidcIssuer("trial", "お試し", address, CLIENT, SECRET, allow=("127.0.0.0/8",), factor_amr=("otp",))
    forget_issuers()
    server.shutdown()
    server.server_close()


def answered(page: str, /, **typed: str) -> dict[str, str]:
    """Give a name on the login page; the parameters that the browser brings back."""
    asked = dict(parse_qsl(urlsplit(page).query))
    browser = build_opener(_Stay, ProxyHandler({}))
    with browser.open(page) as shown:
        assert "本物のログインではありません" in shown.read().decode()
    with pytest.raises(HTTPError) as led:
        browser.open(page.partition("?")[0], urlencode({**asked, **typed}).encode())
    led.value.close()
    location = str(led.value.headers["Location"])
    assert (led.value.code, location.partition("?")[0]) == (303, BACK)
    return dict(parse_qsl(urlsplit(location).query))


def test_it_says_who_gave_their_name(issuer: OidcIssuer) -> None:
    address, pending = begin_login(issuer, BACK, scopes=("name", "address"))
    found = finish_login(issuer, pending, answered(address, **PERSON, factor="yes"), with_claims=True)
    assert (found.claims["name"], found.claims["address"]["formatted"]) == tuple(PERSON.values())
    assert found.has_factor
    again, later = begin_login(issuer, BACK)
    same = finish_login(issuer, later, answered(again, **PERSON))
    assert (same.subject, same.has_factor) == (found.subject, False)
    assert logout_address(issuer, BACK).startswith(f"{issuer.issuer}/end?")


def test_whoever_gives_no_name_or_cancels_is_led_back(issuer: OidcIssuer) -> None:
    for typed in ({"name": " "}, {**PERSON, "refuse": "yes"}):
        address, pending = begin_login(issuer, BACK)
        with pytest.raises(LoginRejected) as caught:
            finish_login(issuer, pending, answered(address, **typed))
        assert caught.value.fault == LoginFault.CANCELLED


def test_a_code_works_once_and_with_its_verifier(issuer: OidcIssuer) -> None:
    address, pending = begin_login(issuer, BACK)
    answer = answered(address, **PERSON)
    finish_login(issuer, pending, answer)
    with pytest.raises(LoginRejected):
        finish_login(issuer, pending, answer)
    address, _pending = begin_login(issuer, BACK)
    _other, other = begin_login(issuer, BACK)
    answer = answered(address, **PERSON) | {"state": other.state}
    with pytest.raises(LoginRejected):
        finish_login(issuer, other, answer)


def test_it_leads_back_to_this_machine_alone(tmp_path: Path) -> None:
    visitor = Visitor(a_sandbox(tmp_path))
    asked = dict.fromkeys(("state", "nonce", "code_challenge"), "x")
    asked |= {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
    for back in ("https://portal.example/callback", "", "javascript:alert(1)"):
        page = visitor.post("/id/auth", {**asked, **PERSON, "redirect_uri": back}, "UTF-8")
        assert page.status == 400
    assert visitor.get("/id/nothing").status == 404
