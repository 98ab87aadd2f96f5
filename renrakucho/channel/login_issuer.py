"""Login issuer: an OpenID provider that this installation believes, and for whom. In connections.toml:

[issuers.water-id]
name = "水道局の職員ログイン"            # as people read it on the button
issuer = "https://login.example.jp"     # exactly as it names itself
client_id = "renrakucho"
secret = {file = "water-id.secret"}     # or key = {file = "water-id.pem"}, key_id = "…": private_key_jwt
desks = ["yokosuka-water"]              # whose staff log in by it; bureau = true: the portal's own
factor_amr = ["otp", "hwk"]             # may be left out: what counts as a second factor; factor_acr likewise
acr_values = ["urn:…"]                  # may be left out: other ways of logging in are refused
scopes = ["name"]                       # may be left out: more than openid
allow = ["10.1.2.0/24"]                 # may be left out: its private networks
ca = "authority.pem"                    # may be left out: instead of the system's certificates
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from renrakucho.channel.table_faults import (
    TableFault,
    authority_faults,
    network_faults,
    schema_faults,
    secret_faults,
    url_faults,
)
from renrakucho.lib.oidc.client_assertion import client_assertion
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, OidcIssuer
from renrakucho.lib.safe_http import is_this_machine

_NAME = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 20


class IssuerTable(TypedDict):
    """[issuers.<slug>]"""

    name: str
    issuer: str
    client_id: str
    secret: NotRequired[str]
    key: NotRequired[str]
    key_id: NotRequired[str]
    desks: NotRequired[list[str]]
    bureau: NotRequired[bool]
    factor_amr: NotRequired[list[str]]
    factor_acr: NotRequired[list[str]]
    acr_values: NotRequired[list[str]]
    scopes: NotRequired[list[str]]
    allow: NotRequired[list[str]]
    ca: NotRequired[str]


@dataclass(frozen=True)
class LoginIssuer(OidcIssuer):
    """An issuer and whom it may log in: the staff of these desks, of the bureau."""

    desks: tuple[str, ...] = ()
    bureau: bool = False

    def serves(self, provider: str) -> bool:
        """Whether it logs in the staff of this provider's desk; "": of the bureau."""
        return provider in self.desks if provider else self.bureau


def read_issuer(slug: str, table: Mapping[str, Any]) -> LoginIssuer:
    """The issuer of a table without faults."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return LoginIssuer(slug=slug, **values)


def issuer_faults(slug: str, table: Mapping[str, Any], trial: bool) -> list[TableFault]:
    """Every fault of an issuer's table; those of values only where all keys are right."""
    return list(schema_faults(table, IssuerTable, "an issuer")) or list(_value_faults(slug, table, trial))


def _value_faults(slug: str, table: Mapping[str, Any], trial: bool) -> Iterator[TableFault]:
    if not _NAME.fullmatch(slug) or len(slug) > _LONGEST_SLUG:
        yield TableFault(
            (),
            f"{slug}は、{_LONGEST_SLUG}文字以内の小文字の英数字と、一つずつの-で書きます",
            f"{slug!r} is not of small letters, digits and single hyphens, {_LONGEST_SLUG} at most",
        )
    yield from url_faults(("issuer",), table["issuer"], plain_http=lambda host: trial and is_this_machine(host))
    if {"secret", "key"} <= set(table) or not {"secret", "key"} & set(table):
        yield TableFault((), "secretかkeyの、どちらか一つを書きます", "either secret or key is needed, and not both")
    elif "secret" in table:
        yield from secret_faults(("secret",), table["secret"], trial=trial)
    else:
        yield from _key_faults(slug, table)
    yield from network_faults(("allow",), table.get("allow", ()))
    if "ca" in table:
        yield from authority_faults(("ca",), table["ca"])
    if not (table.get("desks") or table.get("bureau")):
        yield TableFault(
            (), "だれのログインか（desks・bureau）が、書いてありません", "it logs nobody in: name desks or bureau", True
        )


def _key_faults(slug: str, table: Mapping[str, Any]) -> Iterator[TableFault]:
    try:
        client_assertion(OidcIssuer(slug, "", "", "", key=table["key"]), "", 0)
    except IssuerUnusable as error:
        yield TableFault(("key",), *error.said)
