"""Report of a form inspection: how a provider's live form differs from its sheet, for the engineer who mends it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.inspection.finding_texts import MENDS, TITLES
from renrakucho.channel.weblink.inspection.form_finding import FormFinding, Level
from renrakucho.channel.weblink.inspection.form_inspection import InspectionCase
from renrakucho.lib.message_text import N_
from renrakucho.notice.sample_movers import SAMPLES, sample_facts
from renrakucho.sheet.fill import fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.window import JAPAN

_AHEAD = 62  # days, where the provider names no last one
_SOON = 7  # days from now: the day that a sample mover asks for, where it is taken
_HEADINGS: dict[Level, str] = {
    "mend": N_("直すところ"),
    "doubt": N_("人の目で確かめるところ"),
    "unseen": N_("外からは確かめられなかったところ"),
    "fine": N_("よいところ"),
}


def inspection_case(sheet: Sheet, connection: Connection, now: datetime) -> InspectionCase:
    """The sheet, its connection, and the sample movers and days that the live form is inspected with."""
    return InspectionCase(sheet, connection, [sample_facts(sheet, name) for name in SAMPLES], list(_days(sheet, now)))


def sample_form(case: InspectionCase) -> FilledSheet:
    """The form filled for the most ordinary mover, for a day that the provider takes, with this portal's address.
    Raises CannotSay.
    """
    on = case.days[min(_SOON, len(case.days) - 1)].isoformat()
    here = {"move.leave_on": on, "move.arrive_on": on, "return.url": f"{settings.BASE_URL}/return/TICKET"}
    return fill_sheet(case.sheet, sample_facts(case.sheet, "plain") | here)


def _days(sheet: Sheet, now: datetime) -> Iterator[date]:
    """The days that every window takes: a sample mover leaves and arrives on one day."""
    today = now.astimezone(JAPAN).date()
    first = max((on for window in sheet.windows if (on := window.first(now))), default=today)
    last = min((on for window in sheet.windows if (on := window.last(now))), default=today + timedelta(days=_AHEAD))
    for n in range(max((last - first).days, 0) + 1):
        if all(window.takes(first + timedelta(days=n), now) for window in sheet.windows):
            yield first + timedelta(days=n)


def inspection_report(
    case: InspectionCase, findings: Sequence[FormFinding], depth: str, now: datetime
) -> Iterator[str]:
    """The report as lines of text, the worst findings first."""
    yield f"{case.sheet.title}  {case.sheet.key}"
    yield _("入口: %(entry)s") % {"entry": case.entry}
    yield f"{now.astimezone(JAPAN):%Y-%m-%d %H:%M}  {_(_DEPTHS[depth])}"
    for level, heading in _HEADINGS.items():
        of_level = [finding for finding in findings if finding.level == level]
        if of_level:
            yield ""
            yield f"■ {_(heading)} ({len(of_level)})"
        right = [finding.about for finding in of_level if finding.code == "field"]
        for finding in of_level:
            if finding.code != "field":
                yield from _lines(finding)
        if right:
            yield f"○ {_(TITLES['field'])}"
            yield f"    {_('、').join(right)}"


_DEPTHS = {
    "look": N_("画面を開いただけで、何も送っていません。"),
    "hand_over": N_("見本の方（実在しません）を入口へ送りました。申込はしていません。"),
    "send": N_("見本の方（実在しません）で、完了画面まで申し込もうとしました。"),
}


def _lines(finding: FormFinding) -> Iterator[str]:
    title, mend = finding_sentences(finding)
    mark = {"fine": "○", "mend": "×", "doubt": "△", "unseen": "？"}[finding.level]
    yield f"{mark} {finding.about}: {title}" if finding.about else f"{mark} {title}"
    if finding.level != "fine":
        if finding.expected:
            yield "    " + _("様式・設定: %(expected)s") % {"expected": finding.expected}
        if finding.found:
            yield "    " + _("画面: %(found)s") % {"found": finding.found}
        if mend:
            yield "    " + _("直し方: %(mend)s") % {"mend": mend}
    elif finding.found:
        yield f"    {finding.found}"


def finding_sentences(finding: FormFinding) -> tuple[str, str]:
    """The finding's title, and how it is mended; the latter empty where nothing is to be done."""
    mend = MENDS.get(finding.code)
    return _(TITLES[finding.code]), _(mend) % finding.named if mend else ""


def inspection_json(case: InspectionCase, findings: Sequence[FormFinding], depth: str, now: datetime) -> dict[str, Any]:
    """The report as JSON values: `code` is stable, sentences may change."""
    return {
        "sheet": case.sheet.key,
        "entry": case.entry,
        "depth": depth,
        "inspected_at": now.isoformat(timespec="seconds"),
        "mend": sum(finding.level == "mend" for finding in findings),
        "findings": [
            {
                "level": finding.level,
                "code": finding.code,
                "about": finding.about,
                "expected": finding.expected,
                "found": finding.found,
                **dict(zip(("title", "mend"), finding_sentences(finding), strict=True)),
            }
            for finding in findings
        ],
    }
