"""Faults of connections.toml: what cannot work in a table, in Japanese and English, and the rules for URLs and secrets.

A sentence never quotes a secret.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from renrakucho.lib.safe_http import parse_networks
from renrakucho.lib.toml_lines import Place
from renrakucho.sheet.toml_keys import key_errors, table_errors

SHORTEST_SECRET = 24  # characters
_TRIAL_MARK = "trial-only-"
# The sandbox's other published secret has a form of its own (Standard Webhooks) and cannot begin with the mark.
_PUBLISHED = ("whsec_xXBrgetogTC+SimJ8PmYfhcTlB0Ma8jVglyQkN2nDH4=",)
_UNSAFE = frozenset(" \t\r\n;,'\"\\<>")  # each would end a source of Content-Security-Policy, or a header


@dataclass(frozen=True)
class TableFault:
    """place: path of the key in its table. warning: it works, and the operator should know."""

    place: Place
    japanese: str
    english: str
    warning: bool = False


PUBLISHED_SECRET = TableFault(
    ("secret",),
    "secretが、公開されているお試し用の鍵です。相手と決めた、ほかのだれも知らない鍵にしてください",
    "secret is one of the sandbox's, which everybody can read; agree on one with the other side",
)


def schema_faults(table: Mapping[str, Any], schema: type[Any], where: str) -> Iterator[TableFault]:
    """A fault for each key of the table that is unknown, of another kind, or missing. schema: a TypedDict."""
    yield from (TableFault(error.place, error.japanese, str(error)) for error in table_errors(table, schema, where))


def key_faults(table: Mapping[str, Any], hints: Mapping[str, Any], where: str) -> Iterator[TableFault]:
    """A fault for each key that has no type hint, and for each value that is not of its hint."""
    yield from (TableFault(error.place, error.japanese, str(error)) for error in key_errors(table, hints, where))


def secret_faults(place: Place, secret: str, *, trial: bool) -> Iterator[TableFault]:
    """Faults of a secret that both sides know. trial: whether this installation is for trying things out."""
    if is_published(secret):
        yield from [] if trial else [replace(PUBLISHED_SECRET, place=place)]
    elif len(secret) < SHORTEST_SECRET:
        yield TableFault(
            place,
            f"secretが短すぎます。{SHORTEST_SECRET}文字以上にしてください",
            f"secret has fewer than {SHORTEST_SECRET} characters",
        )


def is_published(secret: str) -> bool:
    """Whether a secret stands in the public repository: the sandbox's."""
    return secret.startswith(_TRIAL_MARK) or secret in _PUBLISHED


def url_faults(
    place: Place, url: str, *, plain_http: Callable[[str], bool], origin: bool = False
) -> Iterator[TableFault]:
    """Faults of a URL.

    plain_http: whether http:// is taken for a host. origin: the URL is scheme and host only.
    """
    name = next((part for part in reversed(place) if isinstance(part, str)), "url")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("https", "http") or not host or parts.username is not None or _UNSAFE & set(url):
        yield TableFault(
            place,
            f"{name}はURLではありません。https://で始め、ホスト名を続けてください",
            f"{name} is not a URL: it begins with https:// and a host",
        )
    elif parts.scheme == "http" and not plain_http(host):
        yield TableFault(
            place,
            f"{name}がhttp://です。移転情報を暗号なしで送らないよう、https://にしてください",
            f"{name} does not begin with https://, and would travel unencrypted",
        )
    elif origin and (parts.path or parts.query or parts.fragment):
        yield TableFault(
            place,
            f"{name}は、https://とホスト名だけを書きます。最後の/も要りません",
            f"{name} is scheme and host, without a path and without a slash at the end",
        )


def network_faults(place: Place, allow: Sequence[str]) -> Iterator[TableFault]:
    """A fault where one of the texts is no network."""
    try:
        parse_networks(allow)
    except ValueError:
        yield TableFault(
            place,
            "allowにネットワークでないものがあります。10.1.2.0/24のように書きます",
            "allow holds what is no network such as 10.1.2.0/24",
        )


def authority_faults(place: Place, file: str) -> Iterator[TableFault]:
    """A fault where the file holds no certificates of an authority."""
    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ValueError):  # ssl.SSLError is an OSError; ValueError: a null character in the name
        yield TableFault(
            place,
            f"{place[-1]}のファイルから証明書を読めません",
            f"the file that {place[-1]} names holds no certificates that can be read",
        )
