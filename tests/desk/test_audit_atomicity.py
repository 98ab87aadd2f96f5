"""Every act of the desk and of the bureau writes its audit row in its own transaction, once per act.

Each act is done twice over: with the audit log refusing every row, where nothing of the act may remain in the database,
and pressed three times, where it leaves as many rows as it was an act.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from renrakucho.channel.channel import Channel
from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.delivery.operator_resend import ResendScope, resend_notices, switch_channel
from renrakucho.delivery.trial_notice import send_trial_notice
from renrakucho.faces.desk.notice import notice_actions
from renrakucho.mail.models import Mail
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.operator_acts import (
    announce,
    end_announcement,
    mark_connected,
    mark_not_connected,
    pause_lanes,
    resume_lanes,
)
from renrakucho.notice.operator_decisions import OperatorDecision
from renrakucho.notice.postcard import PostcardBatch
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_notice_actions
from renrakucho.provider.single_sign_on import SignOnLink
from renrakucho.provider.staff import DeskSettings, Staff
from renrakucho.provider.staff_administration import require_two_factor
from renrakucho.provider.staff_invitation import Invitation, create_invitation, create_password_renewal
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.provider.two_factor import _totp, enable_two_factor, new_totp_secret
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.models import Receipt
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.account import login_acts
from tests.bureau.cast import watcher
from tests.desk import opening_acts
from tests.desk.cast import PASSWORD, address, administrator, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

MODELS = (
    *(Notice, Receipt, Mail, Staff, DeskSettings, Invitation, StaffMail),
    *(AuditEntry, Session, OperatorDecision, SignOnLink, PostcardBatch),
)
NEW_PASSWORD = "長い合言葉-correct-horse"
NEW = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
LOGIN = {"login_id": "akishima-1", "password": PASSWORD}
# By a system's key, a command, the worker or a mailbox's owner: tests/systems, provider and receipt have them.
NOT_BY_A_PERSON = {
    *(AuditAction.DISAVOWED, AuditAction.HEAD_MAILED),
    AuditAction.SIGN_ON_USED,  # written with the session as LOGGED_IN is: tests/account/test_single_sign_on.py
    *(AuditAction.ACCOUNT_MADE, AuditAction.KEY_MADE, AuditAction.KEY_CLOSED, AuditAction.RETIRED),
    *(AuditAction.LISTED_TO_KEY, AuditAction.READ_BY_KEY),
    *(AuditAction.DESTINATION_FOUND, AuditAction.DESTINATION_CONFIRMED, AuditAction.DESTINATION_REFUSED),
    *(AuditAction.MASTER_KEY_ROTATED, AuditAction.MASTER_KEY_RETIRED),
}
Press = Callable[[], object]


def posting(browser: Client, path: str, **typed: str) -> Press:
    browser.raise_request_exception = False
    return lambda: browser.post(path, typed)


def code_now(secret: str) -> str:
    return _totp(secret).generate(int(timezone.now().timestamp())).decode()


def accept_act() -> Press:
    return posting(seated(clerk()), address("accept", sent().id), number="1")


def return_act() -> Press:
    return posting(seated(clerk()), address("return", sent().id), reason="理由")


def bulk_accept_act() -> Press:
    notice = sent()
    typed = {"do": "accept", f"{notice.id}-number": "1"}
    return posting(seated(clerk()), f"/desk/several?id={notice.id}", **typed)


def bulk_return_act() -> Press:
    return posting(seated(clerk()), f"/desk/several?id={sent().id}", do="return", reason="理由")


def resend_act() -> Press:
    return posting(seated(clerk()), address("again", sent().id))


def open_act() -> Press:
    browser, page = seated(clerk()), address("notice", sent().id)
    browser.raise_request_exception = False
    return lambda: browser.get(page)


def export_act(form: str) -> Callable[[], Press]:
    def prepared() -> Press:
        sent()
        return posting(seated(clerk()), "/desk/take", what="new", **{"as": form})

    return prepared


def login_act() -> Press:
    clerk()
    return posting(Client(), "/desk/login", **LOGIN)


def login_code_act(*, recovery: bool = False, wrong: bool = False) -> Callable[[], Press]:
    def prepared() -> Press:
        secret, browser = new_totp_secret(), Client()
        codes = enable_two_factor(clerk(), secret, 0)
        browser.post("/desk/login", LOGIN)
        right = codes[0] if recovery else code_now(secret)
        return posting(browser, "/desk/code", code="wrong" if wrong else right)

    return prepared


def own_act(path: str, **typed: str) -> Callable[[], Press]:
    return lambda: posting(seated(clerk()), path, **typed)


def stop_mail_act() -> Press:
    staff = clerk()
    staff.set_mail_address("madoguchi@example.jp")
    staff.save()
    return posting(seated(staff), "/desk/me/mail", address="", mail_password=PASSWORD)


def set_factor_act() -> Press:
    browser = seated(clerk())
    page = browser.get("/desk/me/factor").content.decode()
    found = re.search(r'desk-secret">([A-Z2-7 ]+)<', page)
    assert found
    return posting(browser, "/desk/me/factor", code=code_now(found[1].replace(" ", "")))


def factor_act(path: str) -> Callable[[], Press]:
    def prepared() -> Press:
        staff = clerk()
        enable_two_factor(staff, new_totp_secret(), 0)
        return posting(seated(staff), path, old_password=PASSWORD)

    return prepared


def chief_act(path: str, **typed: str) -> Callable[[], Press]:
    return lambda: posting(seated(administrator()), path, **typed)


def optional_factor_act() -> Press:
    chief = administrator()
    enable_two_factor(chief, new_totp_secret(), 0)
    require_two_factor(True, by=chief)
    return posting(seated(chief), "/desk/staff/require", required="no")


def end_invitation_act() -> Press:
    chief = administrator()
    made, _token = create_invitation(chief.provider, "clerk", by=chief)
    return posting(seated(chief), f"/desk/staff/invitations/{made.id}/end")


def colleague_act(what: str, *, active: bool = True, **typed: str) -> Callable[[], Press]:
    def prepared() -> Press:
        staff = clerk()
        enable_two_factor(staff, new_totp_secret(), 0)
        Staff.objects.filter(id=staff.id).update(is_active=active)
        return posting(seated(administrator()), f"/desk/staff/{staff.id}/{what}", **typed)

    return prepared


def join_act() -> Press:
    _made, token = create_invitation("akishima-water", "clerk", by=administrator())
    return posting(Client(), f"/desk/join/{token}", name="鈴木", login_id="suzuki", **NEW)


def join_again_act() -> Press:
    _made, token = create_password_renewal(clerk(), by=administrator())
    return posting(Client(), f"/desk/join/{token}", **NEW)


def operator_act(act: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> Callable[[], Press]:
    """An act of the bureau, which no page of the desk leads to."""

    def prepared() -> Press:
        before()

        def press() -> None:
            with suppress(DatabaseError):
                act()

        return press

    return prepared


WATER, SAID = "akishima-water", "点検のため、送信を止めています。"


def end_every_announcement() -> None:
    for each in OperatorDecision.objects.all():
        end_announcement(None, each.id)


def look_up_act() -> Press:
    browser, number = watcher(), sent().number
    browser.raise_request_exception = False
    return lambda: browser.get("/bureau/notices", {"number": number})


def give_up() -> None:
    """A notice of a provider with two ways, undelivered by one of them."""
    notice = sent()
    Notice.objects.filter(id=notice.id).update(status=Status.UNDELIVERED, channel="telegram")


def switch_all() -> None:
    for notice in Notice.objects.all():
        switch_channel(None, notice, "inbox")


# The act, the row that it leaves, and how many of them three presses leave: 1, or 3 where each press is an act anew.
ACTS: list[tuple[Callable[[], Press], AuditAction, int]] = [
    (accept_act, AuditAction.ACCEPTED, 1),
    (bulk_accept_act, AuditAction.ACCEPTED, 1),
    (return_act, AuditAction.RETURNED, 1),
    (bulk_return_act, AuditAction.RETURNED, 1),
    (resend_act, AuditAction.ASKED_AGAIN, 1),
    (open_act, AuditAction.SEEN, 3),
    (export_act("csv"), AuditAction.TAKEN_CSV, 1),
    (export_act("shift_jis"), AuditAction.TAKEN_SHIFT_JIS, 1),
    (export_act("print"), AuditAction.PRINTED, 1),
    (login_act, AuditAction.LOGGED_IN, 3),
    (login_code_act(), AuditAction.LOGGED_IN, 1),
    (login_code_act(recovery=True), AuditAction.RECOVERY_USED, 1),
    (login_code_act(wrong=True), AuditAction.CODE_REFUSED, 3),
    (own_act("/desk/logout"), AuditAction.LOGGED_OUT, 1),
    (own_act("/desk/logout-everywhere"), AuditAction.ENDED_SESSIONS, 1),
    (own_act("/desk/me/password", old_password=PASSWORD, **NEW), AuditAction.PASSWORD_CHANGED, 1),
    (own_act("/desk/me/mail", address="madoguchi@example.jp", mail_password=PASSWORD), AuditAction.MAIL_SET, 1),
    (stop_mail_act, AuditAction.MAIL_ENDED, 1),
    (set_factor_act, AuditAction.FACTOR_SET, 1),
    (factor_act("/desk/me/recovery"), AuditAction.RECOVERY_RENEWED, 3),
    *opening_acts.OPENING_ACTS,
    *login_acts.LOGIN_ACTS,
    (factor_act("/desk/me/factor/end"), AuditAction.FACTOR_ENDED, 1),
    (chief_act("/desk/staff/invite", role="clerk", address="sato@example.jp"), AuditAction.INVITED, 3),
    (colleague_act("password"), AuditAction.INVITED, 3),
    (end_invitation_act, AuditAction.INVITATION_ENDED, 1),
    (chief_act("/desk/staff/require", required="yes"), AuditAction.FACTOR_REQUIRED, 1),
    (optional_factor_act, AuditAction.FACTOR_OPTIONAL, 1),
    (colleague_act("role", role="reader"), AuditAction.ROLE_CHANGED, 1),
    (colleague_act("close"), AuditAction.CLOSED, 1),
    (colleague_act("reopen", active=False), AuditAction.REOPENED, 1),
    (colleague_act("reset-factor"), AuditAction.FACTOR_RESET, 1),
    (join_act, AuditAction.JOINED, 1),
    (join_again_act, AuditAction.PASSWORD_CHANGED, 1),
    (operator_act(partial(pause_lanes, None, provider=WATER, sentence=SAID)), AuditAction.PAUSED, 1),
    (
        operator_act(
            partial(resume_lanes, None, provider=WATER),
            before=partial(pause_lanes, None, provider=WATER, sentence=SAID),
        ),
        AuditAction.RESUMED,
        1,
    ),
    (operator_act(partial(mark_not_connected, None, WATER)), AuditAction.DISCONNECTED, 1),
    (
        operator_act(partial(mark_connected, None, WATER), before=partial(mark_not_connected, None, WATER)),
        AuditAction.CONNECTED,
        1,
    ),
    (look_up_act, AuditAction.LOOKED_UP, 3),
    (operator_act(partial(announce, None, sentence=SAID)), AuditAction.ANNOUNCED, 1),
    (operator_act(partial(resend_notices, None, ResendScope(provider=WATER)), before=give_up), AuditAction.RETRIED, 1),
    (operator_act(switch_all, before=give_up), AuditAction.SWITCHED, 1),
    (operator_act(partial(send_trial_notice, None, WATER, "start", mail_to="a@example.jp")), AuditAction.TESTED, 1),
    (
        operator_act(end_every_announcement, before=partial(announce, None, sentence=SAID)),
        AuditAction.ANNOUNCEMENT_ENDED,
        1,
    ),
]


@pytest.fixture(autouse=True)
def telegram(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Akishima is reached by a channel that leads elsewhere, so that a clerk can have a notice sent again."""
    channel = Channel(
        label="電報",
        needs="",
        arrived="",
        accepted="",
        failing="",
        send=lambda _message: Outcome(OutcomeKind.SENT, "ok"),
    )
    monkeypatch.setitem(CHANNELS, "telegram", channel)
    connections = tmp_path / "connections.toml"
    connections.write_text("[akishima-water]\ndesk = true\n[akishima-water.telegram]\nto = 'x'\n", "utf-8")
    settings.CONNECTIONS = str(connections)


@contextmanager
def refusing_audit_rows() -> Iterator[list[str]]:
    """The database refuses every row of the audit log; yields the statements that were refused."""
    refused: list[str] = []

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{AuditEntry._meta.db_table}"'):
            refused.append(sql)
            raise DatabaseError("the audit log is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield refused


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that an act could change."""
    return {
        model.__name__: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in model._default_manager.order_by("pk").values_list()
        ]
        for model in MODELS
    }


def left_behind(press: Press) -> set[str]:
    """The tables in which something remains of an act whose audit row was refused."""
    before = rows()
    with refusing_audit_rows() as refused:
        press()
    transaction.set_rollback(False)  # the test's own transaction goes on: the database itself refused nothing
    assert refused, "this was no act"
    after = rows()
    return {name for name in before if before[name] != after[name]}


@pytest.mark.parametrize(("prepare", "action", "expected"), ACTS, ids=lambda value: getattr(value, "value", None))
def test_without_its_audit_row_nothing_of_an_act_remains(
    prepare: Callable[[], Press], action: AuditAction, expected: int
) -> None:
    assert left_behind(prepare()) == set()


@pytest.mark.parametrize(("prepare", "action", "expected"), ACTS, ids=lambda value: getattr(value, "value", None))
def test_three_presses_leave_one_row_for_each_act(
    prepare: Callable[[], Press], action: AuditAction, expected: int
) -> None:
    press = prepare()
    before = AuditEntry.objects.filter(deed=action).count()
    for _time in range(3):
        press()
    assert AuditEntry.objects.filter(deed=action).count() - before == expected


def test_the_table_has_every_act() -> None:
    assert {action for _prepare, action, _expected in ACTS} | NOT_BY_A_PERSON == set(AuditAction)


def test_the_check_catches_a_row_that_is_written_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the act commits first and the face writes the audit row afterwards, as it was until November 2026.
    With the row refused, the accepted notice, its receipt and its mail remain; three presses leave three rows.
    """

    class SilentActor(StaffActor):
        def log_acts(self, *_given: object) -> None:
            """Nothing."""

    def answer_then_log(notice: Notice, answer: ProviderAnswer, actor: StaffActor) -> None:
        answer_notice(notice, answer, SilentActor(actor.staff))
        log_notice_actions(actor.staff, AuditAction.ACCEPTED, [notice.number])

    monkeypatch.setattr(notice_actions, "answer_notice", answer_then_log)
    press = accept_act()
    assert left_behind(press) == {"Notice", "Receipt", "Mail"}
    for _time in range(3):
        press()
    assert AuditEntry.objects.filter(deed=AuditAction.ACCEPTED).count() == 3
