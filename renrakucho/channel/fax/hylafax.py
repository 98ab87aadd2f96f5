"""HylaFAX client: submit a job to hfaxd, ask for its status, and map the status to an outcome.

The status texts themselves are kept as evidence. States are hfaxd's (hfaxd(8): JPARM STATE). Texts are those of HylaFAX
6.0.7 (Debian 12), read out of its programs on 2026-11-25; a status begins with one, before «; too many attempts …».
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

# Status texts of a failed job. A text that is not here is UNKNOWN: the page may have been printed or not.
_FAILED = (
    # nobody answers now
    ("Busy signal detected", OutcomeKind.TRY_LATER),
    ("No answer", OutcomeKind.TRY_LATER),  # from remote; (T.30 T1 timeout); or ring back
    ("Ringback detected, no answer", OutcomeKind.TRY_LATER),
    ("No carrier", OutcomeKind.TRY_LATER),  # a person, or a machine that is switched off: not told apart
    # the machine takes no fax now: paper out, memory full, set to telephone
    ("Remote has no T.4 receiver capability", OutcomeKind.TRY_LATER),
    ("Carrier established, but Phase A failure", OutcomeKind.TRY_LATER),
    ("No receiver protocol", OutcomeKind.TRY_LATER),  # somebody took the call, and it was no fax
    ("DCS sent 3 times without response", OutcomeKind.TRY_LATER),
    ("Failure to train", OutcomeKind.TRY_LATER),
    ("COMREC error in transmit Phase B/got DCN", OutcomeKind.TRY_LATER),
    ("Unable to establish message carrier", OutcomeKind.TRY_LATER),
    # this side
    ("No local dialtone", OutcomeKind.TRY_LATER),
    ("No dial tone", OutcomeKind.TRY_LATER),
    ("Unknown problem (check modem power)", OutcomeKind.TRY_LATER),
    ("Unable to setup modem", OutcomeKind.TRY_LATER),
    ("Can not lock modem device", OutcomeKind.TRY_LATER),
    ("Blacklisted by modem", OutcomeKind.TRY_LATER),  # the modem's own limit on redialling a number
    ("Kill time expired", OutcomeKind.TRY_LATER),
    # it will never be taken
    ("REJECT", OutcomeKind.REFUSED),  # the number is not to be called (etc/destctrls), or the job is not right
    ("Data connection established", OutcomeKind.REFUSED),  # not a fax: a wrong number
    ("Invalid dialing command", OutcomeKind.REFUSED),
    ("Job aborted by request", OutcomeKind.REFUSED),  # an operator took it out of the queue
)


def hylafax_outcome(state: str, status: str) -> OutcomeKind:
    """The outcome of a job's `state` and `status`, as JPARM answers them."""
    if state != "FAILED":
        return _STATES.get(state, OutcomeKind.UNKNOWN)
    return next((kind for text, kind in _FAILED if status.startswith(text)), OutcomeKind.UNKNOWN)


_SECONDS = 10  # time limit of one FTP session; the delivery lease is longer
_NEW = re.compile(r"jobid: (\d+)")
_FILE = re.compile(r"FILE: ([^\s)]+)")


class _FaxSession(FTP):
    """FTP client that keeps the last reply, and has one time limit for the whole session."""

    last = ""
    ends = 0.0

    def getresp(self) -> str:
        if self.sock:
            self.sock.settimeout(max(0.1, self.ends - time.monotonic()))
        self.last = super().getresp()
        return self.last


class HylafaxConnection:
    """One session with hfaxd. Every method raises ftplib.Error, EOFError or OSError."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._session = _FaxSession()
        self._session.ends = time.monotonic() + _SECONDS
        try:
            self._session.connect(host, port, timeout=_SECONDS)
            self._session.login(user or "renrakucho", password)
        except BaseException:
            self._session.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.close()

    def submit(self, document: bytes, parameters: Mapping[str, str]) -> str:
        """Submit a document; returns the job's number. hfaxd forgets a job whose submission breaks off."""
        self._session.voidcmd("TYPE I")
        name = self._store(document)
        self._session.voidcmd("JNEW")
        job = _found(_NEW, self._session.last)
        for parameter, text in parameters.items():
            self._session.voidcmd(f"JPARM {parameter} {text}")
        self._session.voidcmd(f"JPARM DOCUMENT {name}")
        self._session.voidcmd("JSUBM")
        return job

    def jobs(self, tag: str) -> list[tuple[str, str]]:
        """Number and state letter (faxstat(1)) of the jobs with this JOBINFO, oldest first."""
        self._session.voidcmd('JOBFMT "%j %a %J"')
        found = []
        for queue in ("sendq", "doneq"):
            lines: list[str] = []
            self._session.retrlines(f"LIST {queue}", lines.append)
            found += [(job, state) for job, state, info in map(_three_columns, lines) if info == tag]
        return sorted(found, key=lambda each: int(each[0]))

    def select(self, job: str) -> bool:
        """Make it the job that `parameter` reads; False where there is none, or none any more."""
        try:
            self._session.voidcmd(f"JOB {job}")
        except error_perm:
            return False
        return True

    def parameter(self, name: str) -> str:
        """The value of a parameter of the selected job."""
        return self._session.sendcmd(f"JPARM {name}").partition(" ")[2].strip()

    def log(self, call: str) -> list[str]:
        """The log lines of a call; empty where the server does not show them (LogFileMode)."""
        lines: list[str] = []
        try:
            self._session.retrlines(f"RETR log/c{call}", lines.append)
        except error_perm:
            return []
        return lines

    def _store(self, document: bytes) -> str:
        """Returns the file name that the server gives in its reply, before the data is sent."""
        with self._session.transfercmd("STOT") as data:
            name = _found(_FILE, self._session.last)
            data.sendall(document)
        self._session.voidresp()
        return name


def _found(pattern: re.Pattern[str], reply: str) -> str:
    found = pattern.search(reply)
    if not found:
        raise OSError("the reply lacks the number or name that was expected")
    return found.group(1)


def _three_columns(line: str) -> tuple[str, str, str]:
    job, _, rest = line.strip().partition(" ")
    state, _, info = rest.partition(" ")
    return job, state, info.strip()


_ENDED_JOBS = ("F", "T")  # failed, and never submitted as a whole: neither counts as this message
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)  # of a job, for a free line
_PARAMETERS = ("STATE", "STATUS", "STATUSCODE", "NPAGES", "TOTPAGES", "TOTDIALS", "COMMID")
_KEPT_OF_LOG = ("SESSION BEGIN", "SESSION END", "REMOTE CSI", "SEND recv", "SEND FAX: ")
_LONGEST_LOG = 1_500  # characters


def submit_hylafax_job(line: FaxLine, document: FaxDocument) -> Outcome:
    """Submit the page. A job that an earlier attempt left under the same key is found, and not submitted again."""
    try:
        server = _server(line)
    except (Error, OSError, EOFError) as error:
        return _failure(OutcomeKind.TRY_LATER, error)
    with server:
        try:
            left = [job for job, state in server.jobs(document.key) if state not in _ENDED_JOBS]
            job = left[-1] if left else server.submit(document.tiff, _parameters(line, document))
        except error_perm as error:
            return _failure(OutcomeKind.REFUSED, error)
        except error_temp as error:
            return _failure(OutcomeKind.TRY_LATER, error)
        except (Error, OSError, EOFError) as error:
            return _failure(OutcomeKind.UNKNOWN, error)  # the job may be there: the next attempt looks for it
    return Outcome(OutcomeKind.UNDER_WAY, f"job {job} {'found' if left else 'submitted'}", reference=job)


def query_hylafax_job(line: FaxLine, job: str) -> Outcome:
    """The outcome of a job. One that is gone may have been sent: UNKNOWN."""
    try:
        with _server(line) as server:
            if not server.select(job):
                return Outcome(OutcomeKind.UNKNOWN, f"job {job} is not there any more")
            values = {name: server.parameter(name) for name in _PARAMETERS}
            log = server.log(values["COMMID"]) if values["COMMID"] else []
    except (Error, OSError, EOFError) as error:
        return replace(_failure(OutcomeKind.UNDER_WAY, error), reference=job)
    kind = hylafax_outcome(values["STATE"], values["STATUS"])
    return Outcome(kind, _evidence(job, values, log), reference=job if kind == OutcomeKind.UNDER_WAY else "")


def _failure(kind: OutcomeKind, error: Exception) -> Outcome:
    reached = isinstance(error, error_perm | error_temp)  # hfaxd has answered
    return Outcome(kind, f"hfaxd: {type(error).__name__} {error}"[:_LONGEST_LOG], reached=reached)


def _server(line: FaxLine) -> HylafaxConnection:
    return HylafaxConnection(line.host, line.port, line.user, line.password)


def _parameters(line: FaxLine, document: FaxDocument) -> dict[str, str]:
    """Job parameters. PAGEWIDTH, PAGELENGTH and VRES describe the drawn page: 1728 dots wide, 196 lines an inch."""
    modem = {"MODEM": f'"{line.settings["modem"]}"'} if "modem" in line.settings else {}
    return {
        **modem,
        "FROMUSER": '"renrakucho"',
        "DIALSTRING": f'"{line.dialled}"',
        "JOBINFO": f'"{document.key}"',
        "LASTTIME": _last_time(document.until),
        "MAXDIALS": "1",
        "MAXTRIES": "1",
        "NOTIFY": "NONE",
        "PAGEWIDTH": "215",
        "PAGELENGTH": "297",
        "VRES": "196",
    }


def _last_time(until: datetime | None) -> str:
    """Days, hours and minutes from now, DDHHMM."""
    left = until - datetime.now(UTC) if until else _LONGEST_WAIT
    minutes = int(min(max(left, _SHORTEST_WAIT), _LONGEST_WAIT).total_seconds() // 60)
    return f"00{minutes // 60:02}{minutes % 60:02}"


def _evidence(job: str, values: dict[str, str], log: list[str]) -> str:
    facts = ", ".join(f"{name} {text}" for name, text in values.items() if text)
    kept = [line for line in log if any(word in line for word in _KEPT_OF_LOG)]
    return "\n".join([f"job {job}: {facts}", *kept])[:_LONGEST_LOG]
