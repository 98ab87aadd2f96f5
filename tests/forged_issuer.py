"""An OpenID issuer that an attacker writes: it answers with whatever document, key set and token the test gives it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import RSAKey

from renrakucho.lib.oidc.issuer_metadata import forget_issuers
from renrakucho.lib.oidc.oidc_issuer import OidcIssuer
from renrakucho.lib.oidc.oidc_login import PendingLogin, begin_login
from tests.listener import Listener, Received, Reply, listening

BACK = "http://localhost:8000/desk/sso/forged/callback"


@dataclass
class ForgedIssuer:
    """document: members that differ in its discovery document. token: what the token endpoint answers with, made of the
    login that was begun last. keys: what it publishes.
    """

    listener: Listener
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    document: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    token: Callable[[], str] = lambda: ""
    status: int = 200

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.port}"

    def issuer(self, **more: Any) -> OidcIssuer:
        """The portal's settings for it."""
        known = {"slug": "forged", "name": "試験のログイン", "issuer": self.address, "client_id": "portal"}
        return OidcIssuer(**{**known, "secret": "s" * 40, "allow": ("127.0.0.0/8",), **more})

    def begin(self, issuer: OidcIssuer | None = None, *, max_age: int | None = None) -> PendingLogin:
        """A login of the portal there; the token endpoint answers it rightly until the test says otherwise."""
        _address, pending = begin_login(issuer or self.issuer(), BACK, max_age=max_age)
        self.token = lambda: self.signed(self.claims(pending))
        return pending

    def claims(self, pending: PendingLogin, **more: Any) -> dict[str, Any]:
        """Right claims, with `more` over them; None leaves one out."""
        now = int(timezone.now().timestamp())
        right = {"iss": self.address, "sub": "sato-1", "aud": "portal", "iat": now, "exp": now + 300}
        found = {**right, "nonce": pending.nonce, "auth_time": now, **more}
        return {name: value for name, value in found.items() if value is not None}

    def signed(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        """A token of it."""
        head = {"alg": "RS256", "kid": "first", **header}
        return jwt.encode(head, claims, key or self.key, algorithms=[head["alg"]])

    def answer(self, pending: PendingLogin, **more: str) -> dict[str, str]:
        """What the browser brings back."""
        return {"code": "a-code", "state": pending.state, "iss": self.address, **more}

    def _reply(self, received: Received) -> Reply:
        path = urlsplit(received.path).path
        return Reply(self.status, json.dumps(self._content(path)).encode(), {"Content-Type": "application/json"})

    def _content(self, path: str) -> Any:
        if path == "/token":
            return {"access_token": "opaque", "token_type": "Bearer", "id_token": self.token()}
        if path == "/jwks":
            return {"keys": self.keys}
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/auth",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/end",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            **self.document,
        }


@contextmanager
def forged_issuer() -> Iterator[ForgedIssuer]:
    """One that behaves well until the test changes it."""
    forget_issuers()
    with listening(lambda received: made._reply(received)) as listener:
        made = ForgedIssuer(listener)
        made.keys = [made.key.as_dict(private=False)]
        yield made
    forget_issuers()


def after(monkeypatch: Any, **time: float) -> None:
    """Let so much time pass."""
    moment = timezone.now() + timedelta(**time)
    monkeypatch.setattr(timezone, "now", lambda: moment)
