"""A receipt as a document."""

from datetime import UTC, datetime
from typing import Any

import pytest

from renrakucho.receipt.models import ReceiptAuthor, ReceiptKind
from renrakucho.receipt.transitions import WHOSE
from renrakucho.standard.receipt import receipt_document
from renrakucho.standard.schemas import load_schema
from tests.standard.cast import wrong


def receipt(kind: str, **others: Any) -> dict[str, Any]:
    given = {
        "by": WHOSE[ReceiptKind(kind)],
        "key": "0190f3c0-0000-7000-8000-000000000002",
        "number": "482913705166",
        "provider": "some-water",
        "provider_name": "ある水道局",
        "portal_name": "引越れんらく帳",
        "portal_url": "https://hikkoshi.example",
        "recorded_at": datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        "reason": "番号がちがいます。" if kind == "returned" else "",
        "receipt_number": "22-000123" if kind == "accepted" else "",
    }
    return receipt_document(kind, **{**given, **others})


@pytest.mark.parametrize("kind", ReceiptKind.values)
def test_every_kind_is_a_document_by_the_schema(kind: str) -> None:
    assert wrong(receipt(kind)) == []


def test_the_kinds_and_whose_word_they_are_stand_as_in_the_table_of_states() -> None:
    published = load_schema("receipt")["properties"]["kind"]["x-values"]
    assert {kind: (words["ja"], words["by"]) for kind, words in published.items()} == {
        kind.value: (str(kind.label), WHOSE[kind].value) for kind in ReceiptKind
    }
    assert load_schema("receipt")["properties"]["by"]["enum"] == ReceiptAuthor.values


@pytest.mark.parametrize("kind", ReceiptKind.values)
def test_a_receipt_of_another_author_is_invalid(kind: str) -> None:
    others = set(ReceiptAuthor.values) - {WHOSE[ReceiptKind(kind)]}
    assert all(wrong(receipt(kind, by=by)) for by in others)


def test_a_returned_receipt_has_a_reason() -> None:
    assert wrong(receipt("returned", reason=""))


def test_an_acceptance_without_a_number_is_invalid() -> None:
    assert wrong(receipt("accepted", receipt_number=""))


def test_an_acceptance_has_its_number_and_its_evidence() -> None:
    said = receipt("accepted", evidence="200", through="https://kansai.example")
    assert (said["receipt_number"], said["evidence"]) == ("22-000123", "200")
    assert said["recorded_at"] == "2026-11-24T10:30:00+09:00"
    assert wrong(said) == []


def test_a_kind_of_a_later_version_can_be_read() -> None:
    assert wrong(receipt("accepted") | {"kind": "scheduled"}) == []
