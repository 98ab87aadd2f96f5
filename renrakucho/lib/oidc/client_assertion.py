"""Client assertion: a key in place of a secret at an issuer (private_key_jwt, RFC 7523)."""

import secrets
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, OidcIssuer

_ASSERTION_SECONDS = 60


def client_assertion(issuer: OidcIssuer, audience: str, now: int) -> str:
    """A signed statement of who asks, good for a minute from `now` (seconds since 1970). Raises IssuerUnusable for a
    key that cannot sign.
    """
    claims = {
        "iss": issuer.client_id,
        "sub": issuer.client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + _ASSERTION_SECONDS,
    }
    try:
        key = _private_key(issuer.key)
        header = {"alg": "ES256" if key.key_type == "EC" else "RS256"}
        return jwt.encode(header | ({"kid": issuer.key_id} if issuer.key_id else {}), claims, key)
    except (JoseError, ValueError, TypeError) as error:
        raise IssuerUnusable(
            BothLanguages("keyの秘密鍵を使えません", "the private key of `key` cannot be used")
        ) from error


def _private_key(pem: str) -> Any:
    """The key of a PEM, which does not always say of which kind it is."""
    try:
        return import_key(pem, "EC")
    except (JoseError, ValueError, TypeError):
        return import_key(pem, "RSA")
