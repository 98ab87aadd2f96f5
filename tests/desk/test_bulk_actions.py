"""Several at once: each is done or not by itself, what failed is said in its row, and nothing typed is lost."""

from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.receipt.models import ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.provider_actions import receipt_number_of
from tests.desk.cast import PASSWORD, YOKOSUKA, clerk, seated, sent
from tests.receipt.cast import accept_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def page_for(*notices: Notice) -> str:
    return "/desk/several?" + urlencode([("id", str(notice.id)) for notice in notices])


def numbers(typed: dict[Notice, str]) -> dict[str, str]:
    return {"do": "accept", **{f"{notice.id}-number": number for notice, number in typed.items()}}


def status(notice: Notice) -> str:
    return Notice.objects.get(id=notice.id).status


def test_ticked_rows_lead_to_their_page() -> None:
    first, second, _third = sent(), sent(), sent()
    browser = seated(clerk())
    led = browser.post("/desk/choose", {"to": "answer", "id": [str(first.id), str(second.id)]})
    assert led["Location"] == page_for(first, second)
    page = browser.get(led["Location"]).content.decode()
    assert page.count("data-fill") == 2
    assert "髙﨑" not in page


def test_an_empty_selection_is_reported_in_the_list() -> None:
    browser = seated(clerk())
    led = browser.post("/desk/choose?tab=accepted", {"to": "answer"})
    assert led["Location"] == "/desk/?tab=accepted"
    assert "まだ何も選ばれていません" in browser.get("/desk/").content.decode()


def test_all_are_accepted_each_with_its_number() -> None:
    first, second = sent(), sent()
    browser = seated(clerk())
    led = browser.post(page_for(first, second), numbers({first: "昭水-1", second: "昭水-2"}))
    assert led["Location"] == "/desk/"
    assert "2件を受理しました" in browser.get("/desk/").content.decode()
    assert [receipt_number_of(notice) for notice in (first, second)] == ["昭水-1", "昭水-2"]
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE).count() == 2
    assert AuditEntry.objects.filter(deed="accepted").count() == 2


def test_a_second_press_changes_nothing() -> None:
    first, second = sent(), sent()
    browser = seated(clerk())
    for _press in range(2):
        led = browser.post(page_for(first, second), numbers({first: "1", second: "2"}))
        assert led["Location"] == "/desk/"
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE).count() == 2
    assert first.receipts.filter(kind=ReceiptKind.ACCEPTED).count() == 1


def test_each_failure_is_explained_in_its_row_and_keeps_its_input() -> None:
    done, blank, unseen, withdrawn, taken_by_another = (sent() for _each in range(5))
    accept_notice(taken_by_another, clerk("akishima-2", name="鈴木"), "昭水-9")
    withdraw_notice(withdrawn)
    browser = seated(clerk())
    typed = {done: "昭水-1", blank: "", unseen: "12\x0734", withdrawn: "昭水-3", taken_by_another: "昭水-4"}
    led = browser.post(page_for(*typed), numbers(typed))
    assert led["Location"] == page_for(blank, unseen, withdrawn, taken_by_another)
    page = browser.get(led["Location"]).content.decode()
    for words in (
        "1件を受理しました",
        "4件は受理していません",
        "貴社の受付番号をご入力ください",
        "目に見えない文字",
        'value="12\x0734"',
        "に取り消しました",
        "鈴木さんが",
        '<b class="desk-typed">昭水-3</b>',
        '<b class="desk-typed">昭水-4</b>',
    ):
        assert words in page
    assert [status(each) for each in typed] == ["accepted", "sent", "sent", "withdrawn", "accepted"]
    assert receipt_number_of(taken_by_another) == "昭水-9"


def test_all_are_sent_back_with_one_reason() -> None:
    first, second, withdrawn = sent(), sent(), sent()
    withdraw_notice(withdrawn)
    browser = seated(clerk())
    led = browser.post(page_for(first, second, withdrawn), {"do": "return", "reason": "お名前をお確かめください"})
    assert led["Location"] == page_for(withdrawn)
    page = browser.get(led["Location"]).content.decode()
    assert "2件を差し戻しました" in page
    assert "1件は差し戻していません" in page
    assert [status(each) for each in (first, second)] == ["returned", "returned"]
    assert Mail.objects.filter(kind=MailKind.RETURN).count() == 2


def test_a_return_without_a_reason_keeps_the_numbers_typed() -> None:
    notice = sent()
    browser = seated(clerk())
    led = browser.post(page_for(notice), {**numbers({notice: "昭水-1"}), "do": "return", "reason": " "})
    page = browser.get(led["Location"]).content.decode()
    assert "何をなおせばよいかをご入力ください" in page
    assert 'value="昭水-1"' in page
    assert status(notice) == "sent"


def test_another_providers_notices_are_not_selected() -> None:
    notice = sent()
    stranger = seated(clerk("yokosuka-1", provider=YOKOSUKA))
    assert stranger.get(page_for(notice))["Location"] == "/desk/"
    assert stranger.post(page_for(notice), numbers({notice: "1"}))["Location"] == "/desk/"
    assert status(notice) == "sent"


@pytest.mark.parametrize("query", ["", "?id=x", "?id=00000000-0000-0000-0000-000000000000"])
def test_an_empty_selection_leads_to_the_list(query: str) -> None:
    assert seated(clerk()).get(f"/desk/several{query}")["Location"] == "/desk/"


def test_typed_numbers_are_kept_when_the_session_has_expired(client: Client) -> None:
    first, second = sent(), sent()
    browser = seated(clerk())
    Session.objects.all().delete()
    answer = browser.post(page_for(first, second), numbers({first: "昭水-1", second: "昭水-2"}))
    login = browser.get(answer["Location"])
    wanted = login.content.decode().split('name="next" value="')[1].split('"')[0].replace("&amp;", "&")
    led = browser.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD, "next": wanted})
    page = browser.get(led["Location"]).content.decode()
    assert 'value="昭水-1"' in page
    assert 'value="昭水-2"' in page
    assert "まだ記録していません" in page
    assert status(first) == "sent"
