"""Form inspection: compare a provider's live form with its sheet, in three depths.

look        opens the page and sends nothing, so that it can be done to any site at any time.
hand_over   posts a sample mover to the entry, as the portal's page does. By the web link's agreement this registers
            nothing: a mover would still have to press the provider's own buttons.
send        presses those buttons, which registers an application: for the provider's test site only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.inspection import handoff_findings, return_link_findings, transport_findings
from renrakucho.channel.weblink.inspection.field_findings import carries_return_link, field_findings
from renrakucho.channel.weblink.inspection.form_finding import FormFinding
from renrakucho.channel.weblink.inspection.form_walk import empty_fields, return_link_on, walk_to_done_page
from renrakucho.channel.weblink.inspection.live_page import LiveForm, LivePage, read_live_page
from renrakucho.channel.weblink.inspection.site_browser import NoSiteResponse, SiteBrowser
from renrakucho.channel.weblink.weblink_channel import form_handoff
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet


@dataclass(frozen=True)
class InspectionCase:
    """The form to inspect. samples: facts of invented movers. days: those that a mover could ask for."""

    sheet: Sheet
    connection: Connection
    samples: Sequence[Mapping[str, str]]
    days: Sequence[date]

    @property
    def entry(self) -> str:
        return self.connection.entry(self.sheet.procedure)

    @property
    def names(self) -> set[str]:
        return {blank.name for blank in self.sheet.blanks}


@dataclass(frozen=True)
class SubmissionOptions:
    """Options of the depth `send`. key: of the provider's test site. own: answers to the page's own fields, by name."""

    now: datetime
    key: str
    own: Mapping[str, str] = field(default_factory=dict)


def inspect_form_page(case: InspectionCase, browser: SiteBrowser, url: str = "") -> list[FormFinding]:
    """Open the form at `url`, or else the entry."""
    try:
        page = read_live_page(browser.look(url or case.entry))
    except NoSiteResponse as error:
        return [transport_findings.no_response_finding(error)]
    found = [*transport_findings.status_findings(page, posted=False), *transport_findings.https_findings(page.response)]
    found += transport_findings.host_findings(page.response, case.connection, case.entry, posted=False)
    form = page.form_with(case.names)
    if form is None:
        if page.response.status < 400:
            found.append(FormFinding("mend", "no-form", found=page.response.url))
        return found
    found += _form_findings(case, page, form)
    return [*found, FormFinding("unseen", "post-untried")]


def inspect_handoff(
    case: InspectionCase, browser: SiteBrowser, filled: FilledSheet, sending: SubmissionOptions | None = None
) -> list[FormFinding]:
    """Post a sample to the entry; with `sending`, go on to the done page."""
    return_link = _return_link(case.sheet, filled)
    try:
        form = form_handoff(filled, case.connection, case.sheet.procedure)
        page = read_live_page(browser.send(form.entry, form.body(), from_outside=True))
        found = [
            *transport_findings.status_findings(page, posted=True),
            *transport_findings.https_findings(page.response),
        ]
        found += transport_findings.host_findings(page.response, case.connection, case.entry, posted=True)
        form_there = page.form_with(case.names)
        if form_there is None:
            return [*found, *([handoff_findings.not_form_finding(page)] if page.response.status < 400 else [])]
        found.append(FormFinding("fine", "taken"))
        found += handoff_findings.value_findings(case.sheet, filled, form_there)
        found.append(handoff_findings.lost_return_link(return_link, page))
        if sending is None:
            return found + _form_findings(case, page, form_there)
        return found + _submit_findings(case, browser, page, form_there, sending, return_link)
    except NoSiteResponse as error:
        return [transport_findings.no_response_finding(error)]


def _return_link(sheet: Sheet, filled: FilledSheet) -> str:
    """The return link as it is sent; empty where the sheet has no blank for it."""
    pairs = zip(sheet.blanks, filled.lines, strict=True)
    return next((line.text for blank, line in pairs if carries_return_link(blank)), "")


def _submit_findings(
    case: InspectionCase,
    browser: SiteBrowser,
    page: LivePage,
    form: LiveForm,
    sending: SubmissionOptions,
    return_link: str,
) -> list[FormFinding]:
    walk = walk_to_done_page(browser, page, case.names, sending.own, return_link)
    forms = [form, *(seen for each in walk.pages if (seen := each.form_with(case.names)))]
    found = _form_findings(case, page, form, forms)
    last = walk.pages[-1] if walk.pages else page
    url = return_link_on(last, return_link) if return_link else ""
    if url:
        return [*found, *return_link_findings.signature_findings(url, sending.key, sending.now, last.text)]
    return [*found, return_link_findings.missing_link_finding(walk.end, empty_fields(forms[-1]))]


def _form_findings(
    case: InspectionCase, page: LivePage, form: LiveForm, forms: Sequence[LiveForm] = ()
) -> list[FormFinding]:
    return [
        *transport_findings.encoding_findings(case.sheet, page, form),
        *transport_findings.method_findings(form),
        *field_findings(case.sheet, forms or [form], case.samples, case.days),
    ]
