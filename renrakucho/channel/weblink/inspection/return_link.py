"""The link on the done page: is it signed as docs/adding-a-provider.md says, and if not, which slip was it?"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

from renrakucho.channel.weblink.inspection.finding import Finding, listed
from renrakucho.lib.sign import agrees
from renrakucho.sheet.receipt_number import is_believable

_CLOCKS_DIFFER = 300  # seconds, as the portal allows
_MILLISECONDS = 10**11  # so many seconds there will not be before the year 5138
_LINES = 'HMAC-SHA256(secret, ticket + "\\n" + number + "\\n" + at)'


def no_link(end: str, asked: Iterable[str]) -> Finding:
    """The done page was not reached, or leads nowhere. `end`: how the walk ended; `asked`: fields that are empty."""
    if end != "done":
        return Finding("unseen", "not-done", found=listed(asked))
    return Finding("mend", "no-return-link")


def signed(url: str, secret: str, now: datetime, text: str) -> Iterator[Finding]:
    """`url` as it stands on the page, `text` all that can be read there."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
    lacking = [name for name in ("number", "at", "signature") if not said.get(name)]
    if lacking:
        yield Finding("mend", "unsigned", "", "number, at, signature", "", {"names": ", ".join(lacking)})
        return
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    number, at, given = said["number"], said["at"], said["signature"]
    if agrees(secret, given, ticket, number, at):
        yield Finding("fine", "signed", found=f"number={number} at={at}")
    else:
        yield Finding("mend", slip(secret, given, url, number, at), "", _LINES, f"number={number} at={at}")
    yield from _time(at, now)
    if not is_believable(number):
        yield Finding("mend", "number-odd", found=number)
    if number not in text:
        yield Finding("doubt", "number-unseen", found=number)


def _time(at: str, now: datetime) -> Iterator[Finding]:
    seconds = int(at) if at.isdecimal() and at.isascii() else None
    expected = f"at={int(now.timestamp())}"
    if seconds is None or seconds > _MILLISECONDS:
        yield Finding("mend", "time-unit", "", expected, f"at={at}")
    elif abs(seconds - now.timestamp()) > _CLOCKS_DIFFER:
        yield Finding("mend", "time-off", "", expected, f"at={at}")


def slip(secret: str, given: str, url: str, number: str, at: str) -> str:
    """The code of the usual slip that explains the signature; «wrong-signature» where none does."""
    path = urlsplit(url).path
    ticket = path.rsplit("/", 1)[-1]
    right = (ticket, number, at)
    tried: dict[str, list[Iterable[str]]] = {
        "slip-order": [(number, ticket, at), (ticket, at, number), (number, at, ticket), (at, number, ticket)],
        "slip-last-newline": [(*right, "")],
        "slip-encoded": [(ticket, quote(number, safe=""), at)],
        "slip-whole-url": [(url.partition("?")[0], number, at), (path, number, at)],
        "slip-no-ticket": [(number, at)],
        "slip-no-time": [(ticket, number)],
    }
    for code, messages in tried.items():
        if any(_mac(secret.encode(), "\n".join(parts)).hex() == given for parts in messages):
            return code
    if any(_mac(secret.encode(), joint.join(right)).hex() == given for joint in ("", "\r\n", "&", ",", ":", "|", " ")):
        return "slip-joint"
    return next(
        (code for code, made in _written_otherwise(secret, "\n".join(right)) if given in made), "wrong-signature"
    )


def _written_otherwise(secret: str, message: str) -> Iterator[tuple[str, set[str]]]:
    """The right lines, with another digest, another key or in other letters."""
    digest = _mac(secret.encode(), message)
    yield "slip-upper", {digest.hex().upper()}
    encoders: list[Callable[[bytes], bytes]] = [base64.b64encode, base64.urlsafe_b64encode]
    texts = [encode(digest).decode() for encode in encoders]
    yield "slip-base64", {*texts, *(text.rstrip("=") for text in texts)}
    pieces = [(secret + message), (message + secret), (secret + "\n" + message), (message + "\n" + secret)]
    yield "slip-no-hmac", {hashlib.sha256(text.encode()).hexdigest() for text in pieces}
    yield "slip-swapped", {_mac(message.encode(), secret).hex()}
    try:
        yield "slip-hex-key", {_mac(bytes.fromhex(secret), message).hex()}
    except ValueError:
        return


def _mac(key: bytes, message: str) -> bytes:
    return hmac.new(key, message.encode(), hashlib.sha256).digest()
