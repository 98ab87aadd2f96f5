"""After the hand-over: does the page hold what was sent, and the way back?"""

from collections.abc import Iterator

from renrakucho.channel.weblink.inspection.fields import is_way_back
from renrakucho.channel.weblink.inspection.finding import Finding
from renrakucho.channel.weblink.inspection.page import LiveForm, LivePage
from renrakucho.sheet.filled import Filled
from renrakucho.sheet.form import Sheet

_GLANCE = 120  # characters of a page's text in a report


def not_the_form(page: LivePage) -> Finding:
    """Something else came than the form."""
    found = f"{page.answer.url} «{page.text[:_GLANCE]}»"
    strict = sorted({cookie.name for cookie in page.answer.cookies if cookie.same_site == "strict"})
    if strict and len(page.answer.hops) > 1:
        return Finding("mend", "not-the-form-strict", "", "", found, {"names": ", ".join(strict)})
    return Finding("mend", "not-the-form", found=found)


def values(sheet: Sheet, filled: Filled, form: LiveForm) -> Iterator[Finding]:
    """Every text that was sent stands in its field, whole and readable."""
    ways_back = {blank.name for blank in sheet.blanks if is_way_back(blank)}
    wrong = [
        Finding("mend", _trouble(sent, there), f"{line.label} ({line.name})", f"«{sent}»", f"«{there}»")
        for line in filled.lines
        if line.text and line.name in form.fields and line.name not in ways_back
        for sent, there in [(_as_read(line.text), _as_read(form.fields[line.name].value or ""))]
        if sent != there
    ]
    yield from wrong or [Finding("fine", "values")]


def _trouble(sent: str, there: str) -> str:
    if not there:
        return "value-lost"
    return "value-cut" if sent.startswith(there) else "value-changed"


def _as_read(text: str) -> str:
    # Browsers send U+2212 as U+FF0D in the two old encodings.
    return text.replace("−", "－").replace("\r\n", "\n").strip()


def way_back(url: str, page: LivePage) -> Finding:
    """Whether the page keeps the way back for its done page. `url`: as it was sent; empty: the sheet has none."""
    if not url:
        return Finding("doubt", "no-way-back-blank", expected='say = "{return.url}"')
    if any(field.value == url for form in page.forms for field in form.fields.values()):
        return Finding("fine", "way-back-kept")
    return Finding("unseen", "way-back-unseen")
