"""HylaFAX's server, spoken to in its own protocol (hfaxd(8)): FTP with jobs, on port 4559."""

import re
import time
from collections.abc import Mapping
from ftplib import FTP, error_perm
from types import TracebackType
from typing import Self

_SECONDS = 10  # for one conversation: the postman's lease counts on it
_NEW = re.compile(r"jobid: (\d+)")
_FILE = re.compile(r"FILE: ([^\s)]+)")


class _Talk(FTP):
    """FTP that keeps what was last replied, and has an end in time."""

    last = ""
    ends = 0.0

    def getresp(self) -> str:
        """As FTP's, kept."""
        if self.sock:
            self.sock.settimeout(max(0.1, self.ends - time.monotonic()))
        self.last = super().getresp()
        return self.last


class Hfaxd:
    """One conversation. Every method raises ftplib.Error or OSError."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._talk = _Talk()
        self._talk.ends = time.monotonic() + _SECONDS
        try:
            self._talk.connect(host, port, timeout=_SECONDS)
            self._talk.login(user or "renrakucho", password)
        except BaseException:
            self._talk.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._talk.close()

    def submit(self, document: bytes, parameters: Mapping[str, str]) -> str:
        """Hand a document over for sending. Returns the job's number. Where this breaks off, hfaxd forgets the job."""
        self._talk.voidcmd("TYPE I")
        name = self._store(document)
        self._talk.voidcmd("JNEW")
        job = _found(_NEW, self._talk.last)
        for parameter, text in parameters.items():
            self._talk.voidcmd(f"JPARM {parameter} {text}")
        self._talk.voidcmd(f"JPARM DOCUMENT {name}")
        self._talk.voidcmd("JSUBM")
        return job

    def jobs(self, tag: str) -> list[tuple[str, str]]:
        """Number and state letter (faxstat(1)) of the jobs with this JOBINFO, oldest first."""
        self._talk.voidcmd('JOBFMT "%j %a %J"')
        found = []
        for queue in ("sendq", "doneq"):
            lines: list[str] = []
            self._talk.retrlines(f"LIST {queue}", lines.append)
            found += [(job, state) for job, state, said in map(_three, lines) if said == tag]
        return sorted(found, key=lambda each: int(each[0]))

    def take(self, job: str) -> bool:
        """Ask about this job from now on; False where there is none, or none any more."""
        try:
            self._talk.voidcmd(f"JOB {job}")
        except error_perm:
            return False
        return True

    def said(self, parameter: str) -> str:
        """What is said of the job taken."""
        return self._talk.sendcmd(f"JPARM {parameter}").partition(" ")[2].strip()

    def log(self, call: str) -> list[str]:
        """What was logged of a call; empty where the server keeps that to itself (LogFileMode)."""
        lines: list[str] = []
        try:
            self._talk.retrlines(f"RETR log/c{call}", lines.append)
        except error_perm:
            return []
        return lines

    def _store(self, document: bytes) -> str:
        """Returns the name that the server gave it; it says so while it opens the way for the document."""
        with self._talk.transfercmd("STOT") as way:
            name = _found(_FILE, self._talk.last)
            way.sendall(document)
        self._talk.voidresp()
        return name


def _found(pattern: re.Pattern[str], reply: str) -> str:
    found = pattern.search(reply)
    if not found:
        raise OSError("an answer without what it should say")
    return found.group(1)


def _three(line: str) -> tuple[str, str, str]:
    job, _, rest = line.strip().partition(" ")
    state, _, said = rest.partition(" ")
    return job, state, said.strip()
