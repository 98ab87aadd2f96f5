"""Place tables: everything about places that look-ups need, in memory."""

from collections import defaultdict
from dataclasses import dataclass, field

from renrakucho.address.edition_cache import EditionCache
from renrakucho.address.models import Edition, FormerMunicipality, Municipality, MunicipalityKind
from renrakucho.address.place import MunicipalityAt
from renrakucho.address.town_index import TownIndex, thaw_index


@dataclass(frozen=True, slots=True)
class PlaceTables:
    """Towns by number, municipalities by code (in order of code), and the successors of former municipalities."""

    towns: TownIndex
    municipalities: dict[str, MunicipalityAt]
    followed_by: dict[tuple[str, str], tuple[str, ...]] = field(repr=False)  # (prefecture, former name) → present codes


def _read_tables() -> PlaceTables:
    packed = Edition.objects.order_by("-compiled_at").values_list("towns", flat=True)[0]
    municipalities = {
        code: MunicipalityAt(code, prefecture, name, kana, romaji, kind == MunicipalityKind.DESIGNATED_CITY, url)
        for code, prefecture, name, kana, romaji, kind, url in Municipality.objects.order_by("code").values_list(
            "code", "prefecture", "name", "kana", "romaji", "kind", "url"
        )
    }
    return PlaceTables(thaw_index(bytes(packed)), municipalities, _followed_by(municipalities))


def _followed_by(municipalities: dict[str, MunicipalityAt]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Follow the steps of the municipal history to their end.

    Only a later step can follow a step: 静岡市 before 2003 and 静岡市 after are two municipalities of one name, and
    codes were used again as well.
    """
    steps = defaultdict(list)
    named = set()
    rows = FormerMunicipality.objects.values_list("prefecture", "name", "code", "to_code", "on")
    for prefecture, name, code, to_code, on in rows:
        steps[code].append((on, to_code))
        named.add((prefecture, name, code, on))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for prefecture, name, code, on in named:
        todo = [(day, to_code) for day, to_code in steps[code] if day == on]
        seen = set(todo)
        while todo:
            day, to_code = todo.pop()
            later = [step for step in steps[to_code] if step[0] > day]
            if to_code in municipalities and not later:
                found[(prefecture, name)].add(to_code)
            todo += [step for step in later if step not in seen]
            seen.update(later)
    return {key: tuple(sorted(codes)) for key, codes in found.items()}


place_tables = EditionCache(_read_tables)
