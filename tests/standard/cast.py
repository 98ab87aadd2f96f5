"""Filled forms of every provider, and documents made of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from renrakucho.notice.sample_movers import SAMPLES, sample_answers, sample_facts
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet
from renrakucho.standard.notice import notice_document
from renrakucho.standard.schemas import schema_validator

WAY_BACK = "https://hikkoshi.example/a/k7m2p9qx4d"


def fillings(sheet: Sheet) -> Iterator[FilledSheet]:
    """The form, filled for each sample mover whose facts it can hold: for one at least."""
    filled = 0
    for name in SAMPLES:
        try:
            yield replace(fill_sheet(sheet, sample_facts(sheet, name), sample_answers(sheet)), way_back=WAY_BACK)
            filled += 1
        except CannotSay:
            continue
    assert filled


def document(filled: FilledSheet, **others: Any) -> dict[str, Any]:
    provider, _slash, rest = filled.sheet.partition("/")
    given = {
        "key": "0190f3c0-0000-7000-8000-000000000001",
        "number": "482913705166",
        "provider": provider,
        "provider_name": "ある水道局",
        "procedure": rest.partition("@")[0],
        "written_at": datetime(2026, 11, 23, 0, 5, tzinfo=UTC),
        "portal_name": "引越れんらく帳",
        "portal_url": "https://hikkoshi.example",
    }
    return notice_document(filled, **{**given, **others})


def wrong(written: dict[str, Any]) -> list[str]:
    """What its schema says against a document, by the place."""
    return [
        f"{error.json_path}: {error.message}" for error in schema_validator(written["document"]).iter_errors(written)
    ]
