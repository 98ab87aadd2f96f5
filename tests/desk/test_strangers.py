"""What nobody but the provider's own staff gets to see or to do."""

import logging
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from renrakucho.faces.desk.urls import urlpatterns
from renrakucho.lib.identifiers import new_uuid7
from renrakucho.receipt.models import ReceiptKind
from tests import cast
from tests.desk.cast import YOKOSUKA, address, administrator, clerk, seated, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
OPEN = {
    "login",
    "code",
    "code_passkey",
    "join",
    "sign_on",
    "sign_on_callback",
    "sign_on_ended",
}  # the code asks for the password first, the link of an invitation is its own key
FORMS = {"accept": {"number": "1"}, "return": {"reason": "理由"}}


def addresses(notice_id: UUID, staff_id: UUID) -> Iterator[tuple[str, str]]:
    given = {"notice_id": notice_id, "staff_id": staff_id, "invitation_id": new_uuid7(), "token": "x"}
    given |= {"passkey_id": new_uuid7(), "key_id": new_uuid7(), "issuer": "x"}
    for pattern in urlpatterns:
        arguments = [given[name] for name in pattern.pattern.converters]
        yield str(pattern.name), reverse(f"desk:{pattern.name}", args=arguments)


def test_every_page_but_the_login_requires_a_login(client: Client) -> None:
    notice = sent()
    for name, path in addresses(notice.id, new_uuid7()):
        if name in OPEN:
            continue
        answers = [client.get(path), client.post(path, FORMS.get(name, {}))]
        asked = [answer.get("Location", "").startswith("/desk/login?next=") for answer in answers]
        assert any(asked), name
        assert all(each or answer.status_code == 405 for each, answer in zip(asked, answers, strict=True)), name
        assert asked[0], f"{name}: after the login, the browser comes back with a GET"
    notice.refresh_from_db()
    assert notice.status == "sent"


def test_no_page_is_kept_by_the_browser() -> None:
    chief = administrator()
    notice = sent()
    for name, path in addresses(notice.id, chief.id):
        browser = seated(chief)
        answer = browser.get(path)
        if answer.status_code == 405:
            answer = browser.post(path)
        assert "no-store" in answer["Cache-Control"], name


def test_every_address_shows_a_page_after_the_login() -> None:
    chief = administrator()
    for name, path in addresses(sent().id, chief.id):
        if name not in ("join", "passkey", "sign_on_callback", "sign_on_ended"):  # nobody has these
            assert seated(chief).get(path, follow=True).status_code == 200, name


@pytest.mark.parametrize("name", ["notice", "accept", "return"])
def test_another_providers_notice_is_not_found(name: str) -> None:
    notice = sent()
    stranger = seated(clerk("yokosuka-1", provider=YOKOSUKA))
    for notice_id in (notice.id, new_uuid7(), UUID(int=0)):
        path = address(name, notice_id)
        assert stranger.get(path).status_code == 404
        if name in FORMS:
            assert stranger.post(path, FORMS[name]).status_code == 404
    assert not notice.receipts.filter(
        kind__in=[ReceiptKind.OPENED, ReceiptKind.ACCEPTED, ReceiptKind.RETURNED]
    ).exists()
    assert seated(clerk()).get(address(name, notice.id), follow=True).status_code == 200


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


@pytest.mark.parametrize("name", FORMS)
def test_a_forged_post_is_refused(name: str) -> None:
    notice = sent()
    careful = seated(clerk(), careful=True)
    assert careful.post(address(name, notice.id), FORMS[name]).status_code == 403
    notice.refresh_from_db()
    assert notice.status == "sent"


def test_a_forged_login_or_logout_is_refused() -> None:
    careful = seated(clerk(), careful=True)
    assert careful.post("/desk/login", {"login_id": "a", "password": "b"}).status_code == 403
    assert careful.post("/desk/logout").status_code == 403


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
