"""Answer code: until when it is taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from renrakucho.notice.models import Notice
from renrakucho.receipt.answer_by_code import AnswerCodeExpired, answer_by_code, is_code_open
from renrakucho.receipt.provider_answer import ProviderAnswer
from tests.receipt.cast import accept_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.mark.parametrize(
    ("ahead", "is_open"), [(timedelta(0), True), (timedelta(microseconds=-1), False), (None, False)]
)
def test_a_code_is_taken_up_to_its_last_moment(
    ahead: timedelta | None, is_open: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, _staff = sent()
    now = timezone.now()
    notice.return_until = None if ahead is None else now + ahead
    notice.save(update_fields=["return_until"])
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert is_code_open(notice) is is_open
    if is_open:
        answer_by_code(notice, ProviderAnswer("A-1"))
    else:
        with pytest.raises(AnswerCodeExpired):
            answer_by_code(notice, ProviderAnswer("A-1"))
    assert (Notice.objects.get(id=notice.id).status == "accepted") is is_open


def test_the_code_of_an_answered_notice_is_not_open() -> None:
    notice, staff = sent()
    assert is_code_open(notice)
    accept_notice(notice, staff, "A-1")
    assert not is_code_open(Notice.objects.get(id=notice.id))
