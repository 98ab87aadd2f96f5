"""Discovery (OpenID Connect Discovery 1.0) and key set (RFC 7517) of an issuer: fetched safely, cached, rotated.

Both are kept for an hour. A token signed with a key that is not known has the set fetched again, once a minute at most:
so a new key is taken up at once, and made-up key ids cause no crowd of requests. Every address of the document is
reached by the client that is safe against SSRF, whatever the issuer writes there.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from renrakucho.lib.errors import Unreachable
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, OidcIssuer
from renrakucho.lib.safe_http import is_this_machine, safe_request
from renrakucho.lib.strict_json import parse_json_object

FRESH_SECONDS = 60 * 60
REFETCH_SECONDS = 60  # between two looks for a key that is not known
REQUEST_SECONDS = 5.0  # a person waits
LARGEST_DOCUMENT = 256 * 1024
_DISCOVERY = "/.well-known/openid-configuration"
# Asymmetric, and none that RFC 8725 warns of: «none» and HMAC with a public key as the secret stay outside.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")


@dataclass(frozen=True)
class IssuerMetadata:
    """The part of an issuer's discovery document that is used. sends_issuer: it names itself in its answers (RFC 9207);
    client_auth: ways in which it lets clients prove who they are.
    """

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    sends_issuer: bool = False
    client_auth: tuple[str, ...] = ("client_secret_basic",)


Kept = TypeVar("Kept")


class _FreshCache(Generic[Kept]):
    """Values by issuer, for an hour. Two threads may fetch one at the same time; the later stands."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[OidcIssuer, tuple[float, Kept]] = {}

    def get(self, issuer: OidcIssuer, fetch: Callable[[OidcIssuer], Kept], *, seconds: float = FRESH_SECONDS) -> Kept:
        with self._lock:
            at, kept = self._kept.get(issuer, (float("-inf"), None))
        if kept is not None and time.monotonic() - at < seconds:
            return kept
        fetched = fetch(issuer)
        with self._lock:
            self._kept[issuer] = (time.monotonic(), fetched)
        return fetched

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_metadata: _FreshCache[IssuerMetadata] = _FreshCache()
_key_sets: _FreshCache[KeySet] = _FreshCache()


def issuer_metadata(issuer: OidcIssuer) -> IssuerMetadata:
    """The issuer's endpoints. Raises IssuerUnusable."""
    return _metadata.get(issuer, _discover)


def signing_keys(issuer: OidcIssuer, key_id: str | None) -> list[Key]:
    """The issuer's public keys that may have signed with this key id; all of them where it is None.

    Raises IssuerUnusable.
    """
    for seconds in (FRESH_SECONDS, REFETCH_SECONDS):
        keys = _key_sets.get(issuer, _fetch_keys, seconds=seconds).keys
        found = [key for key in keys if _may_sign(key) and key_id in (None, key.kid)]
        if found:
            return found
    return []


def forget_issuers() -> None:
    """Fetch documents and keys anew at the next call."""
    _metadata.clear()
    _key_sets.clear()


def fetch_json(issuer: OidcIssuer, url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, Any]:
    """GET or POST at the issuer: status and JSON object, None where it is none. Raises IssuerUnusable."""
    try:
        response = safe_request(
            url,
            body,
            {"Accept": "application/json", **headers},
            named=issuer.networks,
            authorities=issuer.authorities,
            seconds=REQUEST_SECONDS,
            largest=LARGEST_DOCUMENT,
        )
    except Unreachable as error:
        host = urlsplit(url).netloc
        raise IssuerUnusable(
            BothLanguages(f"{host}につながりません（{error}）", f"{host} cannot be reached: {error}")
        ) from error
    return response.status, parse_json_object(response.body)


def _may_sign(key: Key) -> bool:
    return key.key_type in ("RSA", "EC", "OKP") and key.get("use") in (None, "sig")


def _discover(issuer: OidcIssuer) -> IssuerMetadata:
    status, found = fetch_json(issuer, issuer.issuer.rstrip("/") + _DISCOVERY, None, {})
    if status != 200 or found is None:
        raise IssuerUnusable(
            BothLanguages(
                f"{_DISCOVERY}がJSONを返しません（HTTP {status}）",
                f"{_DISCOVERY} answers no JSON (HTTP {status}): is the issuer's address right?",
            )
        )
    if found.get("issuer") != issuer.issuer:  # OpenID Connect Discovery 1.0, 4.3: exactly the same
        raise IssuerUnusable(
            BothLanguages("名乗るissuerが、設定とちがいます", "it names another issuer than the settings do")
        )
    _require_code_flow(found)
    return IssuerMetadata(
        authorization_endpoint=_address(issuer, found, "authorization_endpoint"),
        token_endpoint=_address(issuer, found, "token_endpoint"),
        jwks_uri=_address(issuer, found, "jwks_uri"),
        userinfo_endpoint=_address(issuer, found, "userinfo_endpoint", required=False),
        end_session_endpoint=_address(issuer, found, "end_session_endpoint", required=False),
        sends_issuer=found.get("authorization_response_iss_parameter_supported") is True,
        client_auth=_texts(found.get("token_endpoint_auth_methods_supported")) or ("client_secret_basic",),
    )


def _require_code_flow(found: Mapping[str, Any]) -> None:
    if "code" not in _texts(found.get("response_types_supported")):
        raise IssuerUnusable(
            BothLanguages("認可コードフロー（code）を使えません", "it does not offer the authorization code flow")
        )
    methods = _texts(found.get("code_challenge_methods_supported"))
    if methods and "S256" not in methods:
        raise IssuerUnusable(BothLanguages("PKCE（S256）を使えません", "it does not offer PKCE with S256"))
    signed_by = _texts(found.get("id_token_signing_alg_values_supported"))
    if signed_by and not set(signed_by) & set(ALGORITHMS):
        raise IssuerUnusable(
            BothLanguages("IDトークンの署名方式を使えません", "its ID tokens are signed in no way that is taken here")
        )


def _address(issuer: OidcIssuer, found: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    """An endpoint. http only on this machine, and only of an issuer that is there itself: a trial."""
    address = found.get(name)
    if address is None and not required:
        return ""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    plain = parts.scheme == "http" and issuer.issuer.startswith("http://") and is_this_machine(host)
    if not host or not (parts.scheme == "https" or plain) or parts.fragment or parts.username is not None:
        raise IssuerUnusable(
            BothLanguages(f"{name}が、使えるURLではありません", f"{name} is no address that can be used")
        )
    return str(address)


def _fetch_keys(issuer: OidcIssuer) -> KeySet:
    status, found = fetch_json(issuer, issuer_metadata(issuer).jwks_uri, None, {})
    try:
        if status != 200 or found is None:
            raise ValueError
        return KeySet.import_key_set({"keys": found["keys"]})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise IssuerUnusable(
            BothLanguages("jwks_uriの公開鍵を読めません", "no public keys can be read from its jwks_uri")
        ) from error


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
