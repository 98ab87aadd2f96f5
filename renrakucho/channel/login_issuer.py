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

Movers prove by an issuer who they are, where a provider's sheet asks for it. Its claims say what it has verified, and
its scopes are asked for where a chosen provider asks for that claim:

[issuers.card.movers]
name = {claims = ["name"], scopes = ["name"]}          # or claims = ["family_name", "given_name"]
address = {claims = ["address"], scopes = ["address"]} # may be left out: this issuer does not say it
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NotRequired, TypedDict

from renrakucho.channel.table_faults import (
    TableFault,
    authority_faults,
    key_faults,
    network_faults,
    schema_faults,
    secret_faults,
    url_faults,
)
from renrakucho.fact.catalogue import CLAIM_NAMES, HOLDER_NAME
from renrakucho.lib.oidc.client_assertion import client_assertion
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, OidcIssuer
from renrakucho.lib.safe_http import is_this_machine
from renrakucho.lib.toml_lines import Place

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
    movers: NotRequired[dict[str, Any]]
    factor_amr: NotRequired[list[str]]
    factor_acr: NotRequired[list[str]]
    acr_values: NotRequired[list[str]]
    scopes: NotRequired[list[str]]
    allow: NotRequired[list[str]]
    ca: NotRequired[str]


class _ClaimTable(TypedDict):
    """[issuers.<slug>.movers] <claim>"""

    claims: list[str]
    scopes: NotRequired[list[str]]


@dataclass(frozen=True)
class ClaimSource:
    """How an issuer says one verified claim: in these claims of its answer, joined, where these scopes were asked."""

    name: str
    claims: tuple[str, ...]
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoginIssuer(OidcIssuer):
    """An issuer and whom it may log in: staff of these desks, of the bureau; movers, of whom it says these claims."""

    desks: tuple[str, ...] = ()
    bureau: bool = False
    movers: tuple[ClaimSource, ...] = ()

    def serves(self, provider: str) -> bool:
        """Whether it logs in the staff of this provider's desk; "": of the bureau."""
        return provider in self.desks if provider else self.bureau

    def proves(self, claims: Collection[str]) -> bool:
        """Whether a mover can prove all of these claims by it."""
        return bool(self.movers) and set(claims) <= {source.name for source in self.movers}

    def sources(self, claims: Collection[str]) -> tuple[ClaimSource, ...]:
        """How it says those of the claims that it knows."""
        return tuple(source for source in self.movers if source.name in claims)


def read_issuer(slug: str, table: Mapping[str, Any]) -> LoginIssuer:
    """The issuer of a table without faults."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    movers = values.pop("movers", {})
    sources = (
        ClaimSource(name, tuple(movers[name]["claims"]), tuple(movers[name].get("scopes", ())))
        for name in CLAIM_NAMES
        if name in movers
    )
    return LoginIssuer(slug=slug, movers=tuple(sources), **values)


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
    if "movers" in table:
        yield from _mover_faults(table["movers"])
    if not (table.get("desks") or table.get("bureau") or "movers" in table):
        yield TableFault(
            (),
            "だれのログインか（desks・bureau・movers）が、書いてありません",
            "it logs nobody in: name desks, bureau or movers",
            True,
        )


def _mover_faults(movers: Mapping[str, Any]) -> Iterator[TableFault]:
    place = ("movers",)
    yield from _placed(place, key_faults(movers, dict.fromkeys(CLAIM_NAMES, dict), "what movers prove"))
    for name, source in movers.items():
        if name in CLAIM_NAMES and isinstance(source, dict):
            yield from _placed((*place, name), schema_faults(source, _ClaimTable, "a claim"))
            if source.get("claims") == []:
                yield TableFault((*place, name), "claimsが空です", "claims is empty: it says in none of them")
    if HOLDER_NAME not in movers:
        yield TableFault(
            place,
            "お名前（name）がありません。住所だけでは、だれのログインか分かりません",
            "name is missing: an address alone proves nobody",
        )


def _placed(place: Place, faults: Iterator[TableFault]) -> Iterator[TableFault]:
    yield from (replace(fault, place=(*place, *fault.place)) for fault in faults)


def _key_faults(slug: str, table: Mapping[str, Any]) -> Iterator[TableFault]:
    try:
        client_assertion(OidcIssuer(slug, "", "", "", key=table["key"]), "", 0)
    except IssuerUnusable as error:
        yield TableFault(("key",), *error.said)
