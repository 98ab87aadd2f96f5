"""What a provider's system reads and answers, in turn and out of turn."""

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.api import idempotency
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice, Status
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from tests.desk.cast import sent
from tests.receipt.cast import answered
from tests.systems.cast import System, kinds, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_reading_a_notice_is_recorded_once() -> None:
    notice, system = sent(), System()
    first = system.get(f"/{notice.number}").json()
    assert first["notice"]["facts"]["holder.family_name"] == "髙﨑"
    assert (first["status"], first["receipt_number"]) == ("sent", None)
    assert system.get(f"/{notice.number}").json() == first
    assert kinds(notice) == ["entered", "sent", "opened"]
    assert notice.receipts.get(kind=ReceiptKind.OPENED).by == ReceiptAuthor.PROVIDER


def test_a_key_that_may_only_read_gets_nothing_to_answer_with() -> None:
    notice = sent()
    whole = System().get(f"/{notice.number}").json()["notice"]
    code = whole["answer_url"].rpartition("/")[2]
    response = System(answer=False).get(f"/{notice.number}")
    assert code not in response.content.decode()
    assert response.json()["notice"] == {name: value for name, value in whole.items() if name != "answer_url"}


def test_accepting_reaches_the_movers_page_with_the_evidence() -> None:
    notice, system = sent(), System()
    answer = system.accept(notice.number, "昭水-1234")
    assert (answer.status_code, answer.json()["status"], answer.json()["receipt_number"]) == (
        200,
        "accepted",
        "昭水-1234",
    )
    leaf = notice_view(Notice.objects.get(id=notice.id))
    assert (leaf.status, leaf.receipt_number) == (Status.ACCEPTED, "昭水-1234")
    assert evidence_of(notice.receipts.get(kind=ReceiptKind.ACCEPTED), notice).stored()["system"].startswith("CIS")
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE, about=notice.id).count() == 1


def test_a_second_answer_with_the_same_number_changes_nothing() -> None:
    notice, system = sent(), System()
    assert system.accept(notice.number).json() == system.accept(notice.number).json()
    assert kinds(notice).count("accepted") == 1


def test_another_receipt_number_is_refused() -> None:
    notice, system = sent(), System()
    system.accept(notice.number, "A-1")
    late = system.accept(notice.number, "A-2")
    assert reason(late) == (409, "already_accepted")
    assert late.json()["notice"]["receipt_number"] == "A-1"
    assert reason(system.send_back(notice.number)) == (409, "already_accepted")


def test_a_return_reaches_the_mover_once() -> None:
    notice, system = sent(), System()
    assert system.send_back(notice.number, "お客さま番号がちがいます").json()["status"] == "returned"
    assert system.send_back(notice.number, "お客さま番号がちがいます").status_code == 200
    assert reason(system.send_back(notice.number, "別の理由")) == (409, "already_returned")
    assert reason(system.accept(notice.number)) == (409, "already_returned")
    assert notice_view(Notice.objects.get(id=notice.id)).reason == "お客さま番号がちがいます"
    assert Mail.objects.filter(kind=MailKind.RETURN, about=notice.id).count() == 1


def test_after_a_withdrawal_nothing_is_accepted() -> None:
    notice, system = sent(), System()
    withdraw_notice(notice)
    late = system.accept(notice.number)
    assert reason(late) == (409, "withdrawn")
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN


def test_a_withdrawn_notice_is_not_shown_any_more() -> None:
    notice, system = sent(), System()
    withdraw_notice(notice)
    told = system.get(f"/{notice.number}").json()
    assert (told["status"], told["notice"]) == ("withdrawn", None)
    assert "opened" not in kinds(notice)


def test_a_replaced_notice_names_the_new_number() -> None:
    old, system = sent(), System()
    new = replace_notice(old)
    late = system.accept(old.number)
    assert reason(late) == (409, "replaced")
    assert late.json()["notice"]["replaced_by"] == new.number
    deliver_due_notices("test")
    assert system.accept(new.number).json()["replaces"] == old.number


def test_another_providers_notice_is_not_found() -> None:
    notice, stranger = sent(), System("yokosuka-water")
    there, nowhere = stranger.get(f"/{notice.number}"), stranger.get("/999999999999")
    assert reason(there) == (404, "not_found")
    assert there.content == nowhere.content
    assert reason(stranger.accept(notice.number)) == (404, "not_found")
    assert reason(stranger.send_back(notice.number)) == (404, "not_found")
    assert kinds(notice) == ["entered", "sent"]


@pytest.mark.parametrize("number", ["１２３４５６７８９０１２", "12345678901\0", "x", "-1"])
def test_an_invalid_notice_number_is_not_found(number: str) -> None:
    assert reason(System().get(f"/{number}")) == (404, "not_found")


def test_a_web_link_notice_is_not_found() -> None:
    notice = answered()
    Notice.objects.filter(id=notice.id).update(channel="weblink", written_at=notice.created_at)
    assert reason(System().get(f"/{notice.number}")) == (404, "not_found")


def test_a_draft_is_not_found() -> None:
    assert reason(System().get(f"/{answered().number}")) == (404, "not_found")


def test_an_undelivered_notice_can_be_fetched_and_accepted() -> None:
    notice, system = enter_notice(answered()), System()
    Notice.objects.filter(id=notice.id).update(status=Status.UNDELIVERED)
    assert system.get(f"/{notice.number}").json()["status"] == "sent"
    assert system.accept(notice.number).status_code == 200
    assert kinds(notice) == ["entered", "sent", "opened", "accepted"]


def test_an_answer_before_the_delivery_is_recorded_counts() -> None:
    """The push went out, its answer was lost, and the provider's system has accepted already."""
    notice, system = enter_notice(answered()), System()
    assert system.accept(notice.number).json()["status"] == "accepted"
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert (notice.status, notice.due_at) == (Status.ACCEPTED, None)


def test_the_same_idempotency_key_gives_the_same_answer_whatever_came_after() -> None:
    notice, system = sent(), System()
    first = system.send_back(notice.number, "なおしてください", once="k-1")
    replace_notice(Notice.objects.get(id=notice.id))
    again = system.send_back(notice.number, "なおしてください", once="k-1")
    assert (again.status_code, again.content) == (200, first.content)
    assert reason(system.send_back(notice.number, "なおしてください", once="k-2")) == (409, "replaced")


def test_the_same_idempotency_key_with_something_else_is_refused() -> None:
    notice, other, system = sent(), sent(), System()
    system.accept(notice.number, "A-1", once="k-1")
    assert reason(system.accept(notice.number, "A-2", once="k-1")) == (422, "idempotency_key_used")
    assert reason(system.accept(other.number, "A-1", once="k-1")) == (422, "idempotency_key_used")
    assert reason(system.accept(other.number, "A-1", once="k" * 201)) == (422, "bad_idempotency_key")
    assert System("yokosuka-water").accept(notice.number, "A-1", once="k-1").status_code == 404


def test_concurrent_requests_under_one_key_get_one_response(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other's answer is kept between our look and our own keeping."""
    notice, system = sent(), System()
    first = system.accept(notice.number, once="k-1")
    looks = iter([False, True])
    really = idempotency._kept
    monkeypatch.setattr(idempotency, "_kept", lambda *asked: really(*asked) if next(looks) else None)
    second = system.accept(notice.number, once="k-1")
    assert (second.status_code, second.content) == (200, first.content)


def test_a_call_that_failed_does_not_use_its_idempotency_key_up() -> None:
    notice, system = sent(), System()
    withdraw_notice(notice)
    assert reason(system.accept(notice.number, once="k-1")) == (409, "withdrawn")
    assert system.accept(sent().number, once="k-1").status_code == 200


NESTED = b'{"receipt_number": ' + b"[" * 8_000 + b"]" * 8_000 + b"}"


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b" ", (400, "bad_json")),
        (b"{", (400, "bad_json")),
        (b"[]", (400, "bad_json")),
        (b'"A-1"', (400, "bad_json")),
        (b'\xef\xbb\xbf{"receipt_number": "A-1"}', (400, "bad_json")),
        (b'{"receipt_number": "\xff"}', (400, "bad_json")),
        (b'{"receipt_number": "A-1", "receipt_number": "A-2"}', (400, "bad_json")),
        (b'{"receipt_number": NaN}', (400, "bad_json")),
        (NESTED, (400, "bad_json")),
        (b"{}", (422, "bad_field")),
        (b'{"receipt_number": null}', (422, "bad_field")),
        (b'{"receipt_number": 1}', (422, "bad_field")),
        (b'{"receipt_number": ""}', (422, "bad_field")),
        (b'{"receipt_number": " "}', (422, "bad_field")),
        (b'{"receipt_number": "A-1\\n"}', (422, "bad_field")),
        (b'{"receipt_number": "A\\u200b1"}', (422, "bad_field")),
        (b'{"receipt_number": "A\\u00001"}', (422, "bad_field")),
        (b'{"receipt_number": "\\ud800"}', (422, "bad_field")),
        (b'{"receipt_number": "' + b"9" * 41 + b'"}', (422, "bad_field")),
        (b'{"receipt_number": "A-1", "more": 1}', (422, "bad_field")),
        (b'{"\\ud800": 1}', (422, "bad_field")),
        (b" " * 17_000, (413, "too_large")),
    ],
)
def test_a_bad_body_is_refused_and_changes_nothing(body: bytes, refused: tuple[int, str]) -> None:
    notice = sent()
    assert reason(System().post(f"/{notice.number}/accept", body)) == refused
    assert kinds(notice) == ["entered", "sent"]


def test_a_form_body_is_refused() -> None:
    assert reason(System().post(f"/{sent().number}/accept", b"a=1", kind="text/plain")) == (415, "not_json")


def test_a_reason_may_have_several_lines() -> None:
    notice = sent()
    assert System().send_back(notice.number, "一行目\n二行目").json()["reason"] == "一行目\n二行目"
