"""What HylaFAX says, in our few words. Its own are kept beside, to the letter.

States are hfaxd's (hfaxd(8): JPARM STATE). Sentences are those of HylaFAX 6.0.7 (Debian 12), read out of its programs
on 2026-11-25. They stand at the beginning of a status, before «; too many attempts to dial».
"""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ftplib import FTP, Error, error_perm, error_temp
from types import TracebackType
from typing import Self

from renrakucho.channel.fax.fax_line import FaxDocument, FaxLine
from renrakucho.channel.outcome import Outcome, OutcomeKind

_WAITING = ("SUSPENDED", "PENDING", "SLEEPING", "BLOCKED", "READY", "ACTIVE")
_STATES = {"DONE": OutcomeKind.SENT, **dict.fromkeys(_WAITING, OutcomeKind.UNDER_WAY)}

# Of a job that failed. What is not here is unknown: the paper may lie there, or may not.
_FAILED = (
    # nobody there now
    ("Busy signal detected", OutcomeKind.TRY_LATER),
    ("No answer", OutcomeKind.TRY_LATER),  # from remote; (T.30 T1 timeout); or ring back
    ("Ringback detected, no answer", OutcomeKind.TRY_LATER),
    ("No carrier", OutcomeKind.TRY_LATER),  # a person, or a machine that is switched off: not told apart
    # its machine takes nothing now: paper out, memory full, set to telephone
    ("Remote has no T.4 receiver capability", OutcomeKind.TRY_LATER),
    ("Carrier established, but Phase A failure", OutcomeKind.TRY_LATER),
    ("No receiver protocol", OutcomeKind.TRY_LATER),  # somebody took the call, and it was no fax
    ("DCS sent 3 times without response", OutcomeKind.TRY_LATER),
    ("Failure to train", OutcomeKind.TRY_LATER),
    ("COMREC error in transmit Phase B/got DCN", OutcomeKind.TRY_LATER),
    ("Unable to establish message carrier", OutcomeKind.TRY_LATER),
    # our own side
    ("No local dialtone", OutcomeKind.TRY_LATER),
    ("No dial tone", OutcomeKind.TRY_LATER),
    ("Unknown problem (check modem power)", OutcomeKind.TRY_LATER),
    ("Unable to setup modem", OutcomeKind.TRY_LATER),
    ("Can not lock modem device", OutcomeKind.TRY_LATER),
    ("Blacklisted by modem", OutcomeKind.TRY_LATER),  # its own brake on dialling one number again and again
    ("Kill time expired", OutcomeKind.TRY_LATER),
    # it will never be taken
    ("REJECT", OutcomeKind.REFUSED),  # the number is not to be called (etc/destctrls), or the job is not right
    ("Data connection established", OutcomeKind.REFUSED),  # not a fax: a wrong number
    ("Invalid dialing command", OutcomeKind.REFUSED),
    ("Job aborted by request", OutcomeKind.REFUSED),  # an operator took it out of the queue
)


def hylafax_outcome(state: str, status: str) -> OutcomeKind:
    """`state` and `status` as JPARM answers them."""
    if state != "FAILED":
        return _STATES.get(state, OutcomeKind.UNKNOWN)
    return next((kind for said, kind in _FAILED if status.startswith(said)), OutcomeKind.UNKNOWN)


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


class HylafaxConnection:
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


_NOT_THIS_ONE = ("F", "T")  # failed, so it is tried anew; never handed over whole
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=12)  # that a job may wait for a free line
_ASKED = ("STATE", "STATUS", "STATUSCODE", "NPAGES", "TOTPAGES", "TOTDIALS", "COMMID")
_KEPT_OF_LOG = ("SESSION BEGIN", "SESSION END", "REMOTE CSI", "SEND recv", "SEND FAX: ")
_LONGEST_LOG = 1_500  # characters


def submit_hylafax_job(line: FaxLine, letter: FaxDocument) -> Outcome:
    """A job that an attempt before this one left there under the same key is not submitted again."""
    try:
        server = _server(line)
    except (Error, OSError, EOFError) as error:
        return _said(OutcomeKind.TRY_LATER, error)
    with server:
        try:
            left = [job for job, state in server.jobs(letter.key) if state not in _NOT_THIS_ONE]
            job = left[-1] if left else server.submit(letter.tiff, _parameters(line, letter))
        except error_perm as error:
            return _said(OutcomeKind.REFUSED, error)
        except error_temp as error:
            return _said(OutcomeKind.TRY_LATER, error)
        except (Error, OSError, EOFError) as error:
            return _said(OutcomeKind.UNKNOWN, error)  # the job may be there: the next attempt looks for it
    return Outcome(OutcomeKind.UNDER_WAY, f"job {job} {'found' if left else 'submitted'}", reference=job)


def query_hylafax_job(line: FaxLine, job: str) -> Outcome:
    """What became of it. A job that is not there any more may have been sent: that is unknown."""
    try:
        with _server(line) as server:
            if not server.take(job):
                return Outcome(OutcomeKind.UNKNOWN, f"job {job} is not there any more")
            said = {name: server.said(name) for name in _ASKED}
            log = server.log(said["COMMID"]) if said["COMMID"] else []
    except (Error, OSError, EOFError) as error:
        return replace(_said(OutcomeKind.UNDER_WAY, error), reference=job)
    kind = hylafax_outcome(said["STATE"], said["STATUS"])
    return Outcome(kind, _evidence(job, said, log), reference=job if kind == OutcomeKind.UNDER_WAY else "")


def _said(kind: OutcomeKind, error: Exception) -> Outcome:
    return Outcome(kind, f"hfaxd: {type(error).__name__} {error}"[:_LONGEST_LOG])


def _server(line: FaxLine) -> HylafaxConnection:
    return HylafaxConnection(line.host, line.port, line.user, line.password)


def _parameters(line: FaxLine, letter: FaxDocument) -> dict[str, str]:
    """JPARM's; the page is 1728 dots wide and 196 lines an inch, as it is drawn."""
    modem = {"MODEM": f'"{line.settings["modem"]}"'} if "modem" in line.settings else {}
    return {
        **modem,
        "FROMUSER": '"renrakucho"',
        "DIALSTRING": f'"{line.dialled}"',
        "JOBINFO": f'"{letter.key}"',
        "LASTTIME": _last_time(letter.until),
        "MAXDIALS": "1",
        "MAXTRIES": "1",
        "NOTIFY": "NONE",
        "PAGEWIDTH": "215",
        "PAGELENGTH": "297",
        "VRES": "196",
    }


def _last_time(until: datetime | None) -> str:
    """Days, hours and minutes from now, DDHHMM."""
    left = until - datetime.now(UTC) if until else _LONGEST
    minutes = int(min(max(left, _SHORTEST), _LONGEST).total_seconds() // 60)
    return f"00{minutes // 60:02}{minutes % 60:02}"


def _evidence(job: str, said: dict[str, str], log: list[str]) -> str:
    facts = ", ".join(f"{name} {text}" for name, text in said.items() if text)
    kept = [line for line in log if any(word in line for word in _KEPT_OF_LOG)]
    return "\n".join([f"job {job}: {facts}", *kept])[:_LONGEST_LOG]
