"""Request buffering: a body is read whole before its request takes one of the few places where pages are made.

The server has no time-out for bodies and holds a thread while one comes (granian 2.8; its issue 728), so that with a
thread a place, eight posts whose bodies stall would stop the portal. Here a body that stalls holds a cheap thread and
no place, one address holds a few of them, and some are left for requests without a body. A proxy in front ends the
stalled ones too (docs/running.md); here they last until their sender goes: an answer that granian has to give while a
body is being read stops its whole process.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Of one process, whose server needs 32 threads for them: see the command line in config.run.processes.
MOST_BODIES = 24  # that are being read at once
BODIES_OF_ADDRESS = 8  # of these, for one address
LARGEST_BODY = 2_621_440  # bytes; Django's own limit (DATA_UPLOAD_MAX_MEMORY_SIZE)
_WITH_BODY = ("POST", "PUT", "PATCH")


class RequestBuffering:
    """WSGI middleware. behind_proxy: one address stands for everybody, and has no limit of its own. places: requests
    that are worked on at once (`config.database_options.request_places`).
    """

    def __init__(self, application: Application, *, behind_proxy: bool, places: int) -> None:
        self._application = application
        self._places = threading.Semaphore(places)
        self._of_address = MOST_BODIES if behind_proxy else BODIES_OF_ADDRESS
        self._being_read: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer the request: 413 for a body that is too large, 429 and 503 where too many are being read."""
        if environ["REQUEST_METHOD"] in _WITH_BODY and environ.get("CONTENT_LENGTH") != "0":
            refusal = self._buffer(environ)
            if refusal:
                headers = [("Content-Type", "text/plain"), ("Connection", "close"), ("Retry-After", "10")]
                headers.append(("Referrer-Policy", "strict-origin"))  # its path may have a code
                start_response(refusal, headers)
                return [refusal.encode()]
        with self._places:
            return self._application(environ, start_response)

    def _buffer(self, environ: Environ) -> str:
        """Read the body. Returns the status where it is refused, or nothing."""
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdigit() and int(length) > LARGEST_BODY:
            return "413 Content Too Large"
        address = environ.get("REMOTE_ADDR", "")
        refusal = self._begin(address)
        if refusal:
            return refusal
        try:
            content = environ["wsgi.input"].read(int(length) if length.isdigit() else LARGEST_BODY + 1)
        finally:
            self._end(address)
        if len(content) > LARGEST_BODY:
            return "413 Content Too Large"
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(content), str(len(content))
        return ""

    def _begin(self, address: str) -> str:
        with self._lock:
            if self._being_read.total() >= MOST_BODIES:
                return "503 Service Unavailable"
            if self._being_read[address] >= self._of_address:
                return "429 Too Many Requests"
            self._being_read[address] += 1
            return ""

    def _end(self, address: str) -> None:
        with self._lock:
            self._being_read[address] -= 1
            self._being_read += Counter()  # drops what is at zero
