"""Variants of written addresses, all right and all different: the harder half of benchmarks/address.py.

Each is a rule of how addresses are built, applied to a town of the table, never an example.
"""

import random
import re
import unicodedata
from collections.abc import Callable

from renrakucho.address.written.kyoto import is_kyoto
from renrakucho.address.written.numerals import digits_to_kanji

HYPHENS = "-‐‑‒–—―−ー－ｰ─﹣"
SPACES = ("", "", " ", "　", "  ", "\u00a0", "\t")
BUILDINGS = ("メゾン青葉", "コーポ山田", "第2ハイツ緑", "サンライズ壱番館", "Villa Rosa", "県営住宅3号棟", "山田様方")
ROOMS = ("", "101", "203号室", " B-405", " 12", "8階", "3F", "Ａ１０２", "－３０１", " 1002号")
_STREETS = ("寺町通御池上る", "河原町通四条下ル", "烏丸通五条東入", "堀川通丸太町西入る", "新町通今出川上る東側")
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
_KANA = {"ケ": "ヶｹがガケヵ", "ヶ": "ヶｹがガケヵ", "の": "のノ之ﾉ", "ノ": "のノ之ﾉ", "ツ": "ツッつ", "ッ": "ツッつ"}
_OLD = str.maketrans("沢辺島寿竜桜広条浜斎斉国学塩桧祢鴎関歳円", "澤邊嶋壽龍櫻廣條濱齋齊國學鹽檜禰鷗關歲圓")

Change = Callable[[random.Random, str], str]


def kana(rng: random.Random, name: str) -> str:
    """ヶ, ケ, が, ガ, ヵ, half width; の, ノ, 之; ツ, ッ."""
    return "".join(rng.choice(_KANA[c]) if c in _KANA else c for c in name)


def old_kanji(_: random.Random, name: str) -> str:
    """澤 for 沢."""
    return name.translate(_OLD)


def selected(rng: random.Random, name: str) -> str:
    """A variation selector behind a kanji."""
    return "".join(c + rng.choice("\U000e0100\U000e0101\ufe00") if "一" <= c <= "龠" else c for c in name)


def apart(_: random.Random, name: str) -> str:
    """か and a voicing mark for が."""
    return unicodedata.normalize("NFD", name)


def digits(rng: random.Random, name: str) -> str:
    """十二 for 12, in either direction."""
    name = re.sub("[０-９]+", lambda m: digits_to_kanji(str(int(m[0]))), name)
    if rng.random() < 0.5:
        numbers = {digits_to_kanji(str(n)): str(n) for n in range(1, 60)}
        name = re.sub("[一二三四五六七八九十]+(?=条|丁目|番町|線|区)", lambda m: numbers.get(m[0], m[0]), name)
    return name.translate(_WIDE) if rng.random() < 0.5 else name


def prefixed(rng: random.Random, name: str) -> str:
    """大字 or 字 in front."""
    return rng.choice(("大字", "字")) + name


def spaced(rng: random.Random, name: str) -> str:
    """A space within the name, as a form with narrow fields leaves it."""
    at = rng.randrange(len(name))
    return name[:at] + rng.choice(SPACES[2:]) + name[at:] if at else name


CHANGES: dict[str, Change] = {
    "kana": kana, "old kanji": old_kanji, "selectors": selected, "decomposed": apart, "digits": digits,
    "大字": prefixed, "spaces": spaced,
}  # fmt: skip


def house(rng: random.Random, chome: str) -> str:
    """丁目 and house number: every hyphen, の, 番, 番地, 号, 地先, 番外地, plots of 甲 and イ."""
    block, number = str(rng.randint(1, 40)), str(rng.randint(1, 30))
    dash = rng.choice((*HYPHENS, "の", "ノ", " - ", "　－　"))
    if not chome:
        lot = str(rng.randint(50, 3000))
        plot = rng.choice(("甲", "乙", "丙", "イ", "ロ", "ハ"))
        return rng.choice(
            (
                f"{lot}番地", f"{lot}{dash}{number}", f"{lot}番地の{number}", f"{lot}番地{number}", f"{lot}番{number}",
                f"{lot}番{number}号", f"{lot}番地先", f"{lot}地先", "番外地", "無番地", f"{plot}{lot}",
                f"{plot}{lot}番地{number}", f"{digits_to_kanji(lot)}番地",
            )
        )  # fmt: skip
    spoken = rng.choice((digits_to_kanji(chome), chome, chome.translate(_WIDE)))
    said = rng.choice(
        (
            f"{spoken}丁目{block}番{number}号", f"{spoken}丁目{block}{dash}{number}", f"{spoken}丁目",
            f"{chome}{dash}{block}{dash}{number}", f"{spoken}丁目{block}番地{number}", f"{spoken}丁目{block}番地先",
            f"{spoken}丁目{block}番{number}", f"{spoken}丁目{block}番地の{number}",
            f"{spoken}丁目 {digits_to_kanji(block)}番{digits_to_kanji(number)}号",
        )
    )  # fmt: skip
    return said.translate(_WIDE) if rng.random() < 0.3 else said


def street(rng: random.Random, code: str) -> str:
    """京都: street and direction before the town; elsewhere nothing."""
    return rng.choice(_STREETS) if is_kyoto(code) and rng.random() < 0.5 else ""
