"""A sheet, the site that it was written for, and what an inspection of it finds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.inspection.form_finding import FormFinding
from renrakucho.channel.weblink.inspection.form_inspection import (
    InspectionCase,
    SubmissionOptions,
    inspect_form_page,
    inspect_handoff,
)
from renrakucho.channel.weblink.inspection.site_browser import SiteBrowser
from renrakucho.notice.form_inspection_report import inspection_case, sample_form
from renrakucho.sheet.form import Sheet
from sandbox.routes import Sandbox
from sandbox.sites import find_form
from tests.inspection.site import Site, Twist, serving
from tests.providers.cast import SHEETS
from tests.sandbox.visitor import own_items

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
PORTAL = "https://portal.example"
SECRET = "trial-only-30aa88901be57128e0effe209e25643e"
WEB_LINKS = [sheet for sheet in SHEETS if sheet.carried]
Kept = Callable[[Sheet], Sheet]


def sheet_of(provider: str, procedure: str) -> Sheet:
    return next(sheet for sheet in SHEETS if (sheet.provider, sheet.procedure) == (provider, procedure))


STOP = sheet_of("kawasaki-water", "stop")


def a_case(site: Site, sheet: Sheet = STOP, hosts: tuple[str, ...] = ()) -> InspectionCase:
    entry = f"{site.url}/{sheet.provider}/{sheet.procedure}"
    return inspection_case(sheet, Connection(sheet.provider, SECRET, hosts, entries={sheet.procedure: entry}), NOW)


def a_browser(waited: list[float] | None = None) -> SiteBrowser:
    """One that does not wait."""
    return SiteBrowser(PORTAL, wait=(waited if waited is not None else []).append)


def own_of(sheet: Sheet) -> dict[str, str]:
    found = find_form(sheet.provider, sheet.procedure)
    assert found
    return own_items(found[1])


def looked(folder: Path, twist: Twist | None = None, sheet: Sheet = STOP) -> list[FormFinding]:
    with serving(Sandbox(folder, lambda: NOW), twist) as site:
        return inspect_form_page(a_case(site, sheet), a_browser())


def handed_over(folder: Path, twist: Twist | None = None, sheet: Sheet = STOP) -> list[FormFinding]:
    with serving(Sandbox(folder, lambda: NOW), twist) as site:
        case = a_case(site, sheet)
        return inspect_handoff(case, a_browser(), sample_form(case))


def sent(
    folder: Path,
    twist: Twist | None = None,
    sheet: Sheet = STOP,
    own: Mapping[str, str] | None = None,
    key: str = SECRET,
    now: datetime = NOW,
) -> list[FormFinding]:
    with serving(Sandbox(folder, lambda: NOW), twist) as site:
        case = a_case(site, sheet)
        answers = own_of(sheet) if own is None else own
        return inspect_handoff(case, a_browser(), sample_form(case), SubmissionOptions(now, key, answers))


def changed(sheet: Sheet, name: str, **rules: Any) -> Sheet:
    """The sheet with one blank said otherwise."""
    blanks = tuple(replace(blank, **rules) if blank.name == name else blank for blank in sheet.blanks)
    return replace(sheet, blanks=blanks)


def codes(findings: list[FormFinding], *levels: str) -> list[str]:
    wanted = levels or ("mend", "doubt")
    return [finding.code for finding in findings if finding.level in wanted]
