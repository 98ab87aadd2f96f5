"""Every route, for everybody, with their own objects, another's and none's: who is let in, and how others are answered.

tests/config/test_route_table.py holds that every route has a row in the table.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from renrakucho.account import staff_accounts
from renrakucho.mail.models import Mail
from renrakucho.monitoring.public_figures import compute_figures
from renrakucho.monitoring.worker_heartbeat import record_heartbeat
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import BUREAU_ROLES, DESK_ROLES, MAY, Staff, StaffPermission, StaffRole
from renrakucho.provider.staff_invitation import Invitation
from renrakucho.receipt.models import Receipt
from tests.relay.cast import KANTO, SECRET
from tests.routes.access_table import ACCESS, OUTSIDERS, RECORDS_ON_GET, UNNAMED, Access, Guard, Outcome
from tests.routes.portal_routes import Route, portal_routes
from tests.routes.visitors import VISITORS, Objects, Visitor, mover, nobodys_objects, objects_of

ROOT = Path(__file__).resolve().parents[2]
LOGINS = re.compile(r"^/(book|desk|bureau)/login")
METHODS = ("GET", "POST", "PUT")
_SEE_ALL = ("anonymous", "mover", "clerk")  # the others see no open page in another way
# What a form needs so that a permitted visitor is let in; nothing of it is true.
TYPED = {"number": "A-1", "reason": "番号がちがいます", "role": "reader"}
REFUSAL = "この操作はできません"
ONE_TIME = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"|nonce-[^"\']*')


def expected(access: Access, visitor: Visitor, method: str, *, exists: bool) -> set[Outcome]:
    """How a request may be answered."""
    if method not in access.methods:
        return set(Outcome) - {Outcome.LET_IN}
    if not visitor.is_let_in(access):
        return {OUTSIDERS[access.guard]}
    if access.needs and access.guard == visitor.guard and access.needs not in visitor.may:
        return {Outcome.REFUSED}
    if access.led_back and method == "GET":
        return {Outcome.LET_IN}
    if access.personal:
        return {Outcome.UNKNOWN}
    if access.owned and not (exists and (visitor.owns or access.guard == Guard.SECRET)):
        return {Outcome.UNKNOWN}
    return {Outcome.LET_IN, Outcome.LOGIN} if access.ends_login or access.guard == Guard.OPEN else {Outcome.LET_IN}


def outcome_of(response: Any) -> Outcome:
    if response.status_code in (301, 302, 303) and LOGINS.match(response["Location"]):
        return Outcome.LOGIN
    known = {401: Outcome.REFUSED, 403: Outcome.REFUSED, 404: Outcome.UNKNOWN, 405: Outcome.NO_METHOD}
    return known.get(response.status_code, Outcome.LET_IN)


PROVES = '[issuers.staff-id.movers]\nname = {claims = ["name"]}\n'


@pytest.fixture
def peered(tmp_path: Path, settings: Any) -> None:
    """The trial's connections, and another portal."""
    trial = (ROOT / "sandbox/connections.toml").read_text("utf-8")
    peer = f'\n[peers.kanto]\nname = "関東"\nurl = "{KANTO}"\nsecret = "{SECRET}"\n'
    path = tmp_path / "connections.toml"
    issuer = (
        f'\n[issuers.staff-id]\nname = "職員"\nissuer = "http://127.0.0.1:9"\nclient_id = "us"\nsecret = "{SECRET}"\n'
    )
    path.write_text(trial + peer + issuer + 'desks = ["akishima-water"]\nbureau = true\n' + PROVES, "utf-8")
    settings.CONNECTIONS = str(path)


@pytest.fixture
def running(db: None) -> None:
    """A worker that beats, and figures that it computed."""
    record_heartbeat("host:1", timezone.now(), {})
    compute_figures()


def state() -> tuple[object, ...]:
    """What an answer, a withdrawal, an administrator's, an operator's or a mover's act changes."""
    books = Book.objects.order_by("id").values_list("id", "sessions_ended", "registered_at", "erase_at")
    notices = Notice.objects.order_by("id").values_list("id", "status", "due_at")
    staff = Staff.objects.order_by("id").values_list("id", "role", "is_active", "password")
    counted = (
        Receipt.objects.count(),
        AuditEntry.objects.count(),
        Invitation.objects.filter(used_at=None, ended_at=None).count(),
    )
    return (*books, *notices, *staff, *counted, Mail.objects.count())


class _RolledBack(Exception):
    """Ends a transaction whose changes are not wanted."""


def ask(visitor: Visitor, method: str, path: str) -> tuple[Any, bool]:
    """The response, and whether it changed anything; nothing stays changed."""
    try:
        with transaction.atomic():
            before = state()
            response = visitor.request(method, path, TYPED)
            changed = state() != before
            raise _RolledBack
    except _RolledBack:
        return response, changed


def content(response: Any, *parts: str) -> str:
    """What the page says, without its token and the address that was asked for."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    text = ONE_TIME.sub("", f"{response.get('Location', '')} {body.decode('utf-8', 'replace')}")
    for part in parts:
        text = text.replace(part, "…")
    return text


def faults(route: Route, visitor: Visitor, own: Objects, nobodys: Objects) -> Iterator[str]:
    """What is wrong with how the route answers this visitor."""
    access = ACCESS[route.name]
    for method in METHODS:
        answers = []
        for exists, objects in ((True, own), (False, nobodys), (False, own.of_the_other_realm())):
            path = route.path(objects)
            if exists or (access.owned and method != "PUT" and path != route.path(own)):
                response, changed = ask(visitor, method, path)
                answers.append((response.status_code, content(response, path, *map(str, objects.values.values()))))
                outcome, wanted = outcome_of(response), expected(access, visitor, method, exists=exists)
                if outcome not in wanted:
                    yield f"{method} {path}: {response.status_code} {outcome}, not {sorted(w.name for w in wanted)}"
                yield from _wrong_words(access, visitor, method, path, response)
                if method == "GET" and changed and route.name not in RECORDS_ON_GET:
                    yield f"GET {path}: something changed"
                if changed and outcome != Outcome.LET_IN and not access.ends_login:
                    yield f"{method} {path}: {outcome}, and something changed"
        if access.owned and not visitor.owns and access.guard != Guard.SECRET and len(set(answers)) > 1:
            yield f"{method} {route.name}: another's answers otherwise than nobody's: {answers}"


def _wrong_words(access: Access, visitor: Visitor, method: str, path: str, response: Any) -> Iterator[str]:
    """What an answer has to say whatever it is: where it leads after the login, what was refused, and to no cache."""
    outcome = outcome_of(response)
    if outcome == Outcome.LOGIN and not visitor.is_let_in(access) and "/login?next=" not in response["Location"]:
        yield f"{method} {path}: after the login nobody would come back here, but to {response['Location']}"
    if access.guard in (Guard.DESK, Guard.BUREAU) and method in access.methods:
        if outcome == Outcome.REFUSED and REFUSAL not in content(response):
            yield f"{method} {path}: the refusal says nothing"
        if "no-store" not in response.get("Cache-Control", ""):
            yield f"{method} {path}: the browser would keep it"


def _looked_at(visitor: str) -> Iterator[Route]:
    for route in portal_routes():
        if route.name not in UNNAMED and (visitor in _SEE_ALL or ACCESS[route.name].guard != Guard.OPEN):
            yield route


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("directory", "peered", "running")
@pytest.mark.parametrize("name", ["mover", *VISITORS])
def test_who_is_let_in_where(name: str) -> None:
    owner, notice = mover()
    own, nobodys = objects_of(notice), nobodys_objects()
    visitor = VISITORS[name]() if name in VISITORS else owner
    found = [fault for route in _looked_at(name) for fault in faults(route, visitor, own, nobodys)]
    assert not found, "\n".join([f"{name}: {len(found)} wrong", *found])


def _everybodys(provider: str) -> QuerySet[Notice]:
    return Notice.objects.all()


@pytest.mark.django_db
@pytest.mark.usefixtures("directory", "peered")
@pytest.mark.parametrize(
    ("name", "filtered", "route"),
    [
        ("administrator elsewhere", "renrakucho.faces.desk.list.notice_queue.notices_on_desk", "desk:notice"),
        ("system elsewhere", "renrakucho.faces.api.notice_list.answerable_notices", "systems:notice"),
    ],
)
def test_a_filter_that_is_taken_out_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, filtered: str, route: str
) -> None:
    _owner, notice = mover()
    visitor, own = VISITORS[name](), objects_of(notice)
    [asked] = [each for each in portal_routes() if each.name == route]
    assert list(faults(asked, visitor, own, nobodys_objects())) == []
    monkeypatch.setattr(filtered, _everybodys)
    assert list(faults(asked, visitor, own, nobodys_objects()))


@pytest.mark.django_db
@pytest.mark.usefixtures("directory", "peered")
@pytest.mark.parametrize(
    ("name", "route"),
    [("reader", "desk:accept"), ("clerk", "desk:people"), ("watcher", "bureau:act"), ("operator", "bureau:lanes")],
)
def test_a_role_that_may_more_or_less_is_found(monkeypatch: pytest.MonkeyPatch, name: str, route: str) -> None:
    _owner, notice = mover()
    visitor, own = VISITORS[name](), objects_of(notice)
    [asked] = [each for each in portal_routes() if each.name == route]
    assert list(faults(asked, visitor, own, nobodys_objects())) == []
    monkeypatch.setattr(Staff, "may", lambda _staff, _permission: route != "bureau:lanes")
    assert list(faults(asked, visitor, own, nobodys_objects()))


@pytest.mark.django_db
@pytest.mark.usefixtures("directory", "peered")
def test_an_account_of_the_other_realm_that_is_not_filtered_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _owner, notice = mover()
    visitor, own = VISITORS["operator"](), objects_of(notice)
    [asked] = [each for each in portal_routes() if each.name == "bureau:close"]
    assert list(faults(asked, visitor, own, nobodys_objects())) == []
    monkeypatch.setattr(staff_accounts, "_colleague", lambda _staff, staff_id: get_object_or_404(Staff, id=staff_id))
    assert list(faults(asked, visitor, own, nobodys_objects()))


def test_each_role_has_its_permissions() -> None:
    assert {role: set(acts) for role, acts in MAY.items()} == {
        StaffRole.READER: {StaffPermission.READ},
        StaffRole.CLERK: {StaffPermission.READ, StaffPermission.EXPORT, StaffPermission.ANSWER},
        StaffRole.ADMINISTRATOR: {
            StaffPermission.READ,
            StaffPermission.EXPORT,
            StaffPermission.ANSWER,
            StaffPermission.AUDIT,
            StaffPermission.MANAGE,
        },
        StaffRole.WATCHER: {StaffPermission.READ},
        StaffRole.OPERATOR: {
            StaffPermission.READ,
            StaffPermission.OPERATE,
            StaffPermission.AUDIT,
            StaffPermission.MANAGE,
        },
        StaffRole.AUDITOR: {StaffPermission.READ, StaffPermission.AUDIT},
    }


def test_every_role_of_a_desk_and_of_the_bureau_visits() -> None:
    assert {str(role) for role in (*DESK_ROLES, *BUREAU_ROLES)} <= set(VISITORS)
