"""「本人に覚えがないと申告」 at the desk."""

import pytest
from django.utils import timezone

from renrakucho.mover.book import disavow_book
from renrakucho.receipt.mover_actions import withdraw_notice
from tests.desk.cast import clerk, seated, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

SAID = "本人に覚えがないと申告がありました"


def test_an_accepted_notice_is_recalled_until_a_clerk_looks_and_says_why() -> None:
    notice, staff = sent(), clerk()
    accept_notice(notice, staff, "A-1")
    client = seated(staff)
    assert "手続を止めてください" not in client.get("/desk/").content.decode()
    disavow_book(notice.book, timezone.now())
    assert "手続を止めてください" in client.get("/desk/").content.decode()
    assert SAID in client.get(f"/desk/notices/{notice.id}/").content.decode()
    assert "手続を止めてください" not in client.get("/desk/").content.decode()


def test_a_withdrawn_notice_says_who_reported_it() -> None:
    notice, staff = sent(), clerk()
    client = seated(staff)
    client.get(f"/desk/notices/{notice.id}/")
    withdraw_notice(notice)
    disavow_book(notice.book, timezone.now())
    page = client.get(f"/desk/notices/{notice.id}/").content.decode()
    assert "手続しないでください。" in page
    assert SAID in page
