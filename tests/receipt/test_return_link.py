"""The way back: signed, bound to one notice, once, and in time; everything else says nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renrakucho.lib.signing import sign_parts
from renrakucho.mail.models import Mail, MailKind
from renrakucho.notice.connected_providers import connection_of
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import frozen_form
from renrakucho.receipt import return_link
from renrakucho.receipt.mover_actions import hand_over_notice
from renrakucho.receipt.provider_actions import receipt_number_of
from renrakucho.receipt.return_link import NoSuchReturnLink, read_return_link
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def handed_over(offer: str = "water:stop:tokyo-waterworks") -> tuple[Notice, str]:
    notice = hand_over_notice(cast.notice(offer))
    url = next(line.text for line in frozen_form(notice).lines if "/return/" in line.text)
    return notice, url.rsplit("/", 1)[1]


def signed(notice: Notice, ticket: str, number: str = "W-1", at: int | None = None) -> dict[str, str]:
    way = connection_of(notice.provider)
    assert way
    moment = str(at if at is not None else int(timezone.now().timestamp()))
    return {"number": number, "at": moment, "signature": sign_parts(way.secret, ticket, number, moment)}


def status(notice: Notice) -> str:
    return Notice.objects.get(id=notice.id).status


def test_a_signed_return_link_accepts() -> None:
    notice, ticket = handed_over()
    assert read_return_link(ticket, **signed(notice, ticket)).word == "accepted"
    assert status(notice) == Status.ACCEPTED
    assert receipt_number_of(notice) == "W-1"
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE).count() == 1


def test_a_repeated_return_link_changes_nothing() -> None:
    notice, ticket = handed_over()
    words = signed(notice, ticket)
    read_return_link(ticket, **words)
    assert read_return_link(ticket, **words).word == "already"
    assert Mail.objects.filter(kind=MailKind.ACCEPTANCE).count() == 1


@pytest.mark.parametrize("number", ["", "9" * 41, "<b>1</b>", "1\u202e2", "1; 振込先は"])
def test_a_number_that_no_provider_gives_is_not_believed_though_it_is_signed(number: str) -> None:
    notice, ticket = handed_over()
    assert read_return_link(ticket, **signed(notice, ticket, number=number)).word == "forged"
    assert status(notice) == Status.HANDED_OVER


def test_another_number_after_the_first_is_not_believed() -> None:
    notice, ticket = handed_over()
    read_return_link(ticket, **signed(notice, ticket))
    assert read_return_link(ticket, **signed(notice, ticket, number="W-2")).word == "forged"
    assert receipt_number_of(notice) == "W-1"


def test_without_a_shared_secret_no_signature_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, ticket = handed_over()
    connection = connection_of(notice.provider)
    assert connection
    without = replace(connection, secret="")
    moment = str(int(timezone.now().timestamp()))
    signature = sign_parts("", ticket, "W-1", moment)
    for found in (without, None):
        monkeypatch.setattr(return_link, "connection_of", lambda provider, found=found: found)
        assert read_return_link(ticket, number="W-1", at=moment, signature=signature).word == "forged"
    assert status(notice) == Status.HANDED_OVER


def test_an_unsigned_return_link_changes_nothing() -> None:
    notice, ticket = handed_over()
    assert read_return_link(ticket, number="W-1", at="1", signature="").word == "unsigned"
    assert status(notice) == Status.HANDED_OVER


def test_a_signature_of_another_notice_is_forged() -> None:
    notice, ticket = handed_over()
    _other, other_ticket = handed_over()
    assert read_return_link(other_ticket, **signed(notice, ticket)).word == "forged"
    assert status(_other) == Status.HANDED_OVER


def test_a_signature_by_another_provider_is_forged() -> None:
    notice, ticket = handed_over()
    gas, _ticket = handed_over("gas:stop:tokyo-gas")
    assert read_return_link(ticket, **signed(gas, ticket)).word == "forged"
    assert status(notice) == Status.HANDED_OVER


@pytest.mark.parametrize("field", ["number", "at", "signature"])
def test_any_change_to_the_link_is_forged(field: str) -> None:
    notice, ticket = handed_over()
    words = signed(notice, ticket)
    words[field] = words[field][:-1] + ("0" if words[field][-1] != "0" else "1")
    assert read_return_link(ticket, **words).word == "forged"
    assert status(notice) == Status.HANDED_OVER


@pytest.mark.parametrize("days", [-2, 2])
def test_a_link_signed_too_early_or_in_the_future_is_expired(days: int) -> None:
    notice, ticket = handed_over()
    at = int((timezone.now() + timedelta(days=days)).timestamp())
    assert read_return_link(ticket, **signed(notice, ticket, at=at)).word == "expired"
    assert status(notice) == Status.HANDED_OVER


def test_a_return_link_expires() -> None:
    notice, ticket = handed_over()
    Notice.objects.filter(id=notice.id).update(return_until=timezone.now() - timedelta(seconds=1))
    assert read_return_link(ticket, **signed(notice, ticket)).word == "expired"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ticket=st.text(max_size=60), number=st.text(max_size=60), at=st.text(max_size=30), mark=st.text(max_size=80))
def test_an_unknown_ticket_is_not_found(ticket: str, number: str, at: str, mark: str) -> None:
    with pytest.raises(NoSuchReturnLink):
        read_return_link(ticket, number=number, at=at, signature=mark)


@pytest.mark.parametrize(
    ("seconds", "word"), [(-300, "accepted"), (-301, "expired"), (300, "accepted"), (301, "expired")]
)
def test_the_clocks_may_differ_by_five_minutes(seconds: int, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed before the notice was handed over, or in the future, by as much as two clocks may differ."""
    notice, ticket = handed_over()
    assert notice.written_at
    written_at = notice.written_at.replace(microsecond=0)
    Notice.objects.filter(id=notice.id).update(written_at=written_at)
    monkeypatch.setattr("django.utils.timezone.now", lambda: written_at)
    at = int(written_at.timestamp()) + seconds
    assert read_return_link(ticket, **signed(notice, ticket, at=at)).word == word


@pytest.mark.parametrize(("seconds", "word"), [(0, "accepted"), (1, "expired")])
def test_a_return_link_is_valid_up_to_its_last_moment(seconds: int, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notice, ticket = handed_over()
    now = timezone.now() + timedelta(seconds=seconds)
    Notice.objects.filter(id=notice.id).update(return_until=now - timedelta(seconds=seconds))
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    assert read_return_link(ticket, **signed(notice, ticket)).word == word


@pytest.mark.parametrize("missing", ["written_at", "return_until"])
def test_a_notice_without_its_times_takes_no_return_link(missing: str) -> None:
    notice, ticket = handed_over()
    Notice.objects.filter(id=notice.id).update(**{missing: None})
    assert read_return_link(ticket, **signed(notice, ticket)).word == "expired"
