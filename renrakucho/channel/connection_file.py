"""connections.toml, taken up again when it has changed: a cache with the last good version.

A version is taken up when it is whole: the file has stood still from one look to the next, is TOML and is not empty.
Otherwise the version before it stands, and the reason is a finding.
"""

import logging
import stat
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from renrakucho.channel.connection import BadConnections
from renrakucho.channel.connection_review import ConnectionFinding, LoadedConnections, review_connections
from renrakucho.lib.message_text import BothLanguages

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
_STILL_SECONDS = 2.0
_OTHERS_READ = 0o004
_UNNAMED = BothLanguages(
    "送り先のファイルが決まっていません。RENRAKUCHO_CONNECTIONSに書いてください",
    "no file of connections is named: set RENRAKUCHO_CONNECTIONS",
)
_EMPTY = BothLanguages("ファイルが空です", "the file is empty")
_Signature = tuple[tuple[int, ...], ...]


def load_connections(
    path: Path | str, sandbox: str, letters: str = "localhost:25", trial: bool = True
) -> LoadedConnections:
    """The present version of the file; raises nothing.

    Called some fifty times a page: pass the path as the settings hold it, for building a Path costs more than the rest.
    """
    return _connection_file(path, sandbox, letters, trial).current()


def forget_connections() -> None:
    """Read the file at the next call, whenever it was last looked at."""
    _connection_file.cache_clear()


class _ConnectionFile:
    """One file and its last good version. Looked at once a second in a process at most."""

    def __init__(self, path: Path, sandbox: str, letters: str, trial: bool) -> None:
        self.path, self.sandbox, self.letters, self.trial = path, sandbox, letters, trial
        self._lock = threading.Lock()
        self._next_look = 0.0
        self._loaded: LoadedConnections | None = None
        self._taken: _Signature = ()
        self._seen: _Signature = ()

    def current(self) -> LoadedConnections:
        """The last version that could be read; one without any connection where there was none."""
        now = time.monotonic()
        loaded = self._loaded
        if loaded is not None and now < self._next_look:
            return loaded
        # Only the first reading is waited for: others go on with the version that they have.
        if not self._lock.acquire(blocking=loaded is None):
            return loaded or LoadedConnections(usable=False)
        try:
            self._next_look = now + LOOK_SECONDS
            return self._look()
        finally:
            self._lock.release()

    def _look(self) -> LoadedConnections:
        before, first = self._loaded, self._loaded is None or not self._loaded.usable
        signature = _signature((self.path, *(before.beside if before else ())))
        if before is not None and signature == self._taken:
            return before
        if not first and signature != self._seen and not _stood_still(signature[0]):
            self._seen = signature  # it may still be written
            return before or LoadedConnections(usable=False)
        found = self._read(before)
        after = _signature((self.path, *found.beside))
        if not first and after[0] != signature[0]:
            self._seen = after  # written while it was read
            return before or found
        _log(found.findings)
        self._loaded, self._taken = found, after
        return found

    def _read(self, before: LoadedConnections | None) -> LoadedConnections:
        try:
            if self.path == Path():
                raise BadConnections(f"1: {_UNNAMED}")
            text = self.path.read_text("utf-8")
            if before and before.usable and not text.strip():
                raise BadConnections(f"1: {_EMPTY}")
            return review_connections(
                text,
                self.path.parent,
                sandbox=self.sandbox,
                letters=self.letters,
                trial=self.trial,
                readable=bool(self.path.stat().st_mode & _OTHERS_READ),
            )
        except (OSError, UnicodeDecodeError, BadConnections) as error:
            return _standing(before, _whole_file(error))


def _standing(before: LoadedConnections | None, finding: ConnectionFinding) -> LoadedConnections:
    """The version before, and why the new one is not taken up."""
    if before is None or not before.usable:
        return LoadedConnections(findings=(finding,), usable=False)
    return replace(before, findings=(finding, *(each for each in before.findings if each.provider)))


def _whole_file(error: Exception) -> ConnectionFinding:
    if isinstance(error, BadConnections):
        line, _colon, sentence = str(error).partition(": ")
        japanese, _slash, english = sentence.partition(" / ")
        return ConnectionFinding(int(line), "", "error", japanese, english)
    if isinstance(error, UnicodeDecodeError):
        line_number = error.object[: error.start].count(b"\n") + 1
        return ConnectionFinding(
            line_number, "", "error", "UTF-8で書かれていません", "the file is not written in UTF-8"
        )
    reason = type(error).__name__
    return ConnectionFinding(1, "", "error", f"ファイルを読めません({reason})", f"the file cannot be read ({reason})")


def _log(findings: Iterable[ConnectionFinding]) -> None:
    for finding in findings:
        level = logging.ERROR if finding.severity == "error" else logging.WARNING
        log.log(level, "connections, line %d: %s: %s", finding.line, finding.provider or "the file", finding.english)


def _stood_still(found: tuple[int, ...]) -> bool:
    """Whether a file was written some seconds ago, so that a process that was idle need not look twice."""
    return bool(found) and time.time() - max(found[:2]) / 1e9 > _STILL_SECONDS


def _signature(paths: Iterable[Path]) -> _Signature:
    return tuple(_stat(path) for path in paths)


def _stat(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    if stat.S_ISDIR(found.st_mode):  # what comes and goes in a folder of files is no change of the connections
        return (found.st_ino, found.st_mode)
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_mode)


@lru_cache(maxsize=8)
def _connection_file(path: Path | str, sandbox: str, letters: str, trial: bool) -> _ConnectionFile:
    return _ConnectionFile(Path(path), sandbox, letters, trial)
