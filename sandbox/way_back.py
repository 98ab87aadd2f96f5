"""The link that leads from a done page back to where the mover came from.

`<URL>?number=<receipt number>&at=<unix seconds>&signature=<hex>`: the signature is HMAC-SHA256 with the
secret agreed with that portal over the URL's last path segment, the number and the time, one a line.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

TWO_DAYS = 2 * 24 * 60 * 60


@dataclass(frozen=True)
class Link:
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
    said = "\n".join((ticket, number, str(at)))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def signed(url: str, secret: str, number: str, at: int) -> str:
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    return _with(url, number=number, at=str(at), signature=signature(secret, ticket, number, at))


def trials(url: str, secret: str, number: str, at: int) -> list[Link]:
    """Ways back that a portal must not take for the provider's word."""
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    right = signature(secret, ticket, number, at)
    wrong = ("0" if right[0] != "0" else "1") + right[1:]
    return [
        Link("受付番号のない戻り", url),
        Link("署名のない戻り", _with(url, number=number, at=str(at))),
        Link("署名を壊した戻り", _with(url, number=number, at=str(at), signature=wrong)),
        Link("期限切れの戻り", signed(url, secret, number, at - TWO_DAYS)),
    ]


def _with(url: str, **said: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(said)}"
