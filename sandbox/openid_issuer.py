"""Stand-in for an OpenID provider: anybody logs in with any name, without a password. For trials on this machine alone.

It signs what an OpenID Connect issuer has to sign (authorization code flow with PKCE), and what it says of people is
made up by whoever stands before it.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from sandbox.http_messages import Request, Response
from sandbox.rendering import render_page

CLIENT = "portal"
_CODE_SECONDS, _TOKEN_SECONDS = 60, 300
_HERE = ("localhost", "127.0.0.1", "::1")
_KEPT = ("client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method", "response_type")


@dataclass(frozen=True)
class _Grant:
    """One login: what was asked, and what the person said of themselves."""

    asked: Mapping[str, str]
    claims: Mapping[str, Any]
    methods: tuple[str, ...]
    until: float


class OpenIdIssuer:
    """One issuer with one client, whose secret is given. Codes and tokens are kept in memory, each until its time."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._made_key: RSAKey | None = None
        self._lock = threading.Lock()
        self._grants: dict[str, _Grant] = {}

    def _key(self) -> RSAKey:
        with self._lock:
            if self._made_key is None:  # at the first login: it costs a while
                self._made_key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
            return self._made_key

    def respond(self, request: Request, page: str) -> Response | None:
        """The page of this address below the issuer's own; None: there is none."""
        issuer = f"http://{request.headers.get('host', 'localhost')}/id"
        match request.method, page:
            case "GET", ".well-known/openid-configuration":
                return _in_json(_document(issuer))
            case "GET", "jwks":
                return _in_json({"keys": [self._key().as_dict(private=False)]})
            case "GET", "auth":
                return _login_page(request.query)
            case "POST", "auth":
                return self._logged_in(issuer, request.posted("UTF-8"))
            case "POST", "token":
                return self._token(issuer, request)
            case "GET", "userinfo":
                return self._userinfo(request.headers.get("authorization", ""))
            case "GET", "end":
                return render_page("openid_ended.html", "UTF-8")
        return None

    def _logged_in(self, issuer: str, posted: Mapping[str, str]) -> Response:
        asked = {name: posted.get(name, "") for name in _KEPT}
        if not _may_be_asked(asked):
            return render_page("missing.html", "UTF-8", HTTPStatus.BAD_REQUEST)
        answer = {"state": asked["state"], "iss": issuer}
        name = posted.get("name", "").strip()
        if "refuse" in posted or not name:
            answer["error"] = "access_denied"
        else:
            answer["code"] = self._keep(_claims(name, posted.get("address", "").strip(), asked), posted, asked)
        location = f"{asked['redirect_uri']}?{urlencode(answer)}"
        return Response(b"", "text/plain", HTTPStatus.SEE_OTHER, (("Location", location),))

    def _keep(self, claims: Mapping[str, Any], posted: Mapping[str, str], asked: Mapping[str, str]) -> str:
        code, now = secrets.token_urlsafe(24), time.time()
        methods = ("pwd", "otp") if posted.get("factor") else ("pwd",)
        with self._lock:
            self._grants = {key: grant for key, grant in self._grants.items() if grant.until > now}
            self._grants[code] = _Grant(asked, claims, methods, now + _CODE_SECONDS)
        return code

    def _token(self, issuer: str, request: Request) -> Response:
        posted = request.posted("UTF-8")
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{self._secret}".encode()).decode()
        if not hmac.compare_digest(request.headers.get("authorization", ""), expected):
            return _in_json({"error": "invalid_client"}, HTTPStatus.UNAUTHORIZED)
        now, token = int(time.time()), secrets.token_urlsafe(24)
        with self._lock:
            grant = self._grants.pop(posted.get("code", ""), None)
            if grant is None or grant.until < now or not _is_for(grant.asked, posted):
                return _in_json({"error": "invalid_grant"}, HTTPStatus.BAD_REQUEST)
            self._grants[token] = _Grant(grant.asked, grant.claims, grant.methods, now + _TOKEN_SECONDS)
        claims = {
            "iss": issuer,
            "sub": grant.claims["sub"],
            "aud": CLIENT,
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            "auth_time": now,
            "nonce": grant.asked["nonce"],
            "amr": list(grant.methods),
        }
        key = self._key()
        signed = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        return _in_json({"access_token": token, "token_type": "Bearer", "expires_in": 300, "id_token": signed})

    def _userinfo(self, authorization: str) -> Response:
        with self._lock:
            grant = self._grants.get(authorization.removeprefix("Bearer "))
        if grant is None or grant.until < time.time():
            return _in_json({"error": "invalid_token"}, HTTPStatus.UNAUTHORIZED)
        return _in_json(dict(grant.claims))


def _login_page(asked: Mapping[str, str]) -> Response:
    if not _may_be_asked(asked):
        return render_page("missing.html", "UTF-8", HTTPStatus.BAD_REQUEST)
    return render_page("openid_login.html", "UTF-8", asked={name: asked[name] for name in _KEPT})


def _may_be_asked(asked: Mapping[str, str]) -> bool:
    """Whether this login may be asked for: by the one client, back to a page of this machine."""
    host = urlsplit(asked.get("redirect_uri", "")).hostname
    wanted = (asked.get("client_id"), asked.get("response_type"), asked.get("code_challenge_method"))
    return wanted == (CLIENT, "code", "S256") and host in _HERE and all(asked.get(name) for name in _KEPT)


def _is_for(asked: Mapping[str, str], posted: Mapping[str, str]) -> bool:
    digest = hashlib.sha256(posted.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    is_same_page = posted.get("redirect_uri") == asked["redirect_uri"]
    return is_same_page and posted.get("grant_type") == "authorization_code" and challenge == asked["code_challenge"]


def _claims(name: str, address: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """The claims of whoever gives this name. One name is one person to it, for each client."""
    subject = hashlib.sha256(f"{asked['client_id']}\n{name}".encode()).hexdigest()[:24]
    return {"sub": subject, "name": name} | ({"address": {"formatted": address}} if address else {})


def _document(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/auth",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "end_session_endpoint": f"{issuer}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "name", "address"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def _in_json(value: object, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(json.dumps(value).encode(), "application/json", status, (("Cache-Control", "no-store"),))
