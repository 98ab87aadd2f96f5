"""Dry run of a sheet: the form filled for sample movers whose names and addresses are hard to write down."""

from collections.abc import Iterator
from pathlib import Path

from renrakucho.lib.browser_encoding import byte_length, form_body
from renrakucho.notice.sample_movers import SAMPLES, sample_answers, sample_facts
from renrakucho.sheet.fill import BlankProblem, CannotSay, fill_sheet
from renrakucho.sheet.filled import FilledSheet
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.variant import suggest_variant


def dry_run_lines(sheet: Sheet) -> Iterator[str]:
    """The dry run as lines of text, one sample mover after the other."""
    yield f"{sheet.key}  {sheet.title}  ({sheet.channel}, {sheet.encoding})"
    for name in SAMPLES:
        facts = sample_facts(sheet, name)
        yield ""
        yield f"== {name}: {facts['holder.family_name']} {facts['holder.given_name']}"
        try:
            filled = fill_sheet(sheet, facts, sample_answers(sheet))
        except CannotSay as error:
            yield from _problems(error, sheet)
        else:
            yield from _lines(filled, sheet.carried)


def _lines(filled: FilledSheet, carried: bool) -> Iterator[str]:
    for line in filled.lines:
        size = byte_length(line.text, filled.encoding)
        meaning = f"  ({line.shown})" if line.shown != line.text else ""
        yield f"{line.name} [{line.label}] = «{line.text}»{meaning}  {len(line.text)} characters, {size} bytes"
    for change in filled.changes:
        yield f"changed: {change.label}: «{change.before}» goes as «{change.after}»"
    if carried:
        body = form_body(filled.pairs(), filled.encoding)
        yield f"{len(body)} bytes leave the browser: {body.decode('ascii')}"


def _problems(error: CannotSay, sheet: Sheet) -> Iterator[str]:
    yield "cannot be sent as it stands; the mover is shown why, and decides:"
    for problem in error.problems:
        yield f"- {problem_line(problem)}"
        variant = suggest_variant(problem.text, sheet.encoding) if problem.kind == "unsayable" else None
        if variant:
            yield f"  «{variant}» is offered instead"


def golden_path(sheet: Sheet, folder: Path) -> Path:
    """The path of a sheet's golden file in its provider's folder."""
    return folder / f"{sheet.procedure}.golden"


def golden_content(sheet: Sheet) -> bytes:
    """The bytes that the golden file has to hold. Raises CannotSay where not even the plainest mover can be said."""
    try:
        filled = fill_sheet(sheet, sample_facts(sheet, "hard"), sample_answers(sheet))
    except CannotSay:
        filled = fill_sheet(sheet, sample_facts(sheet, "plain"), sample_answers(sheet))
    if sheet.carried:
        return form_body(filled.pairs(), filled.encoding)
    return "".join(f"{line.label}: {line.text}\n" for line in filled.lines).encode()


def problem_line(problem: BlankProblem) -> str:
    """One line of text that names the blank and the problem."""
    blank = problem.blank
    unit = " bytes" if problem.in_bytes else ""
    return {
        "missing": f"{blank.label} ({blank.name}) is required, and there is nothing to say",
        "unsayable": f"{blank.label} ({blank.name}) cannot have {_named(problem.characters)} of «{problem.text}»",
        "too_long": f"{blank.label} ({blank.name}) takes {problem.limit}{unit}, too few for «{problem.text}»",
        "again": f"{blank.label} ({blank.name}) wishes for «{problem.text}» once more",
        "wrong": f"{blank.label} ({blank.name}) does not take «{problem.text}»: neither code nor pattern has it",
    }[problem.kind]


def _named(characters: tuple[str, ...]) -> str:
    # Some are invisible, and many have no glyph where this is read.
    return ", ".join(f"{text} ({_code_points(text)})" for text in characters)


def _code_points(text: str) -> str:
    """A letter with its marks, as Unicode names them: U+308C U+3099."""
    return " ".join(f"U+{ord(one):04X}" for one in text)
