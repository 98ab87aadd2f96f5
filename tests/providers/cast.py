"""Every sheet in providers/, and a mover who is hard to write down."""

from pathlib import Path

from renrakucho.channel.connection import Connection, connections
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.provider.folder import provider_folders
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.shelf import sheets

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = provider_folders(ROOT / "providers")
SHEETS = [sheet for folder in FOLDERS.values() for sheet in sheets(folder.path).values()]
RETURN_URL = "https://portal.example/return/TICKET"

PARTS = ("postal_code", "prefecture", "municipality", "town", "block", "building", "room")
KUDAN = (
    *("1020074", "東京都", "千代田区", "九段南", "１−２−３"),  # U+2212, as phones type it
    *("グランドハイツ千代田九段南弐番館〜ANNEX〜", "Ａ棟１２０３"),  # U+301C
)
SHOWA = ("1960015", "東京都", "昭島市", "昭和町", "4-5-6", "コーポ昭和", "203")
# Where a provider does not serve 九段南.
SERVED = {
    "akishima-water": SHOWA,
    "kawasaki-water": ("2100004", "神奈川県", "川崎市川崎区", "宮本町", "1-2", "", "101"),
    "yokosuka-water": ("2380004", "神奈川県", "横須賀市", "小川町", "11", "", ""),
    "chosei-water": ("2994301", "千葉県", "長生郡一宮町", "一宮", "２４５７", "", ""),
}


def sheet_id(sheet: Sheet) -> str:
    return f"{sheet.provider}-{sheet.procedure}"


def place(prefix: str, values: tuple[str, ...]) -> dict[str, str]:
    return {f"{prefix}.{part}": value for part, value in zip(PARTS, values, strict=True)}


def ends_for(sheet: Sheet) -> dict[str, str]:
    """Both addresses. The sheet's provider serves the one that it is asked about, as far as the sheet can tell."""
    here = SERVED.get(sheet.provider, KUDAN)
    other = SHOWA if here == KUDAN else KUDAN
    leaving, arriving = (other, here) if sheet.procedure == "start" else (here, other)
    ends = place("origin", leaving) | place("destination", arriving) | place("billing", arriving)
    for blank in sheet.blanks:
        if len(blank.facts()) == 1 and blank.facts()[0].endswith(".municipality") and blank.words:
            (municipality,) = blank.facts()
            ends[municipality] = ends[municipality] if ends[municipality] in blank.words else next(iter(blank.words))
    return ends


def hard_mover(sheet: Sheet) -> dict[str, str]:
    """髙 and 﨑 are vendors' characters, 神 is the compatibility ideograph U+FA19, 〜 has no place in JIS X 0208."""
    said = dict.fromkeys(CATALOGUE, "") | ends_for(sheet)
    for whose, given, kana in (("person", "\ufa19", "じん"), ("holder", "弥栄子", "ヤエコ")):
        said[f"{whose}.family_name"], said[f"{whose}.given_name"] = "髙﨑", given
        said[f"{whose}.family_kana"], said[f"{whose}.given_kana"] = "タカザキ", kana
    return said | {
        "billing.name": "髙﨑　弥栄子",
        "contact.phone": "０９０−１２３４−５６７８",
        "contact.email": "takazaki+move@example.jp",
        "move.leave_on": "2026-12-05",
        "move.arrive_on": "2026-12-06",
        "payment.final": "slip",
        "return.url": RETURN_URL,
    }


def trial_connections() -> dict[str, Connection]:
    return connections(ROOT / "sandbox/connections.toml", "http://sandbox.example")


def answers(sheet: Sheet) -> dict[str, str]:
    """The example that the sheet gives for each own item; the last of its choices."""
    return {blank.name: blank.choices[-1][0] if blank.choices else blank.example for blank in sheet.own_items()}
