"""Pages to print."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from renrakucho.notice.sample_movers import sample, sample_answers
from renrakucho.paper.page import Page, page_of
from renrakucho.sheet.fill import CannotSay, fill
from renrakucho.sheet.form import Sheet
from tests.providers.cast import SHEETS

NUMBER = "482913705166"
WAY_BACK = "https://hikkoshi.example/a/k7m2p9qx4d"


def page(sheet: Sheet = SHEETS[0], **others: Any) -> Page:
    try:
        filled = fill(sheet, sample(sheet, "hard"), sample_answers(sheet))
    except CannotSay:
        filled = fill(sheet, sample(sheet, "plain"), sample_answers(sheet))
    given = page_of(
        replace(filled, way_back=WAY_BACK),
        number=NUMBER,
        provider="ある水道局",
        written_at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
        portal="引越れんらく帳",
        portal_url="https://hikkoshi.example",
        contact="事務局 03-0000-0000",
    )
    return replace(given, **others)
