"""By HylaFAX, in two short steps: hand the letter over, and ask later what became of it.

HylaFAX dials once a job. How often and how long it is tried is the postman's to say: each dial is an attempt of his,
with its own evidence.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ftplib import Error, error_perm, error_temp

from renrakucho.channel.fax.hfaxd import Hfaxd
from renrakucho.channel.fax.letter import Letter
from renrakucho.channel.fax.line import Line
from renrakucho.channel.fax.words import outcome_of
from renrakucho.channel.outcome import Outcome, OutcomeKind

_NOT_THIS_ONE = ("F", "T")  # failed, so it is tried anew; never handed over whole
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(hours=12)  # that a job may wait for a free line
_ASKED = ("STATE", "STATUS", "STATUSCODE", "NPAGES", "TOTPAGES", "TOTDIALS", "COMMID")
_KEPT_OF_LOG = ("SESSION BEGIN", "SESSION END", "REMOTE CSI", "SEND recv", "SEND FAX: ")
_LONGEST_LOG = 1_500  # characters


def submit(line: Line, letter: Letter) -> Outcome:
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


def ask(line: Line, job: str) -> Outcome:
    """What became of it. A job that is not there any more may have been sent: that is unknown."""
    try:
        with _server(line) as server:
            if not server.take(job):
                return Outcome(OutcomeKind.UNKNOWN, f"job {job} is not there any more")
            said = {name: server.said(name) for name in _ASKED}
            log = server.log(said["COMMID"]) if said["COMMID"] else []
    except (Error, OSError, EOFError) as error:
        return replace(_said(OutcomeKind.UNDER_WAY, error), reference=job)
    kind = outcome_of(said["STATE"], said["STATUS"])
    return Outcome(kind, _evidence(job, said, log), reference=job if kind == OutcomeKind.UNDER_WAY else "")


def _said(kind: OutcomeKind, error: Exception) -> Outcome:
    return Outcome(kind, f"hfaxd: {type(error).__name__} {error}"[:_LONGEST_LOG])


def _server(line: Line) -> Hfaxd:
    return Hfaxd(line.host, line.port, line.user, line.password)


def _parameters(line: Line, letter: Letter) -> dict[str, str]:
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
