"""What the desk's lists, addresses and logs show to strangers. Who may open which page is in tests/routes."""

import logging

import pytest

from tests import cast
from tests.desk.cast import YOKOSUKA, address, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_list_and_search_show_nothing_of_other_providers() -> None:
    notice = sent()
    stranger = seated(clerk("yokosuka-1", provider=YOKOSUKA))
    for query in ({}, {"number": notice.number}, {"after": str(notice.id)}):
        page = stranger.get("/desk/", query)
        assert page.status_code == 200
        assert str(notice.id) not in page.content.decode()


def test_a_notice_that_did_not_reach_the_provider_is_not_on_the_desk() -> None:
    waiting = cast.notice("water:start:akishima-water")
    browser = seated(clerk())
    assert browser.get(address("notice", waiting.id)).status_code == 404
    assert str(waiting.id) not in browser.get("/desk/").content.decode()


def test_nothing_personal_in_addresses_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    notice = sent()
    later = sent()
    browser = seated(clerk())
    with caplog.at_level(logging.DEBUG):
        led = [
            browser.get("/desk/", {"number": notice.number}),
            browser.get(address("notice", notice.id)),
            browser.post(address("accept", notice.id), {"number": "昭水-0042"}),
            browser.post(address("accept", notice.id), {"number": "昭水-0043"}),
            browser.post(address("return", later.id), {"reason": "髙﨑様のお電話がつながりません"}),
        ]
    assert [answer.status_code for answer in led] == [302, 200, 302, 302, 302]
    said = caplog.text + "".join(answer.get("Location", "") for answer in led)
    for personal in ("髙﨑", "タカサキ", "3515", "昭和町", "昭水", cast.EMAIL, "%E"):
        assert personal not in said
    assert "髙﨑" in led[1].content.decode()  # it was there to be leaked
