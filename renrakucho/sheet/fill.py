"""Fill a provider's form from the facts of a move.

A text that the form cannot hold (a kanji outside its charset, a field too short) is never dropped, cut or replaced in
silence: it is a BlankProblem, and the mover decides. Only characters that vendors number differently in Unicode (〜 and
～) are replaced by the program, and each such change is kept and shown.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from renrakucho.fact.catalogue import CATALOGUE, Facts, fact_named
from renrakucho.lib.browser_encoding import replace_twins, unencodable_characters
from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.kana import plain_kana
from renrakucho.lib.typed_text import clean_code
from renrakucho.sheet.code_tables import TABLES
from renrakucho.sheet.filled import FilledLine, FilledSheet, TextChange
from renrakucho.sheet.form import Blank, Sheet
from renrakucho.sheet.phrase import Phrase
from renrakucho.sheet.procedure import municipality_of
from renrakucho.sheet.text_split import blank_chains, capacity_of, split_text

Texts = Mapping[str, str]  # by the blank's name


@dataclass(frozen=True)
class BlankProblem:
    """One blank that cannot be filled."""

    blank: Blank
    # again: a wish that an earlier blank has; abroad: a phone number in a blank for numbers of Japan; the last three:
    # a secret in an answer
    kind: Literal[
        "missing", "unsayable", "too_long", "wrong", "again", "abroad", "my_number", "card_number", "password"
    ]
    text: str
    characters: tuple[str, ...] = ()  # unsayable: which ones, each with its variation selector
    limit: int = 0  # too_long: how many characters fit, or bytes
    in_bytes: bool = False


class CannotSay(InvalidInput):
    """The form cannot hold the texts. `problems` has one for each blank concerned, in the form's order."""

    def __init__(self, problems: tuple[BlankProblem, ...]) -> None:
        super().__init__(", ".join(f"{problem.blank.name}: {problem.kind}" for problem in problems))
        self.problems = problems


def fill_sheet(sheet: Sheet, facts: Facts, answers: Texts | None = None, instead: Texts | None = None) -> FilledSheet:
    """Fill the form.

    answers: the mover's texts for own items. instead: texts that the mover chose for blanks that could not hold the
    facts as typed. Raises CannotSay with every problem at once.
    """
    lines: list[FilledLine] = []
    changes: list[TextChange] = []
    problems: list[BlankProblem] = []
    wished: set[str] = set()
    chained = blank_chains(sheet.blanks)
    rests: dict[str, str] = {}  # remaining texts, by the blank that they go on in
    for blank in sheet.blanks:
        if blank.rest_of:
            lines.append(_line(blank, rests.get(blank.name, ""), facts))
            continue
        typed = _typed(blank, facts, answers or {})
        chosen = (instead or {}).get(blank.name)
        wanted = typed if chosen is None else blank.words.get(chosen, chosen)
        text = replace_twins(plain_kana(wanted) if _is_reading(blank) else wanted, sheet.encoding)
        chain = chained.get(blank.name, (blank,))
        problem = _abroad_problem(blank, text, facts) if chosen is None else None
        problem = problem or _problem(chain, text, sheet.encoding)
        if text and sheet.is_wish(blank):
            problem = problem or (BlankProblem(blank, "again", text) if text in wished else None)
            wished.add(text)
        if problem:
            problems.append(problem)
        if text != typed:
            changes.append(TextChange(blank.label, typed, text))
        if not problem:
            text, *more = split_text(text, chain, sheet.encoding) or [text]
            rests |= dict(zip((each.name for each in chain[1:]), more, strict=True))
        lines.append(_line(blank, text, facts))
    if problems:
        raise CannotSay(tuple(problems))
    used = {name: facts.get(name, "") for name in _used_facts(sheet) if fact_named(name).kind != "url"}
    return FilledSheet(
        sheet=sheet.key,
        title=sheet.title,
        channel=sheet.channel,
        encoding=sheet.encoding,
        lines=tuple(lines),
        changes=tuple(changes),
        facts=used,
        municipality=municipality_of(sheet.procedure, facts),
    )


def _used_facts(sheet: Sheet) -> Iterator[str]:
    # The code tells no more than the municipality's name, and programs can look it up.
    for name in sheet.facts():
        yield name
        if name.endswith(".municipality"):
            yield f"{name}_code"


def _typed(blank: Blank, facts: Facts, answers: Texts) -> str:
    if blank.fixed is not None:
        return blank.fixed
    if blank.say:
        text = _phrase_text(blank.say, facts)
        return blank.words.get(text, text)
    text = answers.get(blank.name, "").strip()
    return clean_code(text) if blank.pattern else text


def _is_reading(blank: Blank) -> bool:
    names = blank.facts()
    return bool(names) and all(fact_named(name).kind == "kana" for name in names)


def _abroad_problem(blank: Blank, text: str, facts: Facts) -> BlankProblem | None:
    """The problem of a phone number with a country code that the blank's text cannot hold."""
    phones = [facts.get(name, "") for name in blank.facts() if fact_named(name).kind == "phone"]
    lost = next((phone for phone in phones if phone.startswith("+") and phone not in text), "")
    return BlankProblem(blank, "abroad", lost) if lost else None


def _phrase_text(phrase: Phrase, facts: Facts) -> str:
    # Without its separator at the edge, where a group was empty.
    return phrase.text(facts).strip()


def _problem(chain: tuple[Blank, ...], text: str, encoding: str) -> BlankProblem | None:
    """The problem of a text in the first blank of a chain; the other blanks take what does not fit."""
    blank = chain[0]
    if not text:
        return BlankProblem(blank, "missing", text) if blank.required else None
    if secret := blank.secret_in(text):
        return BlankProblem(blank, secret, text)
    lost = unencodable_characters(text, encoding)
    if lost:
        return BlankProblem(blank, "unsayable", text, characters=_as_seen(text, lost))
    if split_text(text, chain, encoding) is None:
        limit, in_bytes = capacity_of(text, chain)
        return BlankProblem(blank, "too_long", text, limit=limit, in_bytes=in_bytes)
    if blank.pattern and not re.fullmatch(blank.pattern, text):
        return BlankProblem(blank, "wrong", text)
    codes = [code for code, _ in blank.choices] or blank.words.values()
    if codes and text not in codes:
        return BlankProblem(blank, "wrong", text)
    return None


def _as_seen(text: str, characters: tuple[str, ...]) -> tuple[str, ...]:
    """The characters as a person sees them: an invisible one together with the letter before it."""
    seen: dict[str, None] = {}
    for at, char in enumerate(text):
        if char in characters:
            alone = at == 0 or unicodedata.category(char) not in ("Mn", "Cf")
            seen[char if alone else text[at - 1] + char] = None
    return tuple(seen)


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
    """The text that a person reads for a text of the blank: for a code, its word."""
    if blank.choices:
        return dict(blank.choices).get(text, text)
    if blank.words and blank.say:
        word = _phrase_text(blank.say, facts)
        if blank.words.get(word) != text:
            word = next((each for each, code in blank.words.items() if code == text), text)
        fact, *_further = blank.facts()
        return dict(CATALOGUE[fact].choices).get(word, word)
    return text


def possible_texts(blank: Blank, samples: Sequence[Texts], days: Iterable[date]) -> tuple[str, ...]:
    """Every text that the blank can be filled with, each once; the samples' texts where there are too many (a town)."""
    if blank.fixed is not None:
        return (blank.fixed,)
    if blank.words:
        return tuple(dict.fromkeys(blank.words.values()))
    if blank.say is None:
        return ()
    filled: Iterable[Texts] = samples
    match blank.facts():
        case (only,) if fact_named(only).kind == "date":
            filled = ({only: on.isoformat()} for on in days)
        case (only,) if only.endswith(".prefecture"):
            filled = ({only: name} for name in TABLES["prefecture_code"])
    return tuple(dict.fromkeys(text for facts in filled if (text := blank.say.text(facts).strip())))
