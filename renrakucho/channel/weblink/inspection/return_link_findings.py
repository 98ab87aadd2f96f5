"""Form inspection of the return link on the done page: its signature, and the usual slips in signing."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import parse_qs, quote, urlsplit

from renrakucho.channel.weblink.inspection.form_finding import FormFinding, quoted_list
from renrakucho.lib.identifiers import is_plausible_receipt_number
from renrakucho.lib.signing import is_signature_of

_CLOCK_TOLERANCE = 300  # seconds, as the portal allows
_MILLISECONDS = 10**11  # as seconds, the year 5138: a larger number is of milliseconds
_LINES = 'HMAC-SHA256(secret, ticket + "\\n" + number + "\\n" + at)'


def missing_link_finding(end: str, asked: Iterable[str]) -> FormFinding:
    """The done page was not reached, or has no return link. end: how the walk ended. asked: fields that are empty."""
    if end != "done":
        return FormFinding("unseen", "not-done", found=quoted_list(asked))
    return FormFinding("mend", "no-return-link")


def signature_findings(url: str, secret: str, now: datetime, text: str) -> Iterator[FormFinding]:
    """Check the link's signature, time and number. url: the link on the page. text: the page's whole text."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
    lacking = [name for name in ("number", "at", "signature") if not said.get(name)]
    if lacking:
        yield FormFinding("mend", "unsigned", "", "number, at, signature", "", {"names": ", ".join(lacking)})
        return
    ticket = urlsplit(url).path.rsplit("/", 1)[-1]
    number, at, given = said["number"], said["at"], said["signature"]
    if is_signature_of(secret, given, ticket, number, at):
        yield FormFinding("fine", "signed", found=f"number={number} at={at}")
    else:
        yield FormFinding(
            "mend", signature_mistake(secret, given, url, number, at), "", _LINES, f"number={number} at={at}"
        )
    yield from _time(at, now)
    if not is_plausible_receipt_number(number):
        yield FormFinding("mend", "number-odd", found=number)
    if number not in text:
        yield FormFinding("doubt", "number-unseen", found=number)


def _time(at: str, now: datetime) -> Iterator[FormFinding]:
    seconds = int(at) if at.isdecimal() and at.isascii() else None
    expected = f"at={int(now.timestamp())}"
    if seconds is None or seconds > _MILLISECONDS:
        yield FormFinding("mend", "time-unit", "", expected, f"at={at}")
    elif abs(seconds - now.timestamp()) > _CLOCK_TOLERANCE:
        yield FormFinding("mend", "time-off", "", expected, f"at={at}")


def signature_mistake(secret: str, given: str, url: str, number: str, at: str) -> str:
    """The code of the slip that gives this signature; «wrong-signature» where none does."""
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
    return next((code for code, made in _other_digests(secret, "\n".join(right)) if given in made), "wrong-signature")


def _other_digests(secret: str, message: str) -> Iterator[tuple[str, set[str]]]:
    """The right message with another digest, another key or in another encoding, by slip."""
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
