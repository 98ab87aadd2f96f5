"""A form as it would arrive, for movers who are hard to write down: for the eyes of whoever writes the sheet."""

from collections.abc import Iterator

from renrakucho.lib.browser_encoding import byte_length, form_body
from renrakucho.notice.folder_check import told
from renrakucho.notice.sample_movers import SAMPLES, sample, sample_answers
from renrakucho.sheet.fill import CannotSay, fill
from renrakucho.sheet.filled import Filled
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.variant import suggest


def trial(sheet: Sheet) -> Iterator[str]:
    """Line by line, for one mover after the other."""
    yield f"{sheet.key}  {sheet.title}  ({sheet.channel}, {sheet.encoding})"
    for name in SAMPLES:
        facts = sample(sheet, name)
        yield ""
        yield f"== {name}: {facts['holder.family_name']} {facts['holder.given_name']}"
        try:
            filled = fill(sheet, facts, sample_answers(sheet))
        except CannotSay as error:
            yield from _problems(error, sheet)
        else:
            yield from _lines(filled, sheet.carried)


def _lines(filled: Filled, carried: bool) -> Iterator[str]:
    for line in filled.lines:
        size = byte_length(line.text, filled.encoding)
        meant = f"  ({line.shown})" if line.shown != line.text else ""
        yield f"{line.name} [{line.label}] = «{line.text}»{meant}  {len(line.text)} characters, {size} bytes"
    for change in filled.changes:
        yield f"changed: {change.label}: «{change.before}» goes as «{change.after}»"
    if carried:
        body = form_body(filled.pairs(), filled.encoding)
        yield f"{len(body)} bytes leave the browser: {body.decode('ascii')}"


def _problems(error: CannotSay, sheet: Sheet) -> Iterator[str]:
    yield "cannot be sent as it stands; the mover is shown why, and decides:"
    for problem in error.problems:
        yield f"- {told(problem)}"
        instead = suggest(problem.text, sheet.encoding) if problem.kind == "unsayable" else None
        if instead:
            yield f"  «{instead}» is offered instead"
