"""Pushed to a real server that answers badly, late or twice: each time the status says what is true."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.channel.webhook import webhook_channel as webhook
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.models import Attempt
from renrakucho.delivery.retry_policy import MOST_ATTEMPTS
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mover.book import open_for_book
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from tests.channel.cast import HTML, SECRET
from tests.listener import Listener, Received, Reply, listening
from tests.receipt.cast import answered
from tests.systems.cast import System, kinds, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def there(tmp_path: Path, settings: Any) -> Iterator[Listener]:
    """The provider's system, to which its notices are pushed from now on."""
    with listening() as made:
        ways = tmp_path / "connections.toml"
        ways.write_text(
            f'[akishima-water.webhook]\nurl = "{made.url()}"\nsecret = "{SECRET}"\nallow = ["127.0.0.0/8"]\n', "utf-8"
        )
        settings.CONNECTIONS = str(ways)
        yield made


def entered() -> Notice:
    # The move is weeks ahead, so that no try comes too late for it.
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    return enter_notice(answered(move__leave_on=day, move__arrive_on=day))


def deliver(notice: Notice, rounds: int = 1) -> str:
    for ahead in range(rounds):
        deliver_due_notices("test", now=timezone.now() + timedelta(hours=7 * ahead))
    notice.refresh_from_db()
    return notice.status


def outcomes(notice: Notice) -> list[str]:
    return list(notice.attempts_made.order_by("ordinal").values_list("outcome", flat=True))


def test_a_good_response_marks_the_notice_sent_and_is_kept(there: Listener) -> None:
    there.reply = lambda _: Reply(202, b'{"received": true}', {"Content-Type": "application/json"})
    notice = entered()
    assert deliver(notice) == Status.SENT
    attempt = Attempt.objects.get(notice=notice)
    kept = open_for_book(notice.book, f"attempt:{attempt.id}", attempt.evidence or b"")["evidence"]
    assert kept == '202 application/json\n{"received": true}'


BAD: list[tuple[Callable[[Received], Reply], OutcomeKind]] = [
    (lambda _: Reply(500, HTML), OutcomeKind.UNKNOWN),
    (lambda _: Reply(502, HTML), OutcomeKind.UNKNOWN),
    (lambda _: Reply(503), OutcomeKind.TRY_LATER),
    (lambda _: Reply(200, HTML, {"Content-Type": "text/html"}), OutcomeKind.UNKNOWN),
    (lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"), OutcomeKind.UNKNOWN),
    (lambda _: Reply(302, headers={"Location": "https://sorry.example/"}), OutcomeKind.TRY_LATER),
]


@pytest.mark.parametrize(("bad", "kind"), BAD)
def test_a_bad_response_is_retried_until_a_good_one(
    there: Listener, bad: Callable[[Received], Reply], kind: OutcomeKind
) -> None:
    there.reply = bad
    notice = entered()
    assert deliver(notice) == Status.ENTERED
    there.reply = lambda _: Reply(204)
    assert deliver(notice, rounds=2) == Status.SENT
    assert outcomes(notice) == [kind, OutcomeKind.SENT]
    assert {each.headers["webhook-id"] for each in there.received} == {str(notice.id)}


def test_a_missing_response_is_unknown(there: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.2)
    there.waiting.clear()
    notice = entered()
    assert deliver(notice) == Status.ENTERED
    assert outcomes(notice) == [OutcomeKind.UNKNOWN]


def test_a_duplicate_response_counts_as_sent(there: Listener) -> None:
    there.reply = lambda _: Reply(409, b'{"error": "duplicate"}')
    assert deliver(entered()) == Status.SENT


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refused_notice_is_undelivered_at_once_and_the_mover_is_mailed(there: Listener, status: int) -> None:
    there.reply = lambda _: Reply(status, HTML)
    notice = entered()
    assert deliver(notice, rounds=2) == Status.UNDELIVERED
    assert len(there.received) == 1
    assert Mail.objects.filter(kind=MailKind.UNDELIVERED, about=notice.id).count() == 1


def test_a_notice_that_was_given_up_can_still_be_answered(there: Listener) -> None:
    there.reply = lambda _: Reply(500)
    notice = entered()
    assert deliver(notice, rounds=MOST_ATTEMPTS + 2) == Status.UNDELIVERED
    assert len(there.received) == MOST_ATTEMPTS
    assert System().accept(notice.number, "late-1").json()["status"] == "accepted"


def test_a_withdrawal_is_pushed_where_the_notice_may_have_arrived(there: Listener) -> None:
    there.reply = lambda _: Reply(500)
    notice = entered()
    deliver(notice)
    there.reply = lambda _: Reply(204)
    withdraw_notice(notice)
    assert deliver(notice, rounds=2) == Status.WITHDRAWN
    pushed = json.loads(there.received[-1].body)
    assert (pushed["document"], pushed["number"]) == ("withdrawal", notice.number)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_SENT).exists()
    assert reason(System().accept(notice.number)) == (409, "withdrawn")


def test_a_withdrawal_is_not_pushed_where_the_notice_never_arrived(there: Listener) -> None:
    there.reply = lambda _: Reply(503)
    notice = entered()
    deliver(notice)
    withdraw_notice(notice)
    deliver(notice, rounds=2)
    assert len(there.received) == 1


def test_a_change_is_one_push_that_names_what_it_replaces(there: Listener) -> None:
    old = entered()
    deliver(old)
    new = replace_notice(old)
    deliver(new)
    documents = [json.loads(each.body) for each in there.received]
    assert [each["number"] for each in documents] == [old.number, new.number]
    assert documents[1]["replaces"] == old.number


def test_a_replay_pushes_the_notice_again_under_its_key(there: Listener) -> None:
    notice, system = entered(), System()
    deliver(notice)
    for _twice in range(2):
        assert system.post(f"/{notice.number}/replay", {}).json()["status"] == "sent"
    assert deliver(notice) == Status.SENT
    assert [each.headers["webhook-id"] for each in there.received] == [str(notice.id)] * 2
    assert kinds(notice) == ["entered", "sent", "asked_again", "sent"]
    assert deliver(notice, rounds=2) == Status.SENT
    assert len(there.received) == 2


def test_an_undelivered_notice_can_be_replayed(there: Listener) -> None:
    there.reply = lambda _: Reply(422)
    notice = entered()
    deliver(notice)
    assert System().post(f"/{notice.number}/replay", {}).json()["status"] == "undelivered"
    there.reply = lambda _: Reply(204)
    assert deliver(notice) == Status.SENT


def test_a_replay_that_fails_changes_nothing(there: Listener) -> None:
    notice = entered()
    deliver(notice)
    there.reply = lambda _: Reply(422)
    System().post(f"/{notice.number}/replay", {})
    assert deliver(notice, rounds=2) == Status.SENT
    notice.refresh_from_db()
    assert notice.due_at is None
    assert not Mail.objects.filter(kind=MailKind.UNDELIVERED).exists()


def test_an_answered_notice_is_not_replayed(there: Listener) -> None:
    notice, system = entered(), System()
    deliver(notice)
    system.accept(notice.number)
    assert reason(system.post(f"/{notice.number}/replay", {})) == (409, "already_accepted")
    assert reason(system.post(f"/{notice.number}/replay", {"why": 1})) == (422, "bad_field")
    assert reason(System("yokosuka-water").post(f"/{notice.number}/replay", {})) == (404, "not_found")
