"""Machine values: codes and normalised numbers, computed from facts for programs. The facts stay as typed."""

from collections.abc import Callable, Mapping

from renrakucho.fact.catalogue import CATALOGUE, Facts
from renrakucho.lib.kana import to_katakana
from renrakucho.lib.phone import BadPhone, parse_phone
from renrakucho.sheet.code_tables import TABLES

Values = dict[str, str]


def machine_values(facts: Facts) -> dict[str, Values]:
    """The machine values of each fact that has some, by the fact's name."""
    computed = {name: _values(name, facts) for name, text in facts.items() if text}
    return {name: values for name, values in computed.items() if values}


def machine_value_names(name: str) -> tuple[str, ...]:
    """The names of the machine values that a fact may have."""
    if name not in CATALOGUE:
        return ()
    return _BY_UNIT.get(name.rpartition(".")[2]) or _BY_KIND.get(CATALOGUE[name].kind) or ()


def lg_code(municipality_code: str) -> str:
    """全国地方公共団体コード: the five digits of JIS X 0402 and their check digit."""
    weighed = sum(int(digit) * weight for digit, weight in zip(municipality_code, range(6, 1, -1), strict=True))
    return f"{municipality_code}{(11 - weighed % 11) % 10}"


def _values(name: str, facts: Facts) -> Values:
    values = {value: convert(facts[name]) for value in machine_value_names(name) if (convert := _CONVERTERS.get(value))}
    if code := facts.get(f"{name}_code", ""):
        values["lg_code"] = lg_code(code)
    return {value: text for value, text in values.items() if text}


def _katakana(text: str) -> str:
    return to_katakana(text)


def _e164(text: str) -> str:
    return "+81" + digits[1:] if (digits := _phone(text).replace("-", "")) else ""


def _phone(text: str) -> str:
    try:
        return parse_phone(text).text
    except BadPhone:
        return ""


def _prefecture(text: str) -> str:
    return TABLES["prefecture_code"].get(text, "")


# lg_code is computed from a fact of its own. machiaza_id is for portals that look towns up in the registry: not ours.
_BY_UNIT: Mapping[str, tuple[str, ...]] = {
    "prefecture": ("code",),
    "municipality": ("lg_code",),
    "town": ("machiaza_id",),
}
_BY_KIND: Mapping[str, tuple[str, ...]] = {"kana": ("katakana",), "phone": ("e164", "national")}
_CONVERTERS: Mapping[str, Callable[[str], str]] = {
    "katakana": _katakana,
    "e164": _e164,
    "national": _phone,
    "code": _prefecture,
}
