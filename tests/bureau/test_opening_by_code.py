"""The mover lets the bureau open a notice: by six digits made in the book and read out, used once, ended at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import handed_out_key
from renrakucho.mover.models import Book
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt import bureau_opening
from renrakucho.receipt.bureau_opening import (
    OpeningRefused,
    ask_opening,
    code_until,
    end_code,
    end_opening,
    forget_old_codes,
    make_code,
    open_by_code,
    read_opened_notice,
)
from renrakucho.receipt.disclosure import disclosure_of
from renrakucho.receipt.models import BureauOpening, OpeningCode
from tests import cast
from tests.book.opened import open_book_of
from tests.bureau.cast import at_bureau
from tests.desk.cast import WATER, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
REASON = "お客さまから電話があり、伝えた日を確かめるため"


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(OpeningRefused) as error:
        action()
    return error.value.reason


def after(monkeypatch: pytest.MonkeyPatch, **by: int) -> None:
    """Let this time have passed."""
    now = timezone.now() + timedelta(**by)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_right_code_opens_this_one_notice_to_this_one_operator() -> None:
    first, second, notice = at_bureau(login_id="first"), at_bureau(login_id="second"), sent()
    code = make_code(notice.book)
    opening = open_by_code(first, notice, REASON, code)
    assert "髙﨑" in "".join(line.shown for line in read_opened_notice(first, opening).lines)
    assert refused(lambda: read_opened_notice(second, opening)) == "not_yours"
    assert opening.approved_at
    assert opening.ends_at - opening.approved_at == timedelta(minutes=30)


def test_a_code_is_used_once_and_a_second_press_changes_nothing() -> None:
    first, second, notice = at_bureau(login_id="first"), at_bureau(login_id="second"), sent()
    code = make_code(notice.book)
    opening = open_by_code(first, notice, REASON, code)
    assert open_by_code(first, notice, REASON, code) == opening
    assert refused(lambda: open_by_code(second, notice, REASON, code)) == "wrong_code"
    assert Mail.objects.filter(kind=MailKind.OPENED_WITH_CODE).count() == 1


def test_a_code_opens_no_other_book() -> None:
    staff, notice = at_bureau(), sent()
    other = cast.book([WATER], contact__email="another@example.jp")
    assert refused(lambda: open_by_code(staff, notice, REASON, make_code(other))) == "wrong_code"


def test_five_wrong_tries_end_the_code() -> None:
    staff, notice = at_bureau(), sent()
    code = make_code(notice.book)
    for _try in range(5):
        assert refused(lambda: open_by_code(staff, notice, REASON, wrong(code))) == "wrong_code"
    assert refused(lambda: open_by_code(staff, notice, REASON, code)) == "wrong_code"
    assert code_until(notice.book) is None


def test_without_the_count_an_operator_could_guess_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant."""
    staff, notice = at_bureau(), sent()
    code = make_code(notice.book)
    monkeypatch.setattr(bureau_opening, "MOST_TRIES", 10**6)
    for _try in range(9):
        refused(lambda: open_by_code(staff, notice, REASON, wrong(code)))
    assert open_by_code(staff, notice, REASON, code)


def test_a_code_holds_for_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    staff, notice = at_bureau(), sent()
    code = make_code(notice.book)
    after(monkeypatch, minutes=15, seconds=1)
    assert refused(lambda: open_by_code(staff, notice, REASON, code)) == "wrong_code"
    assert forget_old_codes(timezone.now()) == 1


def test_a_new_code_ends_the_old_one_and_the_mover_takes_it_back() -> None:
    staff, notice = at_bureau(), sent()
    old, new = make_code(notice.book), make_code(notice.book)
    if old != new:  # once in a million
        assert refused(lambda: open_by_code(staff, notice, REASON, old)) == "wrong_code"
    end_code(notice.book)
    assert refused(lambda: open_by_code(staff, notice, REASON, new)) == "wrong_code"


def test_no_code_is_kept_as_it_is() -> None:
    book = sent().book
    code = make_code(book)
    assert code not in str(list(OpeningCode.objects.values()))
    assert re.fullmatch(r"[0-9a-f]{64}", OpeningCode.objects.get(book=book).code_hash)


def test_a_wrong_code_stays_in_the_log_and_the_disclosure() -> None:
    staff, notice = at_bureau(), sent()
    refused(lambda: open_by_code(staff, notice, REASON, wrong(make_code(notice.book))))
    assert AuditEntry.objects.filter(deed="opening_refused", number=notice.number, staff=staff).count() == 1
    (told,) = disclosure_of(notice.book).notices
    assert [event.kind for event in told.events if event.role == "operator"] == ["opening_refused"]


def test_the_mover_ends_it_at_once_and_that_is_disclosed_and_mailed() -> None:
    staff, notice = at_bureau(), sent()
    opening = open_by_code(staff, notice, REASON, make_code(notice.book))
    read_opened_notice(staff, opening)
    assert [end_opening(notice.book, opening.id), end_opening(notice.book, opening.id)] == [True, False]
    assert refused(lambda: read_opened_notice(staff, opening)) == "ended"
    (told,) = disclosure_of(notice.book).notices
    events = [(event.kind, event.entity, event.means) for event in told.events if event.kind.startswith("open")]
    assert events == [
        ("opening_by_code", "", REASON),
        ("opened_by_bureau", "", REASON),
        ("opening_ended", "mover", ""),
    ]
    text = read_mail(Mail.objects.get(kind=MailKind.OPENED_WITH_CODE))["text"]
    assert "お客さまがお伝えになった番号" in text
    assert "髙﨑" not in text


def test_the_mover_ends_a_request_that_waits_for_a_second_person() -> None:
    staff, notice = at_bureau(login_id="first"), sent()
    opening = ask_opening(staff, notice, REASON)
    assert end_opening(notice.book, opening.id)
    second = at_bureau(login_id="second")
    opening.refresh_from_db()
    assert refused(lambda: bureau_opening.approve_opening(second, opening)) == "ended"


def test_another_books_mover_ends_nothing() -> None:
    staff, notice = at_bureau(), sent()
    opening = open_by_code(staff, notice, REASON, make_code(notice.book))
    other = cast.book([WATER], contact__email="another@example.jp")
    assert not end_opening(other, opening.id)
    assert read_opened_notice(staff, opening).lines


def test_only_operators_open_by_a_code() -> None:
    notice = sent()
    code = make_code(notice.book)
    watcher = at_bureau("watcher")
    assert refused(lambda: open_by_code(watcher, notice, REASON, code)) == "not_allowed"
    assert seated(watcher).post("/bureau/acts/open-by-code", {"code": code}).status_code == 403
    assert OpeningCode.objects.get(book=notice.book).tries == 0


@pytest.mark.parametrize("changed", [{"by_code": False}, {"approved_at": None}, {"approved_by": "second"}])
def test_the_database_itself_wants_one_way_of_approval(changed: dict[str, object]) -> None:
    staff, second, notice = at_bureau(login_id="first"), at_bureau(login_id="second"), sent()
    opening = open_by_code(staff, notice, REASON, make_code(notice.book))
    changed = {name: second if value == "second" else value for name, value in changed.items()}
    with pytest.raises(IntegrityError):
        BureauOpening.objects.filter(id=opening.id).update(**changed)


def shown_code(page: str) -> str:
    return "".join(re.findall(r'class="access-key number">(\d{3}) (\d{3})<', page)[0])


def mover_with_a_notice(client: Client) -> Notice:
    """A notice that was sent, of the book that is open in this browser."""
    notice = sent()
    book = Book.objects.get(id=notice.book_id)
    client.post("/book/login", {"email": cast.EMAIL, "access_key": handed_out_key(book)})
    return notice


def test_mover_and_operator_do_it_on_their_pages(client: Client) -> None:
    notice = mover_with_a_notice(client)
    page = client.post("/book/bureau", {"act": "make"}, follow=True).text
    code = shown_code(page)
    assert shown_code(client.post("/book/bureau", {"act": "make"}, follow=True).text) == code  # a second press
    operator = seated(at_bureau())
    typed = {"number": notice.number, "reason": REASON, "code": f"{code[:3]} {code[3:]}"}
    asked = operator.post("/bureau/acts/open-by-code", typed).content.decode()
    assert "番号が合えば" in asked
    assert not BureauOpening.objects.exists()
    done = operator.post("/bureau/acts/open-by-code", {**typed, "confirmed": "yes"}, follow=True).content.decode()
    assert "開けるようになりました" in done
    opening = BureauOpening.objects.get()
    assert "髙﨑" in operator.get(f"/bureau/openings/{opening.id}").content.decode()
    mine = client.get("/book/openings").text
    assert REASON in mine
    assert "いま、事務局の1人が読めます" in mine
    ended = client.post("/book/bureau", {"act": "end", "opening": str(opening.id)}, follow=True).text
    assert "もう読めません" in ended
    assert "あなたが終わらせました" in ended
    back = operator.get(f"/bureau/openings/{opening.id}", follow=True).content.decode()
    assert "お客さまが終わらせました" in back
    assert "髙﨑" not in back


def test_the_operators_page_says_what_to_do_about_a_wrong_code(client: Client) -> None:
    notice = mover_with_a_notice(client)
    code = shown_code(client.post("/book/bureau", {"act": "make"}, follow=True).text)
    typed = {"number": notice.number, "reason": REASON, "code": wrong(code), "confirmed": "yes"}
    page = seated(at_bureau()).post("/bureau/acts/open-by-code", typed)
    assert page.status_code == 422
    assert "もう一度読んでもらうか、新しく作ってもらって" in page.content.decode()
    assert REASON in page.content.decode()


def test_the_code_is_shown_where_it_was_made_alone_and_can_be_taken_back(client: Client) -> None:
    notice = mover_with_a_notice(client)
    client.post("/book/bureau", {"act": "make"})
    assert code_until(notice.book)
    other = Client()
    other.post("/book/login", {"email": cast.EMAIL, "access_key": handed_out_key(notice.book)})
    assert "ほかの端末で作った番号" in other.get("/book/bureau").text
    assert "番号を取り消しました" in client.post("/book/bureau", {"act": "take-back"}, follow=True).text
    assert code_until(notice.book) is None


def test_an_unreadable_opening_ends_nothing(client: Client) -> None:
    mover_with_a_notice(client)
    assert client.post("/book/bureau", {"act": "end", "opening": "x"}).status_code == 302


def test_a_book_that_told_nothing_has_nothing_to_show(client: Client) -> None:
    open_book_of(client, [WATER])
    assert "見てもらうものがありません" in client.get("/book/bureau").text
