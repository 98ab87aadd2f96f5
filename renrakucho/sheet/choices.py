"""Which texts a blank can be filled with, as far as they can be counted: to hold against a page's choices."""

from collections.abc import Iterable, Sequence
from datetime import date

from renrakucho.fact.catalogue import Facts, fact_named
from renrakucho.sheet.code_tables import TABLES
from renrakucho.sheet.form import Blank


def possible_texts(blank: Blank, samples: Sequence[Facts], days: Iterable[date]) -> tuple[str, ...]:
    """Each once. Where they cannot be counted (a town), what the samples say."""
    if blank.fixed is not None:
        return (blank.fixed,)
    if blank.words:
        return tuple(dict.fromkeys(blank.words.values()))
    if blank.say is None:
        return ()
    names = blank.facts()
    filled: Iterable[Facts] = samples
    if len(names) == 1 and fact_named(names[0]).kind == "date":
        filled = ({names[0]: on.isoformat()} for on in days)
    elif len(names) == 1 and names[0].endswith(".prefecture"):
        filled = ({names[0]: name} for name in TABLES["prefecture_code"])
    return tuple(dict.fromkeys(text for facts in filled if (text := blank.say.text(facts).strip())))
