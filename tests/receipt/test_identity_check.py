"""受理 of a stop without a customer number needs the provider's word on how it made sure, whoever says it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.import_answers import RESULT_TEXTS
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, keep_draft
from renrakucho.receipt import provider_actions
from renrakucho.receipt.evidence import AcceptedEvidence, CodeActor, FileActor, ProviderActor, StaffActor, evidence_of
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.provider_actions import answer_by_number, answer_notice
from renrakucho.receipt.provider_answer import CheckMissing, IdentityCheck, ProviderAnswer, needs_identity_check
from tests import cast
from tests.desk.cast import address, clerk, seated
from tests.receipt.cast import answered
from tests.systems.cast import System, reason

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

STOP = "water:stop:akishima-water"
CALLED = IdentityCheck("called_back")


def stop_notice(number: str = "") -> Notice:
    """A stop that has reached the desk of 昭島市, with this customer number or none."""
    notice = cast.registered(cast.leaving_akishima([STOP])).notices.get()
    keep_draft(notice, answers={"visit": "希望しない", "customer_number": number})
    entered = enter_notice(notice)
    deliver_due_notices("test")
    return Notice.objects.get(id=entered.id)


def status_of(notice: Notice) -> str:
    return Notice.objects.get(id=notice.id).status


@pytest.mark.parametrize("actor", [lambda: StaffActor(clerk()), lambda: FileActor("a.csv"), CodeActor])
def test_nobody_accepts_it_without_the_word(actor: Callable[[], ProviderActor]) -> None:
    notice, who = stop_notice(), actor()
    with pytest.raises(CheckMissing):
        answer_notice(notice, ProviderAnswer("S-1"), who)
    assert (status_of(notice), notice.receipts.filter(kind="accepted").count()) == ("sent", 0)
    answer_notice(notice, ProviderAnswer("S-1", check=CALLED), who)
    assert status_of(notice) == "accepted"


def test_without_the_defence_it_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_actions, "needs_identity_check", lambda _notice: False)
    notice = stop_notice()
    answer_notice(notice, ProviderAnswer("S-1"), CodeActor())
    assert status_of(notice) == "accepted"


def test_the_word_is_kept_in_the_receipt() -> None:
    notice = stop_notice()
    answer_notice(notice, ProviderAnswer("S-1", check=IdentityCheck("other", "窓口で会員証を見た")), CodeActor())
    evidence = evidence_of(notice.receipts.get(kind="accepted"), notice)
    assert isinstance(evidence, AcceptedEvidence)
    assert evidence.check == IdentityCheck("other", "窓口で会員証を見た")
    assert evidence.check_said == "そのほか　窓口で会員証を見た"


def test_a_customer_number_or_a_start_needs_no_word() -> None:
    assert not needs_identity_check(stop_notice("123-4567"))
    assert not needs_identity_check(enter_notice(answered()))


def test_it_is_needed_where_the_provider_is_not_connected_any_more(settings: Any, tmp_path: Any) -> None:
    notice = stop_notice()
    settings.PROVIDERS = tmp_path
    assert needs_identity_check(notice)


@pytest.mark.parametrize(
    "check", [IdentityCheck("guessed"), IdentityCheck("other"), IdentityCheck("visited", "長" * 201)]
)
def test_a_word_that_says_nothing_is_refused(check: IdentityCheck) -> None:
    notice = stop_notice()
    answer = ProviderAnswer("S-1", check=check)
    assert answer_by_number(notice.provider, notice.number, answer, FileActor("a.csv")) == "unreadable"


def test_a_note_of_two_hundred_characters_is_kept_and_one_more_is_not() -> None:
    assert IdentityCheck("visited", "長" * 200).readable
    assert not IdentityCheck("visited", "長" * 201).readable


def test_an_answer_file_says_what_is_missing() -> None:
    notice = stop_notice()
    result = answer_by_number(notice.provider, notice.number, ProviderAnswer("S-1"), FileActor("a.csv"))
    assert (result, status_of(notice)) == ("unchecked", "sent")
    assert "どう確かめたか" in RESULT_TEXTS[result]


def test_the_desk_asks_and_keeps_the_number_that_was_typed() -> None:
    notice, browser = stop_notice(), seated(clerk())
    page = browser.get(address("notice", notice.id)).content.decode()
    assert "ご本人からのれんらくであることの確かめ方" in page
    refused = browser.post(address("accept", notice.id), {"number": "S-1"}, follow=True).content.decode()
    assert "どう確かめたかを選んでください" in refused
    assert 'value="S-1"' in refused
    assert status_of(notice) == "sent"
    wordless = browser.post(address("accept", notice.id), {"number": "S-1", "check": "other"}, follow=True)
    assert "どう確かめたかを書いてください" in wordless.content.decode()
    browser.post(address("accept", notice.id), {"number": "S-1", "check": "called_back"})
    assert status_of(notice) == "accepted"
    assert "確かめ方" in browser.get(address("notice", notice.id)).content.decode()


def test_several_at_once_leave_it_for_a_page_of_its_own() -> None:
    notice, browser = stop_notice(), seated(clerk())
    several = f"/desk/several?id={notice.id}"
    assert "お客さま番号がありません" in browser.get(several).content.decode()
    browser.post(several, {"do": "accept", f"{notice.id}-number": "S-1"})
    assert status_of(notice) == "sent"


def test_the_page_by_code_asks_too(client: Client) -> None:
    notice = stop_notice()
    code = frozen_form(notice).way_back.rpartition("/")[2]
    refused = client.post(f"/a/{code}/accept", {"number": "S-1"})
    assert (refused.status_code, status_of(notice)) == (422, "sent")
    client.post(f"/a/{code}/accept", {"number": "S-1", "check": "visited"})
    assert status_of(notice) == "accepted"


def test_a_system_is_told_in_problem_details() -> None:
    notice, system = stop_notice(), System()
    assert reason(system.accept(notice.number)) == (422, "unchecked")
    body = {"receipt_number": "S-1", "identity_check": "guessed"}
    assert reason(system.post(f"/{notice.number}/accept", body)) == (422, "bad_field")
    wordless = {**body, "identity_check": "other"}
    assert system.post(f"/{notice.number}/accept", wordless).json()["field"] == "identity_check_note"
    assert status_of(notice) == "sent"
    accepted = system.post(f"/{notice.number}/accept", {**body, "identity_check": "number_matched"})
    assert accepted.json()["status"] == "accepted"
