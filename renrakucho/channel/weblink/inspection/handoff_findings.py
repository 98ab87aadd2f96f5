"""Form inspection after the hand-over: the sent values and the return link on the page."""

from collections.abc import Iterator

from renrakucho.channel.weblink.inspection.field_findings import carries_return_link
from renrakucho.channel.weblink.inspection.form_finding import FormFinding
from renrakucho.channel.weblink.inspection.live_page import LiveForm, LivePage
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet

_LONGEST_EXCERPT = 120  # characters of a page's text in a report


def not_form_finding(page: LivePage) -> FormFinding:
    """The page after the hand-over is not the form."""
    found = f"{page.response.url} «{page.text[:_LONGEST_EXCERPT]}»"
    strict = sorted({cookie.name for cookie in page.response.cookies if cookie.same_site == "strict"})
    if strict and len(page.response.hops) > 1:
        return FormFinding("mend", "not-the-form-strict", "", "", found, {"names": ", ".join(strict)})
    return FormFinding("mend", "not-the-form", found=found)


def value_findings(sheet: Sheet, filled: FilledSheet, form: LiveForm) -> Iterator[FormFinding]:
    """Whether every text that was sent is in its field, whole and readable."""
    return_link_names = {blank.name for blank in sheet.blanks if carries_return_link(blank)}
    wrong = [
        FormFinding("mend", _trouble(sent, there), f"{line.label} ({line.name})", f"«{sent}»", f"«{there}»")
        for line in filled.lines
        if line.text and line.name in form.fields and line.name not in return_link_names
        for sent, there in [(_as_read(line.text), _as_read(form.fields[line.name].value or ""))]
        if sent != there
    ]
    yield from wrong or [FormFinding("fine", "values")]


def _trouble(sent: str, there: str) -> str:
    if not there:
        return "value-lost"
    return "value-cut" if sent.startswith(there) else "value-changed"


def _as_read(text: str) -> str:
    # Browsers send U+2212 as U+FF0D in the two old encodings.
    return text.replace("−", "－").replace("\r\n", "\n").strip()


def lost_return_link(url: str, page: LivePage) -> FormFinding:
    """Whether the page keeps the return link for its done page. url: as it was sent; empty: the sheet has none."""
    if not url:
        return FormFinding("doubt", "no-way-back-blank", expected='say = "{return.url}"')
    if any(field.value == url for form in page.forms for field in form.fields.values()):
        return FormFinding("fine", "way-back-kept")
    return FormFinding("unseen", "way-back-unseen")
