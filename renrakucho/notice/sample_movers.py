"""Sample movers for dry runs and golden files: invented people, most of whom are hard to write down.

髙 and 﨑 are vendors' characters, 神 is the compatibility ideograph U+FA19, 𠮷 stands beyond the first 65,536
characters, and neither 〜 nor − has one place in the old encodings.
"""

from collections.abc import Sequence
from datetime import date

from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.sheet.form import Sheet

TRIAL_MARK = "試験"
RETURN_URL = "https://portal.example/return/TICKET"

_PARTS = ("postal_code", "prefecture", "municipality", "town", "block", "building", "room")
Parts = tuple[str, ...]
_KUDAN = (
    *("1020074", "東京都", "千代田区", "九段南", "１−２−３"),  # U+2212, as phones type it
    *("グランドハイツ千代田九段南弐番館〜ANNEX〜", "Ａ棟１２０３"),  # U+301C
)
_SHOWA = ("1960015", "東京都", "昭島市", "昭和町", "4-5-6", "コーポ昭和", "203")
# The sample mover lives at the first of them whose municipality the form has a code for.
PLACES: tuple[Parts, ...] = (
    _KUDAN,
    _SHOWA,
    ("2100004", "神奈川県", "川崎市川崎区", "宮本町", "1-2", "", "101"),
)
_CODES = {"千代田区": "13101", "昭島市": "13207", "川崎市川崎区": "14131"}  # JIS X 0402
_HOUSE = ("", "")  # neither building nor room
_LONG = ("プレミアムレジデンス・ザ・ガーデンタワーズ国際展示場前イーストウイング", "サウスコート２号棟１２３４号室")
_NAMES: dict[str, tuple[str, str, str, str]] = {
    "plain": ("東京", "太郎", "トウキョウ", "タロウ"),
    "hard": ("髙﨑", "\ufa19", "タカザキ", "じん"),
    "rare": ("𠮷野家", "葛󠄀乃", "ヨシノヤ", "カツノ"),
    "house": ("林", "一", "ハヤシ", "ハジメ"),
    "foreign": ("フェルナンデス・ヴァレンズエラ", "アレハンドロ", "フェルナンデスヴァレンズエラ", "アレハンドロ"),
}
_BUILDINGS = {"plain": _SHOWA[5:], "rare": _LONG, "house": _HOUSE, "foreign": _SHOWA[5:]}
SAMPLES = tuple(_NAMES)


def sample_facts(sheet: Sheet, name: str = "hard") -> dict[str, str]:
    """The facts of one of SAMPLES, at addresses that the sheet's provider serves, as far as its codes show."""
    facts = dict.fromkeys(CATALOGUE, "") | _ends(sheet)
    persons = {"person": _NAMES[name], "holder": _NAMES[name]}
    if name == "hard":
        persons["holder"] = ("髙﨑", "弥栄子", "タカザキ", "ヤエコ")
    for whose, names in persons.items():
        for part, text in zip(("family_name", "given_name", "family_kana", "given_kana"), names, strict=True):
            facts[f"{whose}.{part}"] = text
    for end in ("origin", "destination", "billing"):
        if name in _BUILDINGS:
            facts[f"{end}.building"], facts[f"{end}.room"] = _BUILDINGS[name]
        if name == "plain":
            facts[f"{end}.block"] = "1-2-3"
    return facts | {
        "billing.name": f"{facts['holder.family_name']}　{facts['holder.given_name']}",
        "contact.phone": "０９０−１２３４−５６７８",
        "contact.email": "takazaki+move@example.jp",
        "move.leave_on": "2026-12-05",
        "move.arrive_on": "2026-12-06",
        "payment.final": "slip",
        "return.url": RETURN_URL,
    }


def trial_facts(sheet: Sheet, on: date, email: str) -> dict[str, str]:
    """The facts of a trial: the plainest sample mover, whose name says that it is one, and who moves on this day."""
    facts = sample_facts(sheet, "plain")
    for whose in ("person", "holder"):
        facts |= {f"{whose}.family_name": TRIAL_MARK, f"{whose}.given_name": "送信"}
        facts |= {f"{whose}.family_kana": "シケン", f"{whose}.given_kana": "ソウシン"}
    moving = dict.fromkeys(("move.leave_on", "move.arrive_on"), on.isoformat())
    return facts | moving | {"billing.name": f"{TRIAL_MARK}　送信", "contact.email": email}


def sample_answers(sheet: Sheet) -> dict[str, str]:
    """An answer to each own item: the last of its choices, or the example that the sheet gives."""
    return {blank.name: blank.choices[-1][0] if blank.choices else blank.example for blank in sheet.own_items()}


def _ends(sheet: Sheet) -> dict[str, str]:
    codes = [set(blank.words) for blank in sheet.blanks if blank.words and _says_municipality(blank.facts())]
    here = next((place for place in PLACES if all(place[2] in known for known in codes)), _KUDAN)
    other = _SHOWA if here == _KUDAN else _KUDAN
    leaving, arriving = (other, here) if sheet.procedure == "start" else (here, other)
    ends = _end("origin", leaving) | _end("destination", arriving) | _end("billing", arriving)
    for blank in sheet.blanks:
        if blank.words and _says_municipality(blank.facts()) and ends[blank.facts()[0]] not in blank.words:
            ends[blank.facts()[0]] = next(iter(blank.words))
    municipalities = {name: text for name, text in ends.items() if name.endswith(".municipality")}
    return ends | {f"{name}_code": _CODES.get(text, "") for name, text in municipalities.items()}


def _says_municipality(facts: Sequence[str]) -> bool:
    return len(facts) == 1 and facts[0].endswith(".municipality")


def _end(prefix: str, parts: Parts) -> dict[str, str]:
    return {f"{prefix}.{part}": value for part, value in zip(_PARTS, parts, strict=True)}
