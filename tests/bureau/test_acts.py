"""The operator's acts: shown before they are done, done once, in the audit log, and by operators alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from renrakucho.faces.bureau import act_pages
from renrakucho.faces.bureau.act_table import ACTS
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_decisions import DecisionKind, OperatorDecision
from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import StaffRole
from tests.bureau.cast import at_bureau, auditor, operator, watcher
from tests.delivery.cast import entered
from tests.desk.cast import seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER, SAID = "akishima-water", "点検のため、12月1日まで送信を止めています。"
PAUSE = {"provider": WATER, "channel": "", "sentence": SAID, "english": "", "ends_at": ""}


def deeds() -> list[tuple[str, str, str]]:
    acts = AuditEntry.objects.exclude(deed__in=("factor_set", "looked_up"))
    return list(acts.order_by("id").values_list("deed", "about", "said"))


def act(browser: Client, name: str, **typed: str) -> str:
    """Confirm the act, and return the page that it leads to."""
    answer = browser.post(f"/bureau/acts/{name}", {**typed, "confirmed": "yes"}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def test_the_first_press_says_what_would_happen_and_changes_nothing() -> None:
    entered()
    answer = operator().post("/bureau/acts/pause", PAUSE)
    page = answer.content.decode()
    assert (answer.status_code, "まだ何もしていません" in page, "れんらくは1件です" in page) == (200, True, True)
    assert SAID in page
    assert not OperatorDecision.objects.exists()
    assert deeds() == []


def test_the_second_press_pauses_and_a_third_changes_nothing_more() -> None:
    browser = operator()
    assert "送信を止めました" in act(browser, "pause", **PAUSE)
    act(browser, "pause", **PAUSE)
    paused = OperatorDecision.objects.get()
    assert (paused.kind, paused.provider, paused.sentence) == (DecisionKind.PAUSE, WATER, SAID)
    assert deeds() == [("paused", WATER, SAID)]
    assert AuditEntry.objects.get(deed="paused").staff.login_id == "bureau-operator"  # type: ignore[union-attr]


def test_a_pause_ends_by_itself_at_the_time_that_was_typed() -> None:
    ends = timezone.localtime() + timedelta(days=2)
    act(operator(), "pause", **{**PAUSE, "ends_at": f"{ends:%Y-%m-%d %H:%M}"})
    kept = OperatorDecision.objects.get().ends_at
    assert kept is not None
    assert f"{timezone.localtime(kept):%Y-%m-%d %H:%M}" == f"{ends:%Y-%m-%d %H:%M}"


def test_what_is_paused_is_resumed_from_the_list() -> None:
    notice = entered()
    browser = operator()
    act(browser, "pause", **PAUSE)
    Notice.objects.filter(id=notice.id).update(due_at=timezone.now() + timedelta(hours=1))
    page = browser.get("/bureau/acts").content.decode()
    assert (SAID in page, "/bureau/acts/resume" in page) == (True, True)
    assert "また送りはじめました。1件" in act(browser, "resume", provider=WATER, channel="")
    assert not OperatorDecision.objects.exists()
    assert deeds()[-1] == ("resumed", WATER, "")


def test_a_provider_is_disconnected_and_connected_again() -> None:
    browser = operator()
    act(browser, "disconnect", provider=WATER, sentence="", english="")
    assert "つなぐ事業者にもどす" in browser.get(f"/bureau/providers/{WATER}/").content.decode()
    act(browser, "connect", provider=WATER)
    assert [deed for deed, _about, _said in deeds()] == ["disconnected", "connected"]


def test_an_announcement_stands_on_all_pages_until_it_is_ended() -> None:
    browser, said = operator(), "12月1日の2時から4時まで、点検のため止まります。"
    act(browser, "announce", sentence=said, english="", begins_at="", ends_at="")
    for path in ("/", "/desk/login", "/bureau/login", "/search/"):
        answer = Client().get(path)
        assert answer.status_code == 404 or said in answer.content.decode(), path
    made = OperatorDecision.objects.get()
    act(browser, "end-announcement", decision=str(made.id))
    assert said not in Client().get("/").content.decode()
    assert "もう下げてあります" in act(browser, "end-announcement", decision=str(made.id))
    assert [deed for deed, _about, _said in deeds()] == ["announced", "announcement_ended"]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("pause", {**PAUSE, "provider": ""}, "事業者か方式をお選びください。"),
        ("pause", {**PAUSE, "sentence": ""}, "お客さまに見せる文を入れてください。"),
        ("pause", {**PAUSE, "sentence": "長" * 201}, "文は200文字までです。"),
        ("pause", {**PAUSE, "ends_at": "明日"}, "2026-12-01 06:00 のように"),
        ("pause", {**PAUSE, "ends_at": "2026-01-01 06:00"}, "終わりは、いまと始まりより後"),
        ("pause", {**PAUSE, "provider": "nobody"}, "この事業者は、ここではつながっていません。"),
        ("disconnect", {"provider": ""}, "事業者をお選びください。"),
        ("announce", {"sentence": ""}, "お客さまに見せる文を入れてください。"),
    ],
)
def test_a_mistake_is_explained_beside_its_field_and_nothing_is_done(
    name: str, typed: dict[str, str], said: str
) -> None:
    answer = operator().post(f"/bureau/acts/{name}", {**typed, "confirmed": "yes"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not OperatorDecision.objects.exists()
    assert deeds() == []


def test_what_was_typed_is_kept_on_the_way_back() -> None:
    answer = operator().post("/bureau/acts/pause", {**PAUSE, "edit": "yes"})
    assert (answer.status_code, f'value="{SAID}"' in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("name", sorted(ACTS))
@pytest.mark.parametrize("role", [StaffRole.WATCHER, StaffRole.AUDITOR])
def test_nobody_but_an_operator_acts(role: StaffRole, name: str) -> None:
    browser = seated(at_bureau(role))
    for answer in (
        browser.get(f"/bureau/acts/{name}"),
        browser.post(f"/bureau/acts/{name}", {**PAUSE, "confirmed": "yes"}),
    ):
        assert answer.status_code == 403
    assert not OperatorDecision.objects.exists()


def test_a_watcher_sees_no_button_of_an_act() -> None:
    for browser in (watcher(), auditor()):
        for path in ("/bureau/", f"/bureau/providers/{WATER}/"):
            assert "/bureau/acts" not in browser.get(path).content.decode()


def test_an_unknown_act_is_not_found() -> None:
    assert operator().get("/bureau/acts/erase").status_code == 404


def test_a_link_from_a_provider_has_it_chosen() -> None:
    page = operator().get(f"/bureau/acts/pause?provider={WATER}").content.decode()
    assert f'<option value="{WATER}" selected>' in page


def test_the_bound_of_the_list_keeps_its_number() -> None:
    assert act_pages.MOST_DECISIONS == 100
