"""What HylaFAX says, in our few words. Its own are kept beside, to the letter.

States are hfaxd's (hfaxd(8): JPARM STATE). Sentences are those of HylaFAX 6.0.7 (Debian 12), read out of its programs
on 2026-11-25. They stand at the beginning of a status, before «; too many attempts to dial».
"""

from renrakucho.channel.outcome import OutcomeKind

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


def outcome_of(state: str, status: str) -> OutcomeKind:
    """`state` and `status` as JPARM answers them."""
    if state != "FAILED":
        return _STATES.get(state, OutcomeKind.UNKNOWN)
    return next((kind for said, kind in _FAILED if status.startswith(said)), OutcomeKind.UNKNOWN)
