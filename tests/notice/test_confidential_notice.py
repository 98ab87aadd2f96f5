"""Confidential notices: the new address goes to nobody that the mover has not chosen for it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.delivery.operator_resend import channels_to_switch
from renrakucho.fact.catalogue import Facts
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover import facts as mover_facts
from renrakucho.mover.entries import MoveEntries
from renrakucho.notice import confidential_notice, notice_form
from renrakucho.notice.confidential_notice import KeptConfidential, new_address_standing, tell_new_address
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_form, keep_draft, preview_form
from renrakucho.receipt.evidence import StaffActor
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.receipt.notice_view import notice_view
from renrakucho.receipt.provider_actions import answer_notice
from renrakucho.receipt.provider_answer import ProviderAnswer
from renrakucho.standard.notice import notice_document
from tests import cast
from tests.delivery.cast import connect
from tests.desk.cast import clerk, needed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

START, STOP, CHANGE = "water:start:akishima-water", "electricity:stop:tepco-ep", "broadcasting:change:nhk"
CANARIES = ("昭島", "1960015", "196-0015", "昭和町", "ひみつ荘")


def hidden_notices(*offers: str, **items: str) -> list[Notice]:
    entered = cast.entries(offers, destination__building="ひみつ荘", **items)
    book = cast.registered(replace(entered, confidential=True))
    return list(book.notices.order_by("position"))


def canaries_in(*texts: object) -> list[str]:
    whole = " ".join(map(str, texts))
    return [word for word in CANARIES if word in whole]


def ready(notice: Notice) -> Notice:
    keep_draft(notice, answers=needed(notice))
    return notice


def test_a_form_that_needs_the_new_address_waits_until_its_mover_has_chosen() -> None:
    (notice,) = map(ready, hidden_notices(START))
    assert new_address_standing(notice) == "asked"
    with pytest.raises(KeptConfidential):
        enter_notice(notice)
    tell_new_address(notice, tell=True)
    notice.refresh_from_db()
    assert new_address_standing(notice) == "told"
    form = frozen_form(enter_notice(notice))
    assert canaries_in(form.facts, form.lines) == ["昭島", "1960015", "196-0015", "昭和町", "ひみつ荘"]
    assert form.confidential


def test_what_one_provider_is_told_is_told_to_no_other() -> None:
    start, change = hidden_notices(START, CHANGE)
    tell_new_address(start, tell=True)
    change.refresh_from_db()
    assert new_address_standing(change) == "asked"
    tell_new_address(start, tell=False)
    start.refresh_from_db()
    assert new_address_standing(start) == "asked"


def test_an_old_provider_is_not_told_the_new_address() -> None:
    (notice,) = hidden_notices(STOP, billing__to="origin")
    assert new_address_standing(notice) == "kept"
    form = preview_form(notice)
    assert canaries_in(form.lines, form.facts, form.municipality) == []
    assert any(form.facts[name] for name in form.facts if name.startswith("origin."))


def test_the_bill_is_not_a_way_round() -> None:
    (notice,) = hidden_notices(STOP, billing__to="destination")
    try:
        form = preview_form(notice)
    except KeptConfidential:
        return
    assert canaries_in(form.lines, form.facts) == []


def test_without_the_filter_the_old_provider_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: nothing is withheld."""
    (notice,) = hidden_notices(STOP, billing__to="destination")

    def nothing(_entries: MoveEntries, _offer: str) -> frozenset[str]:
        return frozenset()

    def everything(entries: MoveEntries, _offer: str) -> Facts:
        return mover_facts.facts_of(entries)

    monkeypatch.setattr(confidential_notice, "withheld_facts", nothing)
    monkeypatch.setattr(notice_form, "told_facts", everything)
    form = preview_form(notice)
    assert canaries_in(form.lines, form.facts)


def test_no_mail_says_where_the_mover_goes_or_who_is_told() -> None:
    (notice,) = map(ready, hidden_notices(START))
    tell_new_address(notice, tell=True)
    notice.refresh_from_db()
    enter_notice(notice)
    deliver_due_notices("test")
    notice.refresh_from_db()
    answer_notice(notice, ProviderAnswer("A-1"), StaffActor(clerk()))
    mails = [read_mail(mail) for mail in Mail.objects.all()]
    assert len(mails) >= 2
    assert canaries_in(mails) == []
    assert "事業者が、水道の開始の手続を受理しました" in str(mails)


def test_such_a_notice_goes_by_no_fax(settings: Any, tmp_path: Path) -> None:
    connect(settings, tmp_path, "hylafax://127.0.0.1:9")
    (notice,) = map(ready, hidden_notices(START))
    tell_new_address(notice, tell=True)
    notice.refresh_from_db()
    assert notice.channel == "fax"
    assert new_address_standing(notice) == "by_phone"
    with pytest.raises(KeptConfidential):
        enter_notice(notice)


def test_no_operator_can_switch_it_to_a_fax(settings: Any, tmp_path: Path) -> None:
    (notice,) = map(ready, hidden_notices(START))
    tell_new_address(notice, tell=True)
    notice.refresh_from_db()
    notice = enter_notice(notice)
    connect(settings, tmp_path, "hylafax://127.0.0.1:9")
    assert channels_to_switch(notice) == []
    open_one = ready(cast.notice(START))
    open_one.channel = "inbox"
    assert channels_to_switch(open_one) == ["fax"]


def test_the_document_of_the_standard_has_the_mark() -> None:
    assert document_marks([replace(cast.entries([START]), confidential=True, disclosed=(START,))]) == [True]
    assert document_marks([cast.entries([START])]) == [None]


def document_marks(moves: Iterable[MoveEntries]) -> list[object]:
    marks = []
    for entered in moves:
        notice = enter_notice(ready(cast.registered(entered).notices.get()))
        assert notice.written_at
        document = notice_document(
            frozen_form(notice),
            key="k",
            number=notice.number,
            provider="akishima-water",
            provider_name="昭島市",
            procedure="start",
            written_at=notice.written_at,
            portal_name="p",
            portal_url="https://p.example",
        )
        marks.append(document.get("confidential"))
    return marks


def test_what_was_withheld_does_not_make_a_notice_outdated() -> None:
    (notice,) = hidden_notices(STOP, billing__to="origin")
    notice.filled = None
    form = preview_form(notice)
    notice_form.freeze_filled_form(notice, form)
    assert not notice_view(notice).outdated
