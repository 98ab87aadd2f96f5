"""Who is let in where: one row for each route of the portal. A new route needs a row here, and nothing else.

A row says what guards the route, of which object it is, and what one needs to be let in. `OUTSIDERS` says how everybody
else is answered.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

from renrakucho.provider.staff import StaffPermission

READ, EXPORT, ANSWER = StaffPermission.READ, StaffPermission.EXPORT, StaffPermission.ANSWER
AUDIT, MANAGE, OPERATE = StaffPermission.AUDIT, StaffPermission.MANAGE, StaffPermission.OPERATE


class Guard(Enum):
    """What guards a route.

    OPEN: nothing; everybody is let in, and sees what is theirs or what is public. SECRET: the code, link or ticket in
    its address is the key, whoever brings it. BOOK: the browser of a mover with an open book. DESK, BUREAU: people who
    are logged in there. SYSTEM: a key of a provider's system. PEER: the signature of another portal.
    """

    OPEN = auto()
    SECRET = auto()
    BOOK = auto()
    DESK = auto()
    BUREAU = auto()
    SYSTEM = auto()
    PEER = auto()


class Outcome(Enum):
    """How a request was answered. LET_IN: by the view, also where it only complains of what was sent."""

    LET_IN = auto()
    LOGIN = auto()  # led to a login page
    REFUSED = auto()  # 401, 403
    UNKNOWN = auto()  # 404, as for what is not there
    NO_METHOD = auto()  # 405


OUTSIDERS = {
    Guard.OPEN: Outcome.LET_IN,
    Guard.SECRET: Outcome.LET_IN,
    Guard.BOOK: Outcome.LOGIN,
    Guard.DESK: Outcome.LOGIN,
    Guard.BUREAU: Outcome.LOGIN,
    Guard.SYSTEM: Outcome.REFUSED,
    Guard.PEER: Outcome.REFUSED,
}


@dataclass(frozen=True)
class Access:
    """One row. owned: the object in the address is somebody's, and unknown to everybody else. needs: of the role.
    personal: it is a colleague's own, and unknown to all who ask here. led_back: a GET leads to the page that it is
    posted from, whatever the object. ends_login: it ends the session.
    """

    guard: Guard
    methods: str = "GET"  # that the view takes; the others are never let in
    owned: bool = False
    needs: StaffPermission | None = None
    led_back: bool = False
    personal: bool = False
    ends_login: bool = False


def _desk(
    needs: StaffPermission = READ, methods: str = "GET", *, owned: bool = False, ends_login: bool = False
) -> Access:
    return Access(Guard.DESK, methods, owned, needs, ends_login=ends_login)


def _bureau(needs: StaffPermission = READ, methods: str = "GET", *, owned: bool = False) -> Access:
    return Access(Guard.BUREAU, methods, owned, needs)


BOTH = "GET POST"
_OPEN_GET, _OPEN_FORM = Access(Guard.OPEN), Access(Guard.OPEN, BOTH)
_BOOK_GET, _BOOK_FORM = Access(Guard.BOOK), Access(Guard.BOOK, BOTH)
_OWN_NOTICE, _OWN_NOTICE_FORM = Access(Guard.BOOK, owned=True), Access(Guard.BOOK, BOTH, owned=True)
_COLLEAGUE = Access(Guard.DESK, BOTH, owned=True, needs=MANAGE, led_back=True)

ACCESS: dict[str, Access] = {
    # The mover's pages
    "book:top": _OPEN_FORM,
    "book:wishes": _OPEN_FORM,
    "book:addresses": _OPEN_FORM,
    "book:providers": _OPEN_FORM,
    "book:items": _OPEN_FORM,
    "book:check": _OPEN_FORM,
    "book:helper": _OPEN_FORM,
    "book:erase": _OPEN_FORM,
    "book:language": _OPEN_FORM,
    "book:leave": _OPEN_FORM,
    "book:begin_shared": Access(Guard.OPEN, "POST"),
    "book:end_shared": Access(Guard.OPEN, "POST"),
    "book:shared_ended": _OPEN_GET,
    "book:login": _OPEN_FORM,
    "book:stay_open": Access(Guard.OPEN, "POST"),
    "book:lost_key": _OPEN_FORM,
    "book:lost_key_sent": _OPEN_GET,
    "book:new_key": Access(Guard.SECRET, BOTH, owned=True),
    "book:logout": _OPEN_FORM,
    "book:hidden_move": _OPEN_FORM,
    "book:mailbox": _OPEN_FORM,
    "book:confirm": _OPEN_FORM,
    "book:not_mine": _OPEN_FORM,
    "book:stop": _OPEN_FORM,
    "book:holder_answer": _OPEN_FORM,
    "book:way_back": Access(Guard.SECRET, owned=True),
    "book:leaves": _BOOK_GET,
    "book:registered": _BOOK_GET,
    "book:new_key_shown": _BOOK_GET,
    "book:sequence": _BOOK_FORM,
    "book:openings": _BOOK_FORM,
    "book:bureau": _BOOK_FORM,
    "book:holder": Access(Guard.BOOK, BOTH),
    "book:identity": _BOOK_GET,
    "book:begin_identity": _BOOK_FORM,
    "book:identity_callback": _BOOK_GET,
    "book:erase_book": Access(Guard.BOOK, BOTH, ends_login=True),
    "book:disclosure": _BOOK_GET,
    "book:disclosure_json": _BOOK_GET,
    "book:disclosure_pdf": _BOOK_GET,
    "book:timeline": _OPEN_FORM,
    "book:timeline_calendar": _OPEN_GET,
    "book:timeline_csv": _OPEN_GET,
    "book:mark_task": Access(Guard.OPEN, "POST"),
    "book:things_to_have": _OPEN_GET,
    "book:mark_feed": Access(Guard.BOOK, "POST"),
    "book:calendar_feed": Access(Guard.SECRET, owned=True),
    "book:leaf": _OWN_NOTICE,
    "book:carry": _OWN_NOTICE,
    "book:answers": _OWN_NOTICE_FORM,
    "book:notice_check": _OWN_NOTICE_FORM,
    "book:handover": _OWN_NOTICE_FORM,
    "book:own_word": _OWN_NOTICE_FORM,
    "book:another": _OWN_NOTICE_FORM,
    "book:rename": _OWN_NOTICE_FORM,
    "book:ask_again": _OWN_NOTICE_FORM,
    "book:withdraw": _OWN_NOTICE_FORM,
    "book:tell_address": _OWN_NOTICE_FORM,
    # The directory, the standard, health
    "directory:search": _OPEN_FORM,
    "directory:towns": _OPEN_GET,
    "directory:maps": _OPEN_GET,
    "directory:map": _OPEN_GET,
    "directory:link": _OPEN_GET,
    "directory:contract": _OPEN_GET,
    "directory:about": _OPEN_GET,
    "directory:figures": _OPEN_GET,
    "directory:figures_json": _OPEN_GET,
    "directory:links": _OPEN_GET,
    "api:providers": _OPEN_GET,
    "api:towns": _OPEN_GET,
    "api:directory_csv": _OPEN_GET,
    "api:directory_json": _OPEN_GET,
    "api:openapi": _OPEN_GET,
    "standard:index": _OPEN_GET,
    "standard:index_en": _OPEN_GET,
    "standard:version": _OPEN_GET,
    "standard:keys": _OPEN_GET,
    "standard:everything": _OPEN_GET,
    "standard:schema": _OPEN_GET,
    "standard:example": _OPEN_GET,
    "standard:document": _OPEN_GET,
    "standard:document_en": _OPEN_GET,
    "monitoring:alive": _OPEN_GET,
    "monitoring:ready": _OPEN_GET,
    # Whoever has a notice on paper
    "answer:code": _OPEN_FORM,
    "answer:notice": Access(Guard.SECRET, BOTH, owned=True),
    "answer:accept": Access(Guard.SECRET, BOTH, owned=True),
    "answer:return": Access(Guard.SECRET, BOTH, owned=True),
    # Providers' systems, other portals
    "systems:openapi": _OPEN_GET,
    "systems:list": Access(Guard.SYSTEM, needs=READ),
    "systems:notice": Access(Guard.SYSTEM, owned=True, needs=READ),
    "systems:accept": Access(Guard.SYSTEM, "POST", owned=True, needs=ANSWER),
    "systems:return": Access(Guard.SYSTEM, "POST", owned=True, needs=ANSWER),
    "systems:replay": Access(Guard.SYSTEM, "POST", owned=True, needs=ANSWER),
    "relay:providers": _OPEN_GET,
    "relay:sheet": _OPEN_GET,
    "relay:notices": Access(Guard.PEER, "POST"),
    "relay:standing": Access(Guard.PEER, "POST", owned=True),
    "relay:receipts": Access(Guard.PEER, "POST"),
    # The desk
    "desk:list": _desk(),
    "desk:notice": _desk(owned=True),
    "desk:unlock": _desk(READ, BOTH, owned=True),
    "desk:choose": _desk(EXPORT, BOTH),
    "desk:take": _desk(EXPORT, BOTH),
    "desk:several": _desk(ANSWER, BOTH),
    "desk:accept": _desk(ANSWER, BOTH, owned=True),
    "desk:return": _desk(ANSWER, BOTH, owned=True),
    "desk:again": _desk(ANSWER, BOTH, owned=True),
    "desk:keys": _desk(MANAGE),
    "desk:close_key": _COLLEAGUE,
    "desk:rises": _desk(),
    "desk:rise_act": _desk(ANSWER, BOTH),
    "desk:require": _desk(MANAGE, BOTH),
    "desk:require_sign_on": _desk(MANAGE, BOTH),
    # The bureau
    "bureau:overview": _bureau(),
    "bureau:lanes": _bureau(),
    "bureau:search": _bureau(),
    "bureau:provider": _bureau(),
    "bureau:acts": _bureau(OPERATE),
    "bureau:act": _bureau(OPERATE, BOTH),
    "bureau:openings": _bureau(OPERATE),
    "bureau:postcards": _bureau(AUDIT),
    "bureau:postcards_file": Access(Guard.BUREAU, "POST", owned=True, needs=OPERATE, personal=True),
    "bureau:rises": _bureau(),
    "bureau:rise_act": _bureau(OPERATE, BOTH),
    "bureau:opening": Access(Guard.BUREAU, owned=True, needs=OPERATE, personal=True),
    "bureau:record_csv": _bureau(AUDIT),
}
# Accounts: the same addresses at the desk and at the bureau.
_ACCOUNTS: dict[str, Access] = {
    "logout": _desk(READ, BOTH, ends_login=True),
    "logout_everywhere": _desk(READ, BOTH, ends_login=True),
    "account": _desk(READ),
    "mail": _desk(READ, BOTH),
    "password": _desk(READ, BOTH),
    "factor": _desk(READ, BOTH),
    "passkeys": _desk(READ, BOTH),
    "passkey": Access(Guard.DESK, BOTH, owned=True, needs=READ, personal=True),
    "remove_passkey": Access(Guard.DESK, BOTH, owned=True, needs=READ, personal=True, led_back=True),
    "end_factor": _desk(READ, BOTH),
    "recovery": _desk(READ, BOTH),
    "record": _desk(AUDIT),
    "people": _desk(MANAGE),
    "invite": _desk(MANAGE, BOTH),
    "link": _desk(MANAGE),
    "end_invitation": _COLLEAGUE,
    "person": _desk(MANAGE, owned=True),
    "new_password": _COLLEAGUE,
    "role": _COLLEAGUE,
    "close": _COLLEAGUE,
    "reopen": _COLLEAGUE,
    "reset_factor": _COLLEAGUE,
    "unlink": _COLLEAGUE,
}
for _realm, _guard in (("desk", Guard.DESK), ("bureau", Guard.BUREAU)):
    ACCESS |= {f"{_realm}:{_name}": _OPEN_FORM for _name in ("login", "code", "code_passkey", "sign_on")}
    ACCESS |= {f"{_realm}:sign_on_callback": _OPEN_GET, f"{_realm}:sign_on_ended": Access(Guard.OPEN, "POST")}
    ACCESS[f"{_realm}:join"] = Access(Guard.SECRET, BOTH, owned=True)
    ACCESS |= {f"{_realm}:{_name}": replace(_access, guard=_guard) for _name, _access in _ACCOUNTS.items()}

# A GET changes nothing but the record of who has seen what.
RECORDS_ON_GET = {
    "answer:notice",
    "desk:notice",
    "bureau:search",
    "bureau:record_csv",
    "systems:list",
    "systems:notice",
}

# Not a page of anything: what no other route of the API took.
UNNAMED = {"systems:None"}
