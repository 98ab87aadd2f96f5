"""What can be told beside a fact for programs: codes, and numbers in one form. Computed; the fact itself stays."""

from collections.abc import Callable, Mapping

from renrakucho.fact.catalogue import CATALOGUE, Facts
from renrakucho.lib.kana import to_katakana
from renrakucho.lib.phone import BadPhone, parse
from renrakucho.sheet.tables import TABLES

Values = dict[str, str]


def machine(facts: Facts) -> dict[str, Values]:
    """For each fact that has such values, by name."""
    said = {name: _values(name, text) for name, text in facts.items() if text}
    return {name: values for name, values in said.items() if values}


def values_of(name: str) -> tuple[str, ...]:
    """The names of the values that may stand beside this fact."""
    unit, kind = name.rpartition(".")[2], CATALOGUE[name].kind
    return _BY_UNIT.get(unit) or _BY_KIND.get(kind) or ()


def _values(name: str, text: str) -> Values:
    return {value: said for value in values_of(name) if (said := _SAY.get(value, _nothing)(text))}


def _katakana(text: str) -> str:
    return to_katakana(text)


def _e164(text: str) -> str:
    return "+81" + digits[1:] if (digits := _phone(text).replace("-", "")) else ""


def _phone(text: str) -> str:
    try:
        return parse(text).text
    except BadPhone:
        return ""


def _prefecture(text: str) -> str:
    return TABLES["prefecture_code"].get(text, "")


def _nothing(text: str) -> str:
    return ""


# lg_code and machiaza_id cannot be computed from a name alone: whoever knows them tells them.
_BY_UNIT: Mapping[str, tuple[str, ...]] = {
    "prefecture": ("code",),
    "municipality": ("lg_code",),
    "town": ("machiaza_id",),
}
_BY_KIND: Mapping[str, tuple[str, ...]] = {"kana": ("katakana",), "phone": ("e164", "national")}
_SAY: Mapping[str, Callable[[str], str]] = {
    "katakana": _katakana,
    "e164": _e164,
    "national": _phone,
    "code": _prefecture,
}
