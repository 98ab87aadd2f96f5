"""Form inspection: each blank of a sheet against its field in the live form (presence, length, choices)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from renrakucho.channel.weblink.inspection.form_finding import FormFinding, quoted_list
from renrakucho.channel.weblink.inspection.live_page import LiveField, LiveForm
from renrakucho.sheet.fill import Texts, possible_texts
from renrakucho.sheet.form import Blank, Sheet


def field_findings(
    sheet: Sheet, forms: Sequence[LiveForm], samples: Sequence[Texts], days: Sequence[date]
) -> list[FormFinding]:
    """Compare every blank with the fields of all `forms`, those of the pages seen, in order."""
    there: dict[str, LiveField] = {}
    for form in forms:
        for name, field in form.fields.items():
            if name not in there or there[name].hidden:
                there[name] = field
    found = [
        finding
        for blank in sheet.blanks
        if not carries_return_link(blank)
        for finding in _blank(blank, there.get(blank.name), possible_texts(blank, samples, days))
    ]
    return [*found, *_asked_there(sheet, there.values())]


def carries_return_link(blank: Blank) -> bool:
    """Whether the blank carries the return link, which a page shows only after a hand-over."""
    return blank.facts() == ("return.url",)


def _blank(blank: Blank, field: LiveField | None, texts: tuple[str, ...]) -> Iterator[FormFinding]:
    about = f"{blank.label} ({blank.name})"
    if field is None:
        yield FormFinding("mend", "field-missing", about, f'name="{blank.name}"')
        return
    wrong = [*_length(blank, field, about), *_choices(field, texts, about), *_needed(blank, field, about)]
    yield from wrong or [FormFinding("fine", "field", about)]


def _length(blank: Blank, field: LiveField, about: str) -> Iterator[FormFinding]:
    there, ours = field.longest, blank.longest
    if there is None or there == ours or field.hidden:
        return
    found, named = f'maxlength="{there}"', {"there": str(there), "ours": str(ours)}
    if ours is not None:
        short = there < ours
        code, expected = ("length-short" if short else "length-long"), f"longest = {ours}"
        yield FormFinding("mend" if short else "doubt", code, about, expected, found, named)
    elif blank.longest_bytes is None:
        yield FormFinding("mend", "length-unknown", about, "", found, named)


def _choices(field: LiveField, texts: tuple[str, ...], about: str) -> Iterator[FormFinding]:
    codes = {code: word for code, word in field.options if code}
    lacking = [text for text in texts if text not in codes]
    if field.options and lacking:
        options = quoted_list(f"{code} = {word}" if word not in ("", code) else code for code, word in codes.items())
        yield FormFinding("mend", "choice-missing", about, quoted_list(lacking), options)


def _needed(blank: Blank, field: LiveField, about: str) -> Iterator[FormFinding]:
    if field.required and not blank.required and not blank.fixed:
        yield FormFinding("doubt", "required-there", about, "required = false", "required")


def _asked_there(sheet: Sheet, fields: Iterable[LiveField]) -> Iterator[FormFinding]:
    ours = {blank.name for blank in sheet.blanks}
    theirs = [field for field in fields if field.name not in ours and not field.hidden]
    if theirs:
        code = "asked-there" if sheet.asked_there else "asked-there-unsaid"
        named = quoted_list(f"{field.label} ({field.name})" if field.label else field.name for field in theirs)
        expected = f"asked_there = {quoted_list(sheet.asked_there) or '[]'}"
        yield FormFinding("fine" if sheet.asked_there else "doubt", code, "", expected, named)
