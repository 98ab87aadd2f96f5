"""Accepting and sending back: once each, by whoever was first, with nothing typed lost."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.lib.identifiers import LONGEST_NUMBER
from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.notice.models import Notice
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import replace_notice, withdraw_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import receipt_number_of
from renrakucho.receipt.provider_answer import LONGEST_REASON
from tests.desk.cast import address, clerk, seated, sent
from tests.receipt.cast import accept_notice, return_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def post_number(browser: Client, notice: Notice, number: str) -> tuple[str, str]:
    return led(browser, notice, browser.post(address("accept", notice.id), {"number": number}))


def post_reason(browser: Client, notice: Notice, reason: str) -> tuple[str, str]:
    return led(browser, notice, browser.post(address("return", notice.id), {"reason": reason}))


def led(browser: Client, notice: Notice, answer: Any) -> tuple[str, str]:
    """Whether it was done or the notice's page is shown again, and that page: no answer to a post is a page itself."""
    assert answer.status_code == 302
    if answer["Location"] != address("notice", notice.id):
        return "done", ""
    return "again", browser.get(answer["Location"]).content.decode()


def status(notice: Notice) -> str:
    return Notice.objects.get(id=notice.id).status


def test_accepting_writes_status_receipt_and_mail() -> None:
    notice, staff = sent(), clerk()
    assert post_number(seated(staff), notice, "  昭水－００４２　")[0] == "done"
    assert (status(notice), receipt_number_of(notice)) == ("accepted", "昭水－００４２")
    assert notice.receipts.get(kind=ReceiptKind.ACCEPTED).staff == staff
    mail = Mail.objects.get(kind=MailKind.ACCEPTANCE, about=notice.id)
    assert "昭水－００４２" in read_mail(mail)["text"]


def test_accepting_leads_to_the_next_notice_and_at_last_to_the_list() -> None:
    first, second = sent(), sent()
    browser = seated(clerk())
    led = browser.post(address("accept", first.id), {"number": "1"})
    assert led["Location"] == address("notice", second.id)
    page = browser.get(led["Location"]).content.decode()
    assert f"{first.number[:4]}-{first.number[4:8]}-{first.number[8:]} を受理しました" in page
    led = browser.post(address("accept", second.id), {"number": "2"})
    assert led["Location"] == "/desk/"
    assert "未処理はもうありません" in browser.get("/desk/").content.decode()


def test_a_double_click_accepts_once() -> None:
    notice = sent()
    browser = seated(clerk())
    assert [post_number(browser, notice, "1")[0] for _click in range(2)] == ["done", "done"]
    assert notice.receipts.filter(kind=ReceiptKind.ACCEPTED).count() == 1
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE).count() == 1


def test_another_number_is_refused_and_shown() -> None:
    notice = sent()
    accept_notice(notice, clerk(), "昭水-1")
    how, page = post_number(seated(clerk("akishima-2", name="鈴木")), notice, "昭水-2")
    assert how == "again"
    assert "佐藤さん" in page
    assert "受付番号「昭水-1」で受理しています" in page
    assert '<span class="desk-typed">昭水-2</span>' in page
    assert receipt_number_of(notice) == "昭水-1"


@pytest.mark.parametrize(
    ("number", "shown", "says"),
    [
        ("", "", "貴社の受付番号をご入力ください"),
        ("　 ", "　 ", "貴社の受付番号をご入力ください"),
        ("9" * 41, "9" * 41, "受付番号は40文字までです"),
        ("12\n34", "12\n34", "改行"),
        ("12\x0034", "12\x0034", "目に見えない文字"),
        ("12\u202e34", "12\u202e34", "目に見えない文字"),
    ],
)
def test_an_invalid_number_is_explained_at_its_field(number: str, shown: str, says: str) -> None:
    notice = sent()
    how, page = post_number(seated(clerk()), notice, number)
    assert how == "again"
    assert says in page
    assert f'value="{shown}"' in page
    assert status(notice) == "sent"


@pytest.mark.parametrize("number", ["9" * LONGEST_NUMBER, "第１２号／𠮷", "<b>1</b>"])
def test_a_number_is_kept_as_it_was_typed(number: str) -> None:
    notice, staff = sent(), clerk()
    assert post_number(seated(staff), notice, number)[0] == "done"
    assert receipt_number_of(notice) == number
    assert "<b>1" not in seated(staff).get(address("notice", notice.id)).content.decode()


def test_returning_tells_the_mover_why() -> None:
    notice, staff = sent(), clerk()
    typed = "番号が見つかりません。\r\n<script>お確かめください</script>"
    assert post_reason(seated(staff), notice, typed)[0] == "done"
    assert status(notice) == "returned"
    reason = notice_view(Notice.objects.get(id=notice.id)).reason
    assert reason == "番号が見つかりません。\n<script>お確かめください</script>"
    assert Mail.objects.filter(kind=MailKind.RETURN, about=notice.id).count() == 1
    page = seated(staff).get(address("notice", notice.id)).content.decode()
    assert "&lt;script&gt;お確かめください" in page
    assert "<script>お" not in page


def test_a_double_click_returns_once() -> None:
    notice = sent()
    browser = seated(clerk())
    assert [post_reason(browser, notice, "理由")[0] for _click in range(2)] == ["done", "done"]
    assert notice.receipts.filter(kind=ReceiptKind.RETURNED).count() == 1


def test_a_second_different_reason_is_refused_and_shown() -> None:
    notice = sent()
    return_notice(notice, clerk(), "一つ目の理由")
    how, page = post_reason(seated(clerk("akishima-2", name="鈴木")), notice, "二つ目の理由")
    assert how == "again"
    assert "佐藤さん" in page
    assert '<span class="desk-typed">二つ目の理由</span>' in page


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "何をなおせばよいかをご入力ください"),
        ("あ" * 501, "理由は500文字までです"),
        ("ベル\x07", "目に見えない文字"),
        ("零\x00", "目に見えない文字"),
        ("右\u202e左", "目に見えない文字"),
    ],
)
def test_an_invalid_reason_is_explained_and_stays_in_its_field(reason: str, says: str) -> None:
    notice = sent()
    how, page = post_reason(seated(clerk()), notice, reason)
    assert how == "again"
    assert says in page
    assert f"{reason}</textarea>" in page
    assert status(notice) == "sent"


def test_line_ends_count_as_one_character() -> None:
    notice = sent()
    reason = "\r\n".join(["あ"] * (LONGEST_REASON // 2))
    assert post_reason(seated(clerk()), notice, reason)[0] == "done"


def test_after_a_return_the_movers_change_arrives_as_a_new_notice() -> None:
    notice = sent()
    browser = seated(clerk())
    post_reason(browser, notice, "お名前をお確かめください")
    new = replace_notice(notice)
    deliver_due_notices("test")
    page = browser.get("/desk/").content.decode()
    assert address("notice", new.id) in page
    assert post_number(browser, new, "2")[0] == "done"
    assert (status(notice), status(new)) == ("withdrawn", "accepted")


@pytest.mark.parametrize("post", [post_number, post_reason])
def test_an_answer_after_a_withdrawal_is_refused_and_shown(post: object) -> None:
    notice = sent()
    browser = seated(clerk())
    browser.get(address("notice", notice.id))
    withdraw_notice(notice)
    how, page = post(browser, notice, "打った内容")  # type: ignore[operator]
    assert how == "again"
    assert "に取り消しました" in page
    assert "この手続は要らなくなりました" in page
    assert "打った内容" in page
    assert status(notice) == "withdrawn"


def test_an_answer_after_a_change_leads_to_the_new_notice() -> None:
    notice = sent()
    browser = seated(clerk())
    new = replace_notice(notice)
    deliver_due_notices("test")
    how, page = post_number(browser, notice, "昭水-1")
    assert how == "again"
    assert "に内容を変更しました" in page
    assert address("notice", new.id) in page
    assert "昭水-1" in page
    assert status(new) == "sent"


def test_accepting_after_a_colleagues_return_is_refused() -> None:
    notice = sent()
    return_notice(notice, clerk(), "理由")
    how, page = post_number(seated(clerk("akishima-2", name="鈴木")), notice, "昭水-1")
    assert how == "again"
    assert "佐藤さん" in page
    assert "に差し戻しています" in page


def test_a_login_before_the_answer_leads_back_to_the_notice() -> None:
    notice = sent()
    answer = seated(clerk()).get(address("accept", notice.id))
    assert answer["Location"] == address("notice", notice.id)
