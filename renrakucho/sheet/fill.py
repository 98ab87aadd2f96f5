"""Filling a provider's form from the facts of a move, truthfully.

What cannot be said in the form (a kanji outside its charset, a field too short) is never dropped, cut or replaced in
silence: it is a Problem, and the mover decides. Only characters that Unicode vendors merely number differently (〜 and
～) are changed by the program, and each such change is kept and shown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from renrakucho.fact.catalogue import CATALOGUE, Facts, fact_named
from renrakucho.lib.browser_encoding import replace_twins, unencodable_characters
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.width import to_ascii_width
from renrakucho.sheet.filled import FilledLine, FilledSheet, TextChange
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.phrase import Phrase
from renrakucho.sheet.text_split import blank_chains, capacity_of, split_text

Texts = Mapping[str, str]  # by a blank's name


@dataclass(frozen=True)
class BlankProblem:
    """One blank that cannot be filled as it stands."""

    blank: Blank
    kind: Literal["missing", "unsayable", "too_long", "wrong", "again"]  # again: a wish that was made before
    text: str
    characters: tuple[str, ...] = ()  # unsayable: which ones
    limit: int = 0  # too_long: how many characters fit, or bytes
    in_bytes: bool = False


class CannotSay(InvalidInput):
    """The form cannot say what it was given. `problems` has one for each blank concerned, in the form's order."""

    def __init__(self, problems: tuple[BlankProblem, ...]) -> None:
        super().__init__(", ".join(f"{problem.blank.name}: {problem.kind}" for problem in problems))
        self.problems = problems


def fill_sheet(sheet: Sheet, facts: Facts, answers: Texts | None = None, instead: Texts | None = None) -> FilledSheet:
    """Fill the form.

    `answers` are the mover's words for the own items; `instead` are words the mover chose for a blank that could not
    say the facts as typed. Raises CannotSay with every problem at once.
    """
    lines: list[FilledLine] = []
    changes: list[TextChange] = []
    problems: list[BlankProblem] = []
    wished: set[str] = set()
    chained = blank_chains(sheet.blanks)
    rests: dict[str, str] = {}  # what did not fit, by the name of the blank that it goes on in
    for blank in sheet.blanks:
        if blank.rest_of:
            lines.append(_line(blank, rests.get(blank.name, ""), facts))
            continue
        typed = _typed(blank, facts, answers or {})
        chosen = (instead or {}).get(blank.name)
        wanted = typed if chosen is None else blank.words.get(chosen, chosen)
        text = replace_twins(wanted, sheet.encoding)
        chain = chained.get(blank.name, (blank,))
        problem = _problem(chain, text, sheet.encoding)
        if text and sheet.is_wish(blank):
            problem = problem or (BlankProblem(blank, "again", text) if text in wished else None)
            wished.add(text)
        if problem:
            problems.append(problem)
        if text != typed:
            changes.append(TextChange(blank.label, typed, text))
        if len(chain) > 1 and not problem:
            text, *more = split_text(text, chain, sheet.encoding) or [text]
            rests |= dict(zip((each.name for each in chain[1:]), more, strict=True))
        lines.append(_line(blank, text, facts))
    if problems:
        raise CannotSay(tuple(problems))
    told = {name: facts.get(name, "") for name in _told(sheet) if fact_named(name).kind != "url"}
    return FilledSheet(sheet.key, sheet.title, sheet.channel, sheet.encoding, tuple(lines), tuple(changes), told)


def _told(sheet: Sheet) -> Iterator[str]:
    # The code says no more than the municipality's name does, and programs can look it up.
    for name in sheet.facts():
        yield name
        if name.endswith(".municipality"):
            yield f"{name}_code"


def _typed(blank: Blank, facts: Facts, answers: Texts) -> str:
    if blank.fixed is not None:
        return blank.fixed
    if blank.say:
        said = _said(blank.say, facts)
        return blank.words.get(said, said)
    text = answers.get(blank.name, "").strip()
    return to_ascii_width(text) if blank.pattern else text


def _said(phrase: Phrase, facts: Facts) -> str:
    # A part that fell away leaves no separator at the edge.
    return phrase.text(facts).strip()


def _problem(chain: tuple[Blank, ...], text: str, encoding: str) -> BlankProblem | None:
    """What is wrong with a text for the first blank of a chain, in which it may go on."""
    blank = chain[0]
    if not text:
        return BlankProblem(blank, "missing", text) if blank.required else None
    lost = unencodable_characters(text, encoding)
    if lost:
        return BlankProblem(blank, "unsayable", text, characters=lost)
    if split_text(text, chain, encoding) is None:
        limit, in_bytes = capacity_of(text, chain)
        return BlankProblem(blank, "too_long", text, limit=limit, in_bytes=in_bytes)
    if blank.pattern and not re.fullmatch(blank.pattern, text):
        return BlankProblem(blank, "wrong", text)
    codes = [code for code, _ in blank.choices] or blank.words.values()
    if codes and text not in codes:
        return BlankProblem(blank, "wrong", text)
    return None


def _line(blank: Blank, text: str, facts: Facts) -> FilledLine:
    return FilledLine(
        name=blank.name,
        label=blank.label,
        text=text,
        shown=shown_text(blank, text, facts),
        own=blank.ask is not None,
        hidden=blank.fixed is not None or blank.facts() == ("return.url",),
        goes_on=bool(blank.rest_of),
    )


def shown_text(blank: Blank, text: str, facts: Facts) -> str:
    """What a person reads for a text of the blank: a code's word."""
    if blank.choices:
        return dict(blank.choices).get(text, text)
    if blank.words and blank.say:
        said = _said(blank.say, facts)
        if blank.words.get(said) != text:
            said = next((word for word, code in blank.words.items() if code == text), text)
        return dict(CATALOGUE[blank.facts()[0]].choices).get(said, said)
    return text
