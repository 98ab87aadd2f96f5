"""Messages in a signed cookie (flash messages): what a page says once costs no commit of the session.

A message belongs to the session in which it was added. Once that has ended, by a logout, a login or by itself, what
nobody has read yet is dropped: whoever uses the browser next may be somebody else. What is too long for a cookie goes
into the session.
"""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http.response import HttpResponseBase


class _MessageCookie(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME  # the rest is as of the session's cookie


class MessageCookieStorage(FallbackStorage):
    """Django's, bound to the session."""

    storage_classes = (_MessageCookie, SessionStorage)

    def _get(self, *arguments: Any, **named: Any) -> tuple[list[Message], bool]:
        messages, are_all = super()._get(*arguments, **named)  # type: ignore[misc]  # no stub of it
        return ([] if self._has_session_ended() else messages), are_all

    def update(self, response: HttpResponseBase) -> list[Message] | None:
        """Store what was not shown; of another session's, nothing."""
        if self._has_session_ended():
            len(self)  # reads the cookie, so that it is known and goes
            self.used = True
        return super().update(response)

    def _has_session_ended(self) -> bool:
        before = self.request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        return bool(before) and self.request.session.session_key != before
