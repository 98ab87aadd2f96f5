"""A notice's page: the form on paper, who has opened it, and what stands before and after it."""

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from tests.desk.cast import address, clerk, seated, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_the_page_shows_the_whole_form() -> None:
    notice = sent(
        answers={"notes": "裏口から\nお願いします"}, person__family_name="勅使河原", person__given_name="𠮷右衛門"
    )
    page = seated(clerk()).get(address("notice", notice.id)).content.decode()
    for told in (
        "昭島市水道部",
        "水道の使用開始",
        "勅使河原　𠮷右衛門",
        "196-0015",
        "東京都昭島市昭和町1-2-3",
        "裏口から\nお願いします",
    ):
        assert told in page
    number = notice.number
    assert f"{number[:4]}-{number[4:8]}-{number[8:]}" in page
    assert page.count("貴社の項目") == 2


def test_a_script_in_an_answer_is_text() -> None:
    notice = sent(answers={"notes": "<script>alert(1)</script>"})
    page = seated(clerk()).get(address("notice", notice.id)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_opening_is_recorded_once_for_each_clerk() -> None:
    notice = sent()
    first, second = clerk(), clerk("akishima-2", name="鈴木")
    for staff in (first, first, second):
        seated(staff).get(address("notice", notice.id))
    opened = notice.receipts.filter(kind=ReceiptKind.OPENED)
    assert sorted(opened.values_list("staff", flat=True)) == sorted([first.id, second.id])


def test_listing_a_notice_does_not_open_it() -> None:
    notice = sent()
    browser = seated(clerk())
    assert browser.head(address("notice", notice.id)).status_code == 405
    browser.get("/desk/")
    assert not notice.receipts.filter(kind=ReceiptKind.OPENED).exists()


def test_a_withdrawn_notice_can_be_read_and_not_accepted() -> None:
    notice = sent()
    withdraw_notice(notice)
    page = seated(clerk()).get(address("notice", notice.id)).content.decode()
    assert "お客さまが取り消しました。このれんらくでは手続しません。" in page
    assert address("accept", notice.id) not in page


def test_a_change_and_the_notice_it_replaces_link_to_each_other() -> None:
    old = sent()
    new = replace_notice(old)
    browser = seated(clerk())
    before = browser.get(address("notice", old.id)).content.decode()
    assert "まもなく届きます" in before
    assert str(new.id) not in before
    deliver_due_notices("test")
    assert address("notice", new.id) in browser.get(address("notice", old.id)).content.decode()
    assert address("notice", old.id) in browser.get(address("notice", new.id)).content.decode()


def test_an_accepted_notice_bears_the_stamp() -> None:
    notice, staff = sent(), clerk()
    accept_notice(notice, staff, "昭水-0042")
    page = seated(staff).get(address("notice", notice.id)).content.decode()
    assert 'class="stamp"' in page
    assert "昭水-0042" in page
    assert address("accept", notice.id) not in page


def test_the_next_notice_to_do_has_a_key() -> None:
    first, second = sent(), sent()
    browser = seated(clerk())
    assert f'{address("notice", second.id)}" data-key="j"' in browser.get(address("notice", first.id)).content.decode()
    assert f'{address("notice", first.id)}" data-key="j"' in browser.get(address("notice", second.id)).content.decode()
