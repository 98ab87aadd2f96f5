"""Signed return link: leads from a done page back to the portal that the mover came from.

`<URL>?number=<receipt number>&at=<unix seconds>&signature=<hex>`: the signature is HMAC-SHA256 with the
secret agreed with that portal over the URL's last path segment, the number and the time, one a line.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

TWO_DAYS = 2 * 24 * 60 * 60


@dataclass(frozen=True)
class NamedLink:
    text: str
    url: str


def is_web_address(url: str) -> bool:
    """Only these are linked to: no script, no relative path, nothing that breaks a line."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def signature(secret: str, ticket: str, number: str, at: int) -> str:
    values = "\n".join((ticket, number, str(at)))
    return hmac.new(secret.encode(), values.encode(), hashlib.sha256).hexdigest()


def signed_return_link(url: str, secret: str, number: str, at: int) -> str:
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    return _with(url, number=number, at=str(at), signature=signature(secret, ticket, number, at))


def invalid_return_links(url: str, secret: str, number: str, at: int) -> list[NamedLink]:
    """Return links that a portal must not accept as the provider's word."""
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    right = signature(secret, ticket, number, at)
    wrong = ("0" if right[0] != "0" else "1") + right[1:]
    return [
        NamedLink("受付番号のない戻り", url),
        NamedLink("署名のない戻り", _with(url, number=number, at=str(at))),
        NamedLink("署名を壊した戻り", _with(url, number=number, at=str(at), signature=wrong)),
        NamedLink("期限切れの戻り", signed_return_link(url, secret, number, at - TWO_DAYS)),
    ]


def _with(url: str, **values: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(values)}"
