"""Logging without personal data: an error is logged by its type and frames, never by its message.

The message of an exception often quotes what somebody typed, and nothing personal may reach a log.
"""

import logging
import traceback
from types import TracebackType
from typing import Any

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Formats exceptions as their types and frames, causes first."""

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


TO_STDERR: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {"()": PrivateFormatter, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "renrakucho": {"level": "INFO"},
        # Django's warnings name every path that was not found, and somebody may have put a name into one.
        "django": {"level": "ERROR"},
    },
}
