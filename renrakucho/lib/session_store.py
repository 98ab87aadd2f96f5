"""Session store: Django's sessions in the database, under a hash of their key.

Whoever reads the table (a backup, a leaked file) finds no value that opens a session. A key has 165 random bits, so one
round of SHA-256 is enough; 160 bits of it fit Django's column. Sessions from before, stored under their key itself, are
not found any more: they end with the upgrade, and their rows when they expire.

A cookie ends with the browser, however long its session lives here, unless its owner asked to go on later on this
device (`KEPT_ON_DEVICE`). Only the methods of a synchronous application are changed.
"""

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as PlainSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone

KEPT_ON_DEVICE = "kept_on_device"  # the session's value
_HASH_CHARACTERS = 40


def session_key_hash(session_key: str) -> str:
    """The value that a session is stored under: 40 hexadecimal characters."""
    return sha256(session_key.encode()).hexdigest()[:_HASH_CHARACTERS]


class SessionStore(PlainSessionStore):
    """The cookie's key stays in memory, its hash goes to the database."""

    def load(self) -> dict[str, Any]:
        """The session's values; an unknown or expired key begins an empty session under another key."""
        row = Session.objects.filter(
            session_key=session_key_hash(str(self.session_key)), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
            return {}
        values: dict[str, Any] = self.decode(row.session_data)
        return values

    def exists(self, session_key: str | None = None) -> bool:
        """Whether there is a session of this key, expired or not."""
        return Session.objects.filter(session_key=session_key_hash(str(session_key))).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of the present session."""
        row = super().create_model_instance(data)
        row.session_key = session_key_hash(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this key, by default the present one."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=session_key_hash(key)).delete()

    def get_expire_at_browser_close(self) -> bool:
        """Whether the cookie ends with the browser. How long the session itself lives is `get_expiry_age`."""
        return not self.get(KEPT_ON_DEVICE)
