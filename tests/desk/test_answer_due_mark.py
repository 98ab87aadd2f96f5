"""The list of a desk marks what has to be answered today, and what is late; the mover's page says whom to call."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.faces.desk.list.notice_list import _due_code
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.sheet.window import JAPAN
from tests.book.opened import latest_notice, open_book_of, page_text
from tests.desk.cast import clerk, seated, sent
from tests.receipt.cast import answers_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

START = "water:start:akishima-water"
TODAY, LATE = "きょうが返事の期限", "返事の期限を過ぎています"


@pytest.mark.parametrize(
    ("due_in", "mark"),
    [(timedelta(days=2), ""), (timedelta(seconds=-1), LATE), (timedelta(days=-3), LATE)],
    ids=["later", "just late", "late"],
)
def test_the_list_marks_how_near_an_answer_is_due(due_in: timedelta, mark: str) -> None:
    Notice.objects.filter(id=sent().id).update(answer_due_at=timezone.now() + due_in)
    shown = seated(clerk()).get("/desk/").content.decode()
    assert [text for text in (TODAY, LATE) if text in shown] == ([mark] if mark else [])


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2026-12-02T23:59", ""),
        ("2026-12-03T00:00", "today"),
        ("2026-12-03T14:59", "today"),
        ("2026-12-03T15:00", "late"),
    ],
)
def test_the_mark_goes_by_the_day_and_then_by_the_hour(now: str, code: str) -> None:
    due_at, moment = (datetime.fromisoformat(text).replace(tzinfo=JAPAN) for text in ("2026-12-03T15:00", now))
    assert _due_code(Notice(status=Status.SENT, answer_due_at=due_at), moment) == code
    assert _due_code(Notice(status=Status.ACCEPTED, answer_due_at=due_at), moment) == ""


@pytest.mark.parametrize("is_late", [True, False])
def test_the_movers_page_says_whom_to_call_once_the_answer_is_late(client: Client, is_late: bool) -> None:
    notice = latest_notice(open_book_of(client, [START]), START)
    keep_draft(notice, answers=answers_of(notice))
    enter_notice(notice)
    deliver_due_notices("test")
    phone_at = timezone.now() + timedelta(days=-1 if is_late else 1)
    Notice.objects.filter(id=notice.id).update(phone_at=phone_at)
    shown = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert ("まだ返事がありません" in shown) == is_late
    assert ("受け付けられているか教えてください" in shown) == is_late
    assert ("お電話でのご確認をメールでお願いします" in shown) == (not is_late)
