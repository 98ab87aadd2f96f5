"""The inspection of a provider's live form, in three depths.

look        opens the page; sends nothing. It can be done to any site at any time.
hand_over   posts a sample mover to the entry, as the portal's page would. By the web link's agreement nothing is
            registered by that: the mover still has to press the provider's own buttons.
send        presses them, so that an application is registered there. Only for the provider's test site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from renrakucho.channel.connection import Connection
from renrakucho.channel.weblink.carry import carry
from renrakucho.channel.weblink.inspection import carried, reception, return_link
from renrakucho.channel.weblink.inspection.browser import Browser, NoAnswer
from renrakucho.channel.weblink.inspection.fields import in_form, is_way_back
from renrakucho.channel.weblink.inspection.finding import Finding
from renrakucho.channel.weblink.inspection.page import LiveForm, LivePage, read
from renrakucho.channel.weblink.inspection.walk import leading_back, open_still, to_the_end
from renrakucho.sheet.filled import Filled
from renrakucho.sheet.form import Sheet


@dataclass(frozen=True)
class Case:
    """What is inspected. samples: facts of movers who do not exist; days: those that a mover could ask for."""

    sheet: Sheet
    way: Connection
    samples: Sequence[Mapping[str, str]]
    days: Sequence[date]

    @property
    def entry(self) -> str:
        return self.way.entry(self.sheet.procedure)

    @property
    def names(self) -> set[str]:
        return {blank.name for blank in self.sheet.blanks}


@dataclass(frozen=True)
class Sending:
    """What `send` needs: answers to what the page itself asks, by field name; the key of the provider's test site."""

    now: datetime
    key: str
    own: Mapping[str, str] = field(default_factory=dict)


def look(case: Case, browser: Browser, url: str = "") -> list[Finding]:
    """Open the form at `url`, or else the entry."""
    try:
        page = read(browser.look(url or case.entry))
    except NoAnswer as error:
        return [reception.no_answer(error)]
    found = [*reception.of_status(page, posted=False), *reception.of_transport(page.answer)]
    found += reception.of_hosts(page.answer, case.way, case.entry, posted=False)
    form = page.form_with(case.names)
    if form is None:
        if page.answer.status < 400:
            found.append(Finding("mend", "no-form", found=page.answer.url))
        return found
    found += _of_form(case, page, form)
    return [*found, Finding("unseen", "post-untried")]


def hand_over(case: Case, browser: Browser, filled: Filled, sending: Sending | None = None) -> list[Finding]:
    """Post a sample to the entry; with `sending`, go on to the done page."""
    way_back = _way_back(case.sheet, filled)
    try:
        form = carry(filled, case.way, case.sheet.procedure)
        page = read(browser.send(form.entry, form.body(), from_outside=True))
        found = [*reception.of_status(page, posted=True), *reception.of_transport(page.answer)]
        found += reception.of_hosts(page.answer, case.way, case.entry, posted=True)
        there = page.form_with(case.names)
        if there is None:
            return [*found, *([carried.not_the_form(page)] if page.answer.status < 400 else [])]
        found.append(Finding("fine", "taken"))
        found += carried.values(case.sheet, filled, there)
        found.append(carried.way_back(way_back, page))
        if sending is None:
            return found + _of_form(case, page, there)
        return found + _sent(case, browser, page, there, sending, way_back)
    except NoAnswer as error:
        return [reception.no_answer(error)]


def _way_back(sheet: Sheet, filled: Filled) -> str:
    """The way back as it is sent; empty where the sheet has no blank for it."""
    pairs = zip(sheet.blanks, filled.lines, strict=True)
    return next((line.text for blank, line in pairs if is_way_back(blank)), "")


def _sent(
    case: Case, browser: Browser, page: LivePage, form: LiveForm, sending: Sending, way_back: str
) -> list[Finding]:
    walk = to_the_end(browser, page, case.names, sending.own, way_back)
    forms = [form, *(seen for each in walk.pages if (seen := each.form_with(case.names)))]
    found = _of_form(case, page, form, forms)
    last = walk.pages[-1] if walk.pages else page
    url = leading_back(last, way_back) if way_back else ""
    if url:
        return [*found, *return_link.signed(url, sending.key, sending.now, last.text)]
    return [*found, return_link.no_link(walk.end, open_still(forms[-1]))]


def _of_form(case: Case, page: LivePage, form: LiveForm, forms: Sequence[LiveForm] = ()) -> list[Finding]:
    return [
        *reception.of_encoding(case.sheet, page, form),
        *reception.of_method(form),
        *in_form(case.sheet, forms or [form], case.samples, case.days),
    ]
