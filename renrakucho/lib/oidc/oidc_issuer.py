"""OpenID issuer: who this installation believes when somebody has logged in there, and how that fails."""

from dataclasses import dataclass
from enum import StrEnum

from renrakucho.lib.errors import InvalidInput, Unreachable
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.safe_http import Network, parse_networks


@dataclass(frozen=True)
class OidcIssuer:
    """An OpenID provider and how this portal is known there.

    slug: this installation's short name for it; name: as people read it. secret: for client_secret_basic; key: a PEM
    of a private key for private_key_jwt, with its key_id; one of both. allow: private networks that it may be reached
    in. acr_values: contexts of which its answer has to name one; empty: any. factor_acr, factor_amr: what in its
    answer counts as a second factor.
    """

    slug: str
    name: str
    issuer: str
    client_id: str
    secret: str = ""
    key: str = ""
    key_id: str = ""
    allow: tuple[str, ...] = ()
    ca: str = ""
    scopes: tuple[str, ...] = ()
    acr_values: tuple[str, ...] = ()
    factor_acr: tuple[str, ...] = ()
    factor_amr: tuple[str, ...] = ()

    @property
    def networks(self) -> tuple[Network, ...]:
        """Private networks that may be reached for it."""
        return parse_networks(self.allow)

    @property
    def authorities(self) -> str | None:
        """The PEM file of certificates to believe; None: the system's."""
        return self.ca or None


class LoginFault(StrEnum):
    """Why a login at the issuer was not believed. For the log: it says nothing about a person."""

    CANCELLED = "cancelled"  # the person, or the issuer, said no
    UNKNOWN_STATE = "unknown_state"  # another browser's, used before, or too old
    OTHER_ISSUER = "other_issuer"  # mix-up (RFC 9207)
    BAD_ANSWER = "bad_answer"
    BAD_SIGNATURE = "bad_signature"
    WRONG_CLAIM = "wrong_claim"  # of another client, login or time
    WEAK_LOGIN = "weak_login"  # not in a way that was asked for


class LoginRejected(InvalidInput):
    """The issuer's answer proves no login of this browser. `fault` says why."""

    def __init__(self, fault: LoginFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class IssuerUnusable(Unreachable):
    """The issuer cannot be reached, or what it publishes cannot be used. The message says what, in both languages."""

    def __init__(self, said: BothLanguages) -> None:
        super().__init__(str(said))
        self.said = said
