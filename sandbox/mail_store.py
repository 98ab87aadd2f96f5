"""Mails as files: the mail receiver writes them, the pages read them, from different processes."""

import re
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

from sandbox.clock import JAPAN

MOST_KEPT = 500
KEY = re.compile("[0-9]{19,}-[0-9a-f]{8}")


@dataclass(frozen=True)
class StoredMail:
    """`at` is the Date header in Japan's time, None where it tells none; `text` the plain text part."""

    key: str
    sender: str
    to: tuple[str, ...]
    subject: str
    at: datetime | None
    text: str


class MailStore:
    """A folder with one file a mail; names sort in the order of arrival."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, raw: bytes) -> str:
        """Store a mail, delete the oldest beyond MOST_KEPT, and return its key."""
        key = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        half = self._folder / f"{key}.part"
        half.write_bytes(raw)
        half.rename(self._folder / f"{key}.eml")  # a reader never sees half a mail
        for old in self.keys()[MOST_KEPT:]:
            (self._folder / f"{old}.eml").unlink(missing_ok=True)
        return key

    def keys(self) -> list[str]:
        """Newest first."""
        return sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)

    def raw(self, key: str) -> bytes | None:
        if not KEY.fullmatch(key):
            return None
        try:
            return (self._folder / f"{key}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def mail(self, key: str) -> StoredMail | None:
        raw = self.raw(key)
        return None if raw is None else _read(key, raw)

    def all(self) -> list[StoredMail]:
        """Newest first."""
        return [mail for key in self.keys() if (mail := self.mail(key))]


def _read(key: str, raw: bytes) -> StoredMail:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    sent_at = message["Date"].datetime if message["Date"] else None
    return StoredMail(
        key,
        str(message["From"] or ""),
        tuple(address for _, address in getaddresses([str(to) for to in message.get_all("To", [])])),
        str(message["Subject"] or ""),
        sent_at.astimezone(JAPAN) if sent_at else None,
        "\n".join(text.rstrip().splitlines()) + "\n",
    )
