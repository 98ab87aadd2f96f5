"""Answering by the code on the page: for one notice, by whoever has the paper, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.answer import paper_page
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.answer_code import cleaned_answer_code, new_answer_code
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.page.code_limits import CODE_LIMITS
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.receipt.evidence import evidence_of
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import receipt_number_of
from tests.answer.cast import code_of, on_paper, post, read
from tests.desk.cast import confidential
from tests.receipt.cast import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def kinds(notice: Notice) -> list[str]:
    return list(notice.receipts.order_by("id").values_list("kind", flat=True))


def test_opening_by_code_is_recorded_once(client: Client) -> None:
    notice, code = on_paper()
    for _time in range(2):
        status, page = read(client, f"/a/{code}")
        assert status == 200
        assert f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}" in page
        assert frozen_form(notice).title in page
    assert kinds(notice) == ["entered", "sent", "opened"]


def test_nothing_of_the_mover_is_shown(client: Client) -> None:
    notice, code = on_paper()
    _status, page = read(client, f"/a/{code}")
    told = [line.shown for line in frozen_form(notice).visible_lines() if len(line.shown) > 3]
    assert told
    assert [text for text in told if text in page] == []


def test_a_receipt_number_accepts_and_the_mover_is_told(client: Client) -> None:
    notice, code = on_paper()
    status, page = post(client, f"/a/{code}/accept", number="昭水-42")
    assert status == 200
    assert "昭水-42" in page
    notice.refresh_from_db()
    assert (notice.status, receipt_number_of(notice)) == (Status.ACCEPTED, "昭水-42")
    assert notice_view(notice).receipt_number == "昭水-42"
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE, about=notice.id).count() == 1
    accepted = notice.receipts.get(kind=ReceiptKind.ACCEPTED)
    assert (accepted.by, accepted.staff, evidence_of(accepted, notice).stored()["by"]) == (
        "provider",
        None,
        "answer code",
    )


def test_a_reason_returns_the_notice(client: Client) -> None:
    notice, code = on_paper()
    status, page = post(client, f"/a/{code}/return", reason="番号がちがいます。\r\nお確かめください。")
    assert status == 200
    assert "番号がちがいます。" in page
    notice.refresh_from_db()
    assert notice.status == Status.RETURNED
    assert notice_view(notice).reason == "番号がちがいます。\nお確かめください。"


def test_a_repeated_answer_changes_nothing(client: Client) -> None:
    notice, code = on_paper()
    for _time in range(2):
        assert post(client, f"/a/{code}/accept", number="1")[0] == 200
    assert kinds(notice).count("accepted") == 1


def test_a_second_different_answer_is_refused_and_shown(client: Client) -> None:
    notice, code = on_paper()
    post(client, f"/a/{code}/accept", number="正-1")
    for address, typed in (("accept", {"number": "誤-2"}), ("return", {"reason": "誤-2"})):
        status, page = post(client, f"/a/{code}/{address}", **typed)
        assert status == 409
        assert "正-1" in page
        assert "誤-2" in page, "nothing typed is lost"
    notice.refresh_from_db()
    assert receipt_number_of(notice) == "正-1"


def test_a_second_different_reason_on_paper_is_refused(client: Client) -> None:
    _notice, code = on_paper()
    post(client, f"/a/{code}/return", reason="さき")
    status, page = post(client, f"/a/{code}/return", reason="あと")
    assert status == 409
    assert "さき" in page


def test_a_withdrawn_notice_takes_no_answer_by_code(client: Client) -> None:
    notice, code = on_paper()
    withdraw_notice(notice)
    status, page = read(client, f"/a/{code}")
    assert status == 200
    assert page.index("取り消しました") < page.index("<h1>")
    assert "<form" not in page
    assert post(client, f"/a/{code}/accept", number="1")[0] == 409
    notice.refresh_from_db()
    assert notice.status == Status.WITHDRAWN


def test_a_replaced_notice_names_the_new_one(client: Client) -> None:
    old, code = on_paper()
    new = replace_notice(old)
    _status, page = read(client, f"/a/{code}")
    assert new.number[:4] in page
    assert "この紙では手続をしないでください" in page
    assert post(client, f"/a/{code}/accept", number="1")[0] == 409
    assert read(client, f"/a/{code_of(new)}")[0] == 200


def test_an_expired_code_shows_the_notice_and_takes_no_answer(client: Client) -> None:
    notice, code = on_paper()
    Notice.objects.update(return_until=timezone.now() - timedelta(minutes=1))
    status, page = read(client, f"/a/{code}")
    assert status == 200
    assert "期限が過ぎました" in page
    assert post(client, f"/a/{code}/accept", number="1")[0] == 409
    assert post(client, f"/a/{code}/return", reason="1")[0] == 409
    notice.refresh_from_db()
    assert notice.status == Status.SENT


@pytest.mark.parametrize("status", [Status.ENTERED, Status.UNDELIVERED])
def test_opening_by_code_proves_that_an_undelivered_notice_arrived(client: Client, status: Status) -> None:
    notice = enter_notice(answered())
    Notice.objects.filter(id=notice.id).update(status=status)
    read(client, f"/a/{code_of(notice)}")
    notice.refresh_from_db()
    assert notice.status == Status.SENT
    assert kinds(notice) == ["entered", "sent", "opened"]


def test_a_head_request_does_not_open_the_notice(client: Client) -> None:
    notice, code = on_paper()
    assert client.head(f"/a/{code}").status_code == 200
    assert "opened" not in kinds(notice)


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        lambda code: f" {code[:5]}-{code[5:]} ",
        lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code),
        lambda code: f"https://portal.example/a/{code}",
        lambda code: f"{code[:4]} {code[4:8]}ー{code[8:]}",
    ],
)
def test_a_code_may_be_typed_in_other_case_and_width(client: Client, write: object) -> None:
    _notice, code = on_paper()
    status, page = post(client, "/a", code=write(code))  # type: ignore[operator]
    assert status == 200
    assert "受理する" in page


@pytest.mark.parametrize("typed", ["", "k7m2p9qx4", "k7m2p9qx4d5", "k7m2p9qxl0", "　", "x" * 500])
def test_an_invalid_code_is_explained_at_its_field(client: Client, typed: str) -> None:
    assert cleaned_answer_code(typed) is None
    status, page = post(client, "/a", code=typed)
    assert status == 422
    assert 'aria-invalid="true"' in page


def test_an_unknown_code_is_not_found_and_stays_typed(client: Client) -> None:
    status, page = read(client, "/a/k7m2p9qx4d")
    assert status == 404
    assert "k7m2p9qx4d" in page
    assert "見つかりません" in page


def test_a_return_ticket_is_not_an_answer_code(client: Client) -> None:
    """The mover holds the ticket of a web link, and must not be able to answer as the provider."""
    notice, code = on_paper()
    assert read(client, f"/return/{code}")[0] == 404
    assert notice.return_hash


def test_tries_of_a_code_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CODE_LIMITS, "/a/", replace(CODE_LIMITS["/a/"], limit=3))
    _notice, code = on_paper()
    assert [client.get(f"/a/{code}").status_code for _right in range(5)] == [200] * 5
    assert [client.get(f"/a/{new_answer_code()}").status_code for _try in range(3)] == [404] * 3
    assert client.get(f"/a/{code}").status_code == 429


def test_an_invalid_answer_is_explained_and_stays_in_its_field(client: Client) -> None:
    notice, code = on_paper()
    for address, name, typed, shown in (
        ("accept", "number", "", 'value=""'),
        ("accept", "number", "1" * 41, f'value="{"1" * 41}"'),
        ("accept", "number", "1\x072", 'value="1\x072"'),
        ("return", "reason", " ", "\n </textarea>"),
        ("return", "reason", "ベル\x07", "ベル\x07</textarea>"),
    ):
        status, page = post(client, f"/a/{code}/{address}", **{name: typed})
        assert status == 422
        assert 'aria-invalid="true"' in page
        assert shown in page
    notice.refresh_from_db()
    assert notice.status == Status.SENT


def test_the_page_is_neither_cached_nor_indexed(client: Client) -> None:
    _notice, code = on_paper()
    answer = client.get(f"/a/{code}")
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in answer.content.decode()


def test_an_answer_needs_a_csrf_token() -> None:
    notice, code = on_paper()
    forged = Client(enforce_csrf_checks=True)
    assert forged.post(f"/a/{code}/accept", {"number": "1"}).status_code == 403
    notice.refresh_from_db()
    assert notice.status == Status.SENT


def test_codes_are_ten_unambiguous_characters() -> None:
    codes = {new_answer_code() for _code in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {10}
    assert not set("".join(codes)) & set("01ilo")


def test_a_confidential_notice_asks_whoever_has_the_code_for_a_reason(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = confidential()
    code, title = code_of(notice), frozen_form(notice).title
    status, page = read(client, f"/a/{code}")
    assert (status, title in page) == (200, False)
    assert kinds(notice) == ["entered", "sent"]
    for wrong in ({}, {"reason": "curious"}):
        assert post(client, f"/a/{code}", **wrong)[0] == 422
    for act in ("accept", "return"):
        assert title not in post(client, f"/a/{code}/{act}")[1]
    _status, page = post(client, f"/a/{code}", reason="procedure")
    assert title in page
    entry = AuditEntry.objects.get(deed=AuditAction.REASON_GIVEN)
    assert (entry.provider, entry.number, entry.word) == (notice.provider, notice.number, "procedure")
    later = entry.done_at + timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert title not in read(client, f"/a/{code}")[1]


def test_without_the_lock_the_code_alone_shows_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: no reason is asked for."""
    notice = confidential()
    monkeypatch.setattr(paper_page, "_is_locked", lambda _notice: False)
    assert frozen_form(notice).title in read(client, f"/a/{code_of(notice)}")[1]
