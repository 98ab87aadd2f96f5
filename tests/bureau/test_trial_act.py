"""A trial notice from the bureau's pages: confirmed, sent once, audited, and refused with a sentence."""

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import AuditEntry
from tests.bureau.cast import operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
TRIAL = {"provider": "akishima-water", "procedure": "start", "mail": "bureau@example.jp"}


def test_a_trial_is_sent_after_the_second_press_and_once() -> None:
    browser = operator()
    assert "まだ何もしていません" in browser.post("/bureau/acts/trial", TRIAL).content.decode()
    assert not Notice.objects.exists()
    for _press in range(2):
        page = browser.post("/bureau/acts/trial", {**TRIAL, "confirmed": "yes"}, follow=True).content.decode()
        assert "試験のれんらく" in page
    notice = Notice.objects.get()
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == "sent"
    assert list(AuditEntry.objects.filter(deed="tested").values_list("number", flat=True)) == [notice.number]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**TRIAL, "procedure": "change"}, "この手続をここでは受け付けていません"),
        ({**TRIAL, "provider": "tokyo-gas", "procedure": "stop"}, "お客さまのブラウザでしか送れません"),
        ({**TRIAL, "mail": "x"}, "メールアドレスの形がちがいます"),
        ({**TRIAL, "procedure": ""}, "手続をお選びください"),
    ],
)
def test_a_trial_that_cannot_be_sent_is_explained(typed: dict[str, str], said: str) -> None:
    answer = operator().post("/bureau/acts/trial", {**typed, "confirmed": "yes"})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not Notice.objects.exists()
