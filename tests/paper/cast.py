"""Pages to print."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from renrakucho.notice.sample_movers import sample_answers, sample_facts
from renrakucho.paper.printed_page import PrintedPage, printed_page
from renrakucho.sheet.fill import CannotSay, fill_sheet
from renrakucho.sheet.form import Sheet
from tests.providers.cast import SHEETS

NUMBER = "482913705166"
WAY_BACK = "https://hikkoshi.example/a/k7m2p9qx4d"


def page(sheet: Sheet = SHEETS[0], **others: Any) -> PrintedPage:
    try:
        filled = fill_sheet(sheet, sample_facts(sheet, "hard"), sample_answers(sheet))
    except CannotSay:
        filled = fill_sheet(sheet, sample_facts(sheet, "plain"), sample_answers(sheet))
    given = printed_page(
        replace(filled, way_back=WAY_BACK),
        number=NUMBER,
        provider="ある水道局",
        written_at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
        portal="引越れんらく帳",
        portal_url="https://hikkoshi.example",
        contact="事務局 03-0000-0000",
    )
    return replace(given, **others)
