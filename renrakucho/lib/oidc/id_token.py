"""ID token: verified signature and claims (OpenID Connect Core 1.0, 3.1.3.7), and logout tokens (Back-Channel Logout).

Signature and registered claims are checked by joserfc; the key is chosen here, by the token's key id among the keys of
its issuer alone, and its algorithm from a list.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from joserfc import jws, jwt
from joserfc.errors import JoseError

from renrakucho.lib.oidc.issuer_metadata import ALGORITHMS, signing_keys
from renrakucho.lib.oidc.oidc_issuer import LoginFault, LoginRejected, OidcIssuer

SKEW_SECONDS = 60  # that the issuer's clock may differ
OLDEST_SECONDS = 10 * 60  # since it was issued: a login is answered at once
LONGEST_TOKEN = 32 * 1024
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, 2
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def verified_id_token(issuer: OidcIssuer, token: Any, *, nonce: str, max_age: int | None = None) -> dict[str, Any]:
    """The claims of an ID token for this very login. max_age: seconds since the person proved who they are there, where
    that was asked for. Raises LoginRejected and IssuerUnusable.
    """
    claims = _signed_claims(issuer, token)
    _check_registered(issuer, claims, nonce={"essential": True, "value": nonce})
    if max_age is not None and _at(claims.get("auth_time")) < _now() - max_age - SKEW_SECONDS:
        raise LoginRejected(LoginFault.WEAK_LOGIN)
    if issuer.acr_values and claims.get("acr") not in issuer.acr_values:
        raise LoginRejected(LoginFault.WEAK_LOGIN)
    return claims


def verified_logout_subject(issuer: OidcIssuer, token: Any) -> str:
    """Whose sessions a logout token ends: the subject. Raises LoginRejected and IssuerUnusable."""
    claims = _signed_claims(issuer, token)
    _check_registered(issuer, claims)
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
        raise LoginRejected(LoginFault.WRONG_CLAIM)  # an ID token is no logout token
    return str(claims["sub"])


def _signed_claims(issuer: OidcIssuer, token: Any) -> dict[str, Any]:
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise LoginRejected(LoginFault.BAD_SIGNATURE)
    try:
        header = jws.extract_compact(token.encode()).headers()
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS or not (key_id is None or isinstance(key_id, str)):
            raise LoginRejected(LoginFault.BAD_SIGNATURE)
        match signing_keys(issuer, key_id):
            case [only]:
                return jwt.decode(token, only, algorithms=[algorithm]).claims
            case _:  # unknown, or nobody can tell which
                raise LoginRejected(LoginFault.BAD_SIGNATURE)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, LoginRejected):
            raise
        raise LoginRejected(LoginFault.BAD_SIGNATURE) from error


def _check_registered(issuer: OidcIssuer, claims: Mapping[str, Any], **more: Any) -> None:
    """iss, aud, azp, exp, iat and sub, and what `more` says."""
    rules = jwt.JWTClaimsRegistry(
        now=_now(),
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": issuer.issuer},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        **more,
    )
    try:
        rules.validate(dict(claims))
    except JoseError as error:
        raise LoginRejected(LoginFault.WRONG_CLAIM) from error
    for_us = claims.get("aud") in (issuer.client_id, [issuer.client_id])  # another audience is none that we trust
    by_us = claims.get("azp", issuer.client_id) == issuer.client_id
    subject = claims["sub"]
    if not (for_us and by_us and 0 < len(subject) <= LONGEST_SUBJECT):
        raise LoginRejected(LoginFault.WRONG_CLAIM)
    if claims["iat"] < _now() - OLDEST_SECONDS - SKEW_SECONDS:
        raise LoginRejected(LoginFault.WRONG_CLAIM)


def _at(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")


def _now() -> int:
    return int(timezone.now().timestamp())
