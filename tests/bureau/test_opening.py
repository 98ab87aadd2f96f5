"""The bureau opens a notice: a reason, two people, half an hour, one notice; audited, mailed and disclosed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from renrakucho.faces.bureau.urls import urlpatterns
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover import book as mover_book
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import Staff, StaffRole
from renrakucho.receipt.bureau_opening import OpeningRefused, approve_opening, ask_opening, read_opened_notice
from renrakucho.receipt.disclosure import disclosure_of
from renrakucho.receipt.models import BureauOpening
from tests import cast
from tests.bureau.cast import at_bureau
from tests.desk.cast import seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
REASON = "事業者から、届いた様式が空だと連絡があったため"


def two() -> tuple[Staff, Staff]:
    return at_bureau(login_id="first"), at_bureau(login_id="second", name="鈴木")


def refused(action: Any, *given: Any) -> str:
    with pytest.raises(OpeningRefused) as error:
        action(*given)
    return error.value.reason


def asked() -> tuple[Staff, Staff, BureauOpening]:
    first, second = two()
    return first, second, ask_opening(first, sent(), REASON)


def later(opening: BureauOpening, **by: int) -> None:
    BureauOpening.objects.filter(id=opening.id).update(ends_at=timezone.now() - timedelta(**by))


def test_nobody_reads_before_another_operator_has_approved() -> None:
    first, second, opening = asked()
    assert refused(read_opened_notice, first, opening) == "not_approved"
    assert refused(approve_opening, first, opening) == "same_person"
    approve_opening(second, opening)
    assert "髙﨑" in "".join(line.shown for line in read_opened_notice(first, opening).lines)
    assert refused(read_opened_notice, second, opening) == "not_yours"


def test_the_database_itself_wants_two_people() -> None:
    """The mutant: with the check in the code taken away, the row is refused still."""
    first, _second, opening = asked()
    opening.approved_by, opening.approved_at = first, timezone.now()
    with pytest.raises(IntegrityError):
        opening.save()


def test_it_ends_after_half_an_hour() -> None:
    first, second, opening = asked()
    approve_opening(second, opening)
    opening.refresh_from_db()
    assert opening.approved_at
    assert opening.ends_at - opening.approved_at == timedelta(minutes=30)
    later(opening, seconds=1)
    assert refused(read_opened_notice, first, opening) == "expired"


def test_without_the_time_limit_it_would_be_read_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant."""
    first, second, opening = asked()
    approve_opening(second, opening)
    later(opening, days=1)
    monkeypatch.setattr(BureauOpening, "is_over", lambda self, now: False)
    assert read_opened_notice(first, opening).lines


def test_a_request_that_nobody_approved_for_a_day_is_over() -> None:
    _first, second, opening = asked()
    assert opening.ends_at - opening.asked_at == timedelta(hours=24)
    later(opening, seconds=1)
    assert refused(approve_opening, second, opening) == "expired"


@pytest.mark.parametrize("role", [StaffRole.WATCHER, StaffRole.AUDITOR])
def test_only_operators_ask_approve_or_read(role: StaffRole) -> None:
    _first, second, opening = asked()
    other = at_bureau(role, login_id="other")
    assert refused(ask_opening, other, opening.notice, REASON) == "not_allowed"
    assert refused(approve_opening, other, opening) == "not_allowed"
    approve_opening(second, opening)
    assert refused(read_opened_notice, other, opening) == "not_allowed"


def test_an_operators_account_that_was_closed_opens_nothing() -> None:
    first, second, opening = asked()
    approve_opening(second, opening)
    first.is_active = False
    assert refused(read_opened_notice, first, opening) == "not_allowed"


def test_a_desk_opens_nothing_whatever_its_role() -> None:
    first, _second, opening = asked()
    first.provider = opening.notice.provider
    assert refused(ask_opening, first, opening.notice, REASON) == "not_allowed"


def test_a_reason_is_kept_up_to_two_hundred_characters() -> None:
    opening = ask_opening(two()[0], sent(), "い" * 201)
    opening.refresh_from_db()
    assert opening.reason == "い" * 200


def test_nothing_that_was_not_told_is_opened() -> None:
    first, _second = two()
    assert refused(ask_opening, first, cast.notice("water:start:akishima-water"), REASON) == "not_written"


def test_a_second_press_changes_nothing() -> None:
    first, second, opening = asked()
    assert ask_opening(first, opening.notice, "another") == opening
    for _press in range(2):
        approve_opening(second, opening)
    assert Mail.objects.filter(kind=MailKind.OPENED_BY_BUREAU).count() == 1


def test_each_step_is_audited_mailed_and_disclosed() -> None:
    first, second, opening = asked()
    approve_opening(second, opening)
    for _time in range(2):
        read_opened_notice(first, opening)
    steps = ["opening_asked", "opening_approved", "opened_by_bureau", "opened_by_bureau"]
    entries = AuditEntry.objects.filter(number=opening.notice.number, provider="").order_by("id")
    assert [entry.deed for entry in entries] == steps
    (told,) = disclosure_of(opening.notice.book).notices
    events = [event for event in told.events if event.entity == ""]
    assert [(event.kind, event.role, event.means) for event in events] == [(step, "operator", REASON) for step in steps]
    text = read_mail(Mail.objects.get(kind=MailKind.OPENED_BY_BUREAU))["text"]
    assert "30分" in text
    assert "髙﨑" not in text


def press(browser: Client, act: str, **typed: str) -> str:
    return browser.post(f"/bureau/acts/{act}", {**typed, "confirmed": "yes"}, follow=True).content.decode()


def test_two_operators_do_it_on_their_pages() -> None:
    first, second = (seated(staff) for staff in two())
    notice = sent()
    assert "申請しました" in press(first, "open", number=notice.number, reason=REASON)
    opening = BureauOpening.objects.get()
    assert "待っています" in first.get("/bureau/openings").content.decode()
    assert "ご自分の申請は認められません" in press(first, "approve-opening", opening=str(opening.id))
    assert "認める</button>" in second.get("/bureau/openings").content.decode()
    shown = second.post("/bureau/acts/approve-opening", {"opening": str(opening.id)}).content.decode()
    assert REASON in shown
    assert "認めました" in press(second, "approve-opening", opening=str(opening.id))
    page = first.get(f"/bureau/openings/{opening.id}")
    assert "髙﨑" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "髙﨑" not in second.get(f"/bureau/openings/{opening.id}", follow=True).content.decode()


def test_no_other_page_of_the_bureau_opens_sealed_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a book is unsealed while every page of the bureau is walked, by its own table of addresses."""
    notice = sent()
    browser = seated(at_bureau())

    def refuse(*given: object) -> object:
        raise AssertionError("sealed content was opened")

    monkeypatch.setattr(mover_book, "_key", refuse)
    with pytest.raises(AssertionError):
        mover_book.entries_of(notice.book)
    walked = 0
    for pattern in urlpatterns:
        if set(pattern.pattern.converters) - {"provider"}:
            continue
        path = f"/bureau/{pattern.pattern}".replace("<str:provider>", notice.provider)
        for query in ("", f"?number={notice.number}"):
            assert browser.get(path + query).status_code in (200, 302, 405, 422), path
            walked += 1
    assert walked > 20
