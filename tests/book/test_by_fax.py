"""The notice page of a fax: what is known of it, and what to do where it did not arrive."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.receipt.answer_by_code import answer_by_code, mark_paper_seen
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import enter_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.book.opened import latest_notice, open_book_of, own_items, page_text
from tests.delivery.cast import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

WATER = "water:start:akishima-water"
DONE, REFUSED = ("DONE", ""), ("FAILED", "REJECT: no")


def entered(client: Client) -> Notice:
    """Enter a notice of the book that is open in this browser."""
    notice = latest_notice(open_book_of(client, [WATER]), WATER)
    keep_draft(notice, answers=own_items(notice))
    return enter_notice(notice)


def deliver_for_a_day(count: int) -> None:
    for half_days in range(count):
        deliver_due_notices("test", now=timezone.now() + timedelta(hours=12 * half_days))


def notice_page(client: Client, notice: Notice) -> str:
    return page_text(client.get(f"/book/notices/{notice.id}/"))


def spoken_number(notice: Notice) -> str:
    return f"{notice.number[:4]}-{notice.number[4:8]}-{notice.number[8:]}"


def test_an_undelivered_notice_says_whom_to_call_and_what_to_say(settings: Any, tmp_path: Path, client: Client) -> None:
    with office(settings, tmp_path, REFUSED):
        notice = entered(client)
        deliver_for_a_day(3)
    notice.refresh_from_db()
    assert notice.status == Status.UNDELIVERED
    mail = read_mail(Mail.objects.get(kind=MailKind.UNDELIVERED))
    phones = notice_view(notice).card.phones
    assert phones
    for page in (mail["text"], notice_page(client, notice)):
        assert phones[0] in page
        assert spoken_number(notice) in page
        assert "電話で手続をお願いします" in page
    assert "お電話で伝える内容" in notice_page(client, notice)
    long_texts = [line.shown for line in frozen_form(notice).visible_lines() if len(line.shown) > 3]
    assert long_texts
    assert not [text for text in long_texts if text in mail["text"]]
    assert "水道の開始" in mail["subject"]
    assert spoken_number(notice) not in mail["subject"]


def test_a_lost_withdrawal_says_whom_to_call(settings: Any, tmp_path: Path, client: Client) -> None:
    with office(settings, tmp_path, DONE, REFUSED):
        notice = entered(client)
        deliver_for_a_day(2)
        withdraw_notice(notice)
        deliver_for_a_day(3)
    assert notice.receipts.filter(kind=ReceiptKind.WITHDRAWAL_UNDELIVERED).exists()
    for page in (
        read_mail(Mail.objects.get(kind=MailKind.WITHDRAWAL_UNDELIVERED))["text"],
        notice_page(client, notice),
    ):
        assert notice_view(notice).card.phones[0] in page
        assert spoken_number(notice) in page
        assert "取り消します" in page


def test_a_notice_that_waits_for_a_verified_number_says_so(settings: Any, tmp_path: Path, client: Client) -> None:
    with office(settings, tmp_path, proved=False):
        notice = entered(client)
        deliver_for_a_day(1)
        assert "まだ何も送っていません" in notice_page(client, notice)


def test_a_fax_under_way_is_not_shown_as_arrived(settings: Any, tmp_path: Path, client: Client) -> None:
    with office(settings, tmp_path, ("ACTIVE", "")):
        notice = entered(client)
        deliver_for_a_day(1)
        page = notice_page(client, notice)
    assert "FAXで送っています。届いたかどうかは、まだ分かりません" in page
    assert "届けました" not in page


def test_an_answer_by_the_code_is_in_the_notices_history(settings: Any, tmp_path: Path, client: Client) -> None:
    with office(settings, tmp_path, DONE):
        notice = entered(client)
        deliver_for_a_day(2)
    mark_paper_seen(notice)
    answer_by_code(notice, ProviderAnswer("昭水-42"))
    page = notice_page(client, notice)
    assert "事業者に届けました FAX" in " ".join(page.split())
    assert "事業者が開きました（紙にある回答コードから）" in page
    assert "事業者が受理しました（紙にある回答コードから）" in page
    assert "昭水-42" in page
