"""OpenID Connect login: the authorization code flow with PKCE (S256), state and nonce, as a client.

`begin_login` says where the browser goes, and what has to be kept for it; `finish_login` turns what came back into who
logged in. Whoever keeps the pending login binds it to the browser's session and gives it out once.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.utils import timezone

from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.oidc.client_assertion import client_assertion
from renrakucho.lib.oidc.id_token import verified_id_token
from renrakucho.lib.oidc.issuer_metadata import IssuerMetadata, fetch_json, issuer_metadata
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, LoginFault, LoginRejected, OidcIssuer

PENDING_SECONDS = 10 * 60
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_CODE = 4096


@dataclass(frozen=True)
class PendingLogin:
    """A login that was begun in one browser. verifier: PKCE's secret; begun_at: seconds since 1970."""

    issuer: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    begun_at: int
    max_age: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The inverse of PendingLogin(**…)."""
        return asdict(self)

    def is_over(self) -> bool:
        """Whether it was begun too long ago."""
        return timezone.now().timestamp() - self.begun_at > PENDING_SECONDS


@dataclass(frozen=True)
class VerifiedLogin:
    """Who logged in at the issuer: its address and the subject there name a person together, and nothing else does.

    has_factor: whether it says that a second factor was used, in one of the ways that the settings name.
    """

    issuer: str
    subject: str
    has_factor: bool
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


def begin_login(
    issuer: OidcIssuer, redirect_uri: str, *, max_age: int | None = None, scopes: Iterable[str] = ()
) -> tuple[str, PendingLogin]:
    """Where the browser goes to log in, and what to keep for its return. max_age: seconds; older logins there do not
    count. scopes: asked for beside the issuer's own. Raises IssuerUnusable.
    """
    pending = PendingLogin(
        issuer=issuer.slug,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        redirect_uri=redirect_uri,
        begun_at=int(timezone.now().timestamp()),
        max_age=max_age,
    )
    challenge = base64.urlsafe_b64encode(hashlib.sha256(pending.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": issuer.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(dict.fromkeys(("openid", *issuer.scopes, *scopes))),
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if max_age is not None:
        asked["max_age"] = str(max_age)
    wanted = issuer.acr_values or issuer.factor_acr
    if wanted:
        asked["acr_values"] = " ".join(wanted)
    address = issuer_metadata(issuer).authorization_endpoint
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", pending


def finish_login(
    issuer: OidcIssuer, pending: PendingLogin, answer: Mapping[str, str], *, with_claims: bool = False
) -> VerifiedLogin:
    """Who logged in. answer: the parameters that the browser brought back. with_claims: ask for the person's claims,
    too. Raises LoginRejected and IssuerUnusable.
    """
    metadata = issuer_metadata(issuer)
    _check_answer(issuer, metadata, pending, answer)
    if answer.get("error"):
        raise LoginRejected(LoginFault.CANCELLED)
    code = answer.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise LoginRejected(LoginFault.BAD_ANSWER)
    tokens = _redeem_code(issuer, metadata, pending, code)
    claims = verified_id_token(issuer, tokens.get("id_token"), nonce=pending.nonce, max_age=pending.max_age)
    more = _user_claims(issuer, metadata, tokens, claims) if with_claims else {}
    methods = claims.get("amr")
    used = set(methods) if isinstance(methods, list) and all(isinstance(each, str) for each in methods) else set()
    return VerifiedLogin(
        issuer=issuer.issuer,
        subject=claims["sub"],
        has_factor=claims.get("acr") in issuer.factor_acr or bool(used & set(issuer.factor_amr)),
        claims={**claims, **more},
    )


def logout_address(issuer: OidcIssuer, back_to: str) -> str:
    """Where a browser logs out at the issuer, too; empty where it offers none. Raises IssuerUnusable."""
    address = issuer_metadata(issuer).end_session_endpoint
    asked = urlencode({"client_id": issuer.client_id, "post_logout_redirect_uri": back_to})
    return f"{address}{'&' if '?' in address else '?'}{asked}" if address else ""


def _check_answer(
    issuer: OidcIssuer, metadata: IssuerMetadata, pending: PendingLogin, answer: Mapping[str, str]
) -> None:
    if not compare_digest(answer.get("state", "").encode(), pending.state.encode()) or pending.is_over():
        raise LoginRejected(LoginFault.UNKNOWN_STATE)
    named = answer.get("iss")
    if pending.issuer != issuer.slug or (named is None and metadata.sends_issuer):
        raise LoginRejected(LoginFault.OTHER_ISSUER)
    if named is not None and named != issuer.issuer:
        raise LoginRejected(LoginFault.OTHER_ISSUER)


def _redeem_code(issuer: OidcIssuer, metadata: IssuerMetadata, pending: PendingLogin, code: str) -> Mapping[str, Any]:
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending.redirect_uri,
        "code_verifier": pending.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if issuer.key:
        sent |= {
            "client_id": issuer.client_id,
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": client_assertion(issuer, metadata.token_endpoint, int(timezone.now().timestamp())),
        }
    elif "client_secret_basic" in metadata.client_auth:
        pair = f"{quote_plus(issuer.client_id)}:{quote_plus(issuer.secret)}"  # RFC 6749, 2.3.1
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        sent |= {"client_id": issuer.client_id, "client_secret": issuer.secret}
    status, tokens = fetch_json(issuer, metadata.token_endpoint, urlencode(sent).encode(), headers)
    if status in (401, 403) or (isinstance(tokens, dict) and tokens.get("error") == "invalid_client"):
        raise IssuerUnusable(
            BothLanguages(
                "client_idかsecret(key)を、相手が受け付けません", "it does not take our client_id, secret or key"
            )
        )
    if status >= 500:
        raise IssuerUnusable(BothLanguages(f"HTTP {status}を返しました", f"it answered HTTP {status}"))
    if status != 200 or not isinstance(tokens, dict):
        raise LoginRejected(LoginFault.BAD_ANSWER)
    return tokens


def _user_claims(
    issuer: OidcIssuer, metadata: IssuerMetadata, tokens: Mapping[str, Any], claims: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Claims of the userinfo endpoint; none where there is none. They have to be of the same person (5.3.2)."""
    token = tokens.get("access_token")
    if not metadata.userinfo_endpoint or not isinstance(token, str) or not token.isascii() or not token.isprintable():
        return {}
    status, found = fetch_json(issuer, metadata.userinfo_endpoint, None, {"Authorization": f"Bearer {token}"})
    if status != 200 or not isinstance(found, dict) or found.get("sub") != claims["sub"]:
        raise LoginRejected(LoginFault.BAD_ANSWER)
    return found
