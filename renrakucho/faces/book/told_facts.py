"""Told facts: which facts a provider's form has, named in a line, and what each of them says."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from renrakucho.fact.catalogue import CATALOGUE, Facts
from renrakucho.lib.kana import plain_kana
from renrakucho.mover.facts import PLACE_PARTS
from renrakucho.notice.requested_items import NOT_ASKED
from renrakucho.page.formatting import format_address, format_long_day
from renrakucho.sheet.form import Sheet


def told_items(sheet: Sheet, said: Facts) -> str:
    """Name the facts that the form has and that are not empty, grouped by the person or address that they belong to."""
    return _("、").join(_group_label(prefix, named) for prefix, named in _groups([sheet], said).items())


def told_texts(sheets: Iterable[Sheet], said: Facts) -> list[tuple[str, str]]:
    """Return label and text of all that one of the forms has, each person and address once."""
    return [(_label(prefix), _text(prefix, parts, said)) for prefix, parts in _groups(sheets, said).items()]


def name_with_reading(said: Facts, prefix: str) -> str:
    """Return a name as it was typed, with its reading and how forms write that."""
    name = "　".join(filter(None, (said[f"{prefix}.family_name"], said[f"{prefix}.given_name"])))
    kana = "　".join(filter(None, (said[f"{prefix}.family_kana"], said[f"{prefix}.given_kana"])))
    if (plain := plain_kana(kana)) != kana:
        kana = _("%(kana)s、様式には「%(plain)s」") % {"kana": kana, "plain": plain}
    return pgettext("name with its reading", "%(name)s（%(kana)s）") % {"name": name, "kana": kana} if kana else name


def whole_address(said: Facts, prefix: str) -> str:
    """Return an address in a line."""
    return format_address({part: said[f"{prefix}.{part}"] for part in PLACE_PARTS})


def _groups(sheets: Iterable[Sheet], said: Facts) -> dict[str, list[str]]:
    """Parts by the person or address that they belong to; a fact of nobody is a group by itself."""
    told = {name for sheet in sheets for name in sheet.facts() if name != NOT_ASKED and said[name]}
    parts: dict[str, list[str]] = {}
    for name in (name for name in CATALOGUE if name in told):
        prefix, part = name.split(".")
        parts.setdefault(prefix if CATALOGUE[name].of else name, []).append(part)
    return parts


def _group_label(prefix: str, parts: list[str]) -> str:
    """The name of a group of facts: 氏名 instead of the family name and the given name."""
    if prefix in CATALOGUE:
        return _label(prefix)
    kinds = {
        _("氏名"): {"family_name", "given_name"},
        _("フリガナ"): {"family_kana", "given_kana"},
        _("郵便番号"): {"postal_code"},
        _("住所"): set(PLACE_PARTS) - {"postal_code"},
        _("宛名"): {"name"},
    }
    said = [word for word, named in kinds.items() if named & set(parts)]
    of = _label(prefix)
    if _("住所") in said:
        said = [word for word in said if word != _("郵便番号")]
    if said == [_("住所")]:
        return of
    return _("%(of)s（%(items)s）") % {"of": of, "items": _("・").join(said)}


def _label(prefix: str) -> str:
    if prefix in CATALOGUE:
        return _(CATALOGUE[prefix].label)
    return _(next(fact.of for fact in CATALOGUE.values() if fact.name.startswith(f"{prefix}.")))


def _text(prefix: str, parts: list[str], said: Facts) -> str:
    if prefix in CATALOGUE:
        fact, text = CATALOGUE[prefix], said[prefix]
        shown = {
            "date": lambda: format_long_day(date.fromisoformat(text)),
            "choice": lambda: _(dict(fact.choices)[text]),
        }
        return shown.get(fact.kind, lambda: text)()
    if prefix in ("person", "holder"):
        return name_with_reading(said, prefix)
    return _("、").join(_address_lines(prefix, parts, said))


def _address_lines(prefix: str, parts: list[str], said: Facts) -> Iterator[str]:
    if set(PLACE_PARTS) & set(parts):
        yield whole_address(said, prefix)
    if "name" in parts:
        yield _("%(name)s 宛") % {"name": said[f"{prefix}.name"]}
