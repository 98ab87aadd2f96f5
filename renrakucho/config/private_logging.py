"""Logging without personal data: an error is logged by its type and frames, never by its message.

The message of an exception often quotes what somebody typed, and nothing personal may reach a log.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from renrakucho.lib.capability_urls import CAPABILITY_PREFIXES

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_CODES = re.compile(f"({'|'.join(re.escape(prefix) for prefix in CAPABILITY_PREFIXES)})[^/?#\\s\"'<>\\\\]+")


def without_codes(text: str) -> str:
    """The text, with «…» for the code in every capability URL: `/a/…/accept`."""
    return _CODES.sub(r"\1…", text)


class PrivateFormatter(logging.Formatter):
    """Formats exceptions as their types and frames, causes first, and addresses without the codes in them."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines: Django names the path of a request that has failed."""
        return without_codes(super().format(record))

    def formatException(self, ei: _ExcInfo) -> str:
        """One line a frame, and the exception's type in place of its message."""
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            frames = [
                f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
            lines = [*frames, f"{type(error).__module__}.{type(error).__qualname__}", *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


class PrivateJsonFormatter(PrivateFormatter):
    """One JSON object a line: moment, level, logger, message, and of a record's extra fields those in EVENT_FIELDS.

    Written out here, since libraries add every extra field, and Django's has the request with what was typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without a line break in it."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in EVENT_FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return without_codes(json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__))


# Of an event; none of them may be a mover's. The second line is the security log's: hashes and names of routes.
EVENT_FIELDS = (
    *("event", "notice", "provider", "channel", "attempt", "withdrawal", "outcome", "answer", "alarm"),
    *("route", "client", "account", "status"),
)


def log_to_stderr(form: str) -> dict[str, Any]:
    """Logging of a process. form: «json» for one JSON object a line; anything else: plain lines."""
    handler = {"class": "logging.StreamHandler", "formatter": "json" if form == "json" else "private"}
    return {**_TO_STDERR, "handlers": {"stderr": handler}}


_TO_STDERR: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {"()": PrivateFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": PrivateJsonFormatter},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "renrakucho": {"level": "INFO"},
        # Django's warnings name every path that was not found, and somebody may have put a name into one.
        "django": {"level": "ERROR"},
    },
}
