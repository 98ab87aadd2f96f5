"""A sheet's blanks beside the fields of the live form: is each there, is it long enough, does it know our codes?"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from renrakucho.channel.weblink.inspection.finding import Finding, listed
from renrakucho.channel.weblink.inspection.page import LiveField, LiveForm
from renrakucho.sheet.fill import Texts
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.possible import possible


def in_form(sheet: Sheet, forms: Sequence[LiveForm], samples: Sequence[Texts], days: Sequence[date]) -> list[Finding]:
    """`forms` are those of all pages seen, in order: a field of any of them is there."""
    there: dict[str, LiveField] = {}
    for form in forms:
        for name, field in form.fields.items():
            if name not in there or there[name].hidden:
                there[name] = field
    found = [
        finding
        for blank in sheet.blanks
        if not is_way_back(blank)
        for finding in _blank(blank, there.get(blank.name), possible(blank, samples, days))
    ]
    return [*found, *_asked_there(sheet, there.values())]


def is_way_back(blank: Blank) -> bool:
    """Whether it carries the way back, which a page shows only once it was handed one."""
    return blank.facts() == ("return.url",)


def _blank(blank: Blank, field: LiveField | None, texts: tuple[str, ...]) -> Iterator[Finding]:
    about = f"{blank.label} ({blank.name})"
    if field is None:
        yield Finding("mend", "field-missing", about, f'name="{blank.name}"')
        return
    wrong = [*_length(blank, field, about), *_choices(field, texts, about), *_needed(blank, field, about)]
    yield from wrong or [Finding("fine", "field", about)]


def _length(blank: Blank, field: LiveField, about: str) -> Iterator[Finding]:
    there, ours = field.longest, blank.longest
    if there is None or there == ours or field.hidden:
        return
    found, named = f'maxlength="{there}"', {"there": str(there), "ours": str(ours)}
    if ours is not None:
        short = there < ours
        code, expected = ("length-short" if short else "length-long"), f"longest = {ours}"
        yield Finding("mend" if short else "doubt", code, about, expected, found, named)
    elif blank.longest_bytes is None:
        yield Finding("mend", "length-unknown", about, "", found, named)


def _choices(field: LiveField, texts: tuple[str, ...], about: str) -> Iterator[Finding]:
    codes = {code: word for code, word in field.options if code}
    lacking = [text for text in texts if text not in codes]
    if field.options and lacking:
        options = listed(f"{code} = {word}" if word not in ("", code) else code for code, word in codes.items())
        yield Finding("mend", "choice-missing", about, listed(lacking), options)


def _needed(blank: Blank, field: LiveField, about: str) -> Iterator[Finding]:
    if field.required and not blank.required and not blank.fixed:
        yield Finding("doubt", "required-there", about, "required = false", "required")


def _asked_there(sheet: Sheet, fields: Iterable[LiveField]) -> Iterator[Finding]:
    ours = {blank.name for blank in sheet.blanks}
    theirs = [field for field in fields if field.name not in ours and not field.hidden]
    if theirs:
        code = "asked-there" if sheet.asked_there else "asked-there-unsaid"
        named = listed(f"{field.label} ({field.name})" if field.label else field.name for field in theirs)
        expected = f"asked_there = {listed(sheet.asked_there) or '[]'}"
        yield Finding("fine" if sheet.asked_there else "doubt", code, "", expected, named)
