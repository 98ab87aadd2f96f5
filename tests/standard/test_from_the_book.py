"""From what a mover entered to the document, by the way that a notice really goes."""

import json
from typing import Any

import pytest

from renrakucho.channel.message import message_document
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import freeze_form, keep_draft
from renrakucho.notice.sample_movers import sample_answers
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.standard.document_check import check_document
from tests import cast
from tests.standard.cast import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def answered(offer: str) -> Notice:
    """A notice of the cast's move, with what its provider alone asks."""
    notice = cast.notice(offer)
    keep_draft(notice, answers=sample_answers(sheet_for(notice.provider, notice.procedure)))
    return notice


def faults(written: dict[str, Any]) -> list[str]:
    return [str(one) for one in check_document(json.dumps(written).encode())[1]]


@pytest.mark.parametrize("offer", cast.ALL)
def test_an_entered_notice_becomes_a_document_without_findings(offer: str) -> None:
    filled = freeze_form(answered(offer))
    assert faults(document(filled)) == []
    assert faults(document(filled, withdrawn=True)) == []


def test_a_channel_is_handed_the_municipality_with_the_code_it_was_looked_up_by() -> None:
    notice = enter_notice(answered("water:start:akishima-water"))
    told = message_document(DeliveryTask(notice, FIRST_DELIVERY).message())
    assert faults(told) == []
    assert told["machine"]["destination.municipality"] == {"lg_code": "132071"}
    assert not [name for name in told["facts"] if name.startswith("origin.")]  # this form does not say it
