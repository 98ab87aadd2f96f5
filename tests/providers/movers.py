"""Movers as they come: names in any script, addresses of any length, with and without what is optional."""

from datetime import date

from hypothesis import strategies as st

from renrakucho.fact.catalogue import CATALOGUE, PAYMENTS
from renrakucho.notice.sample_movers import RETURN_URL
from renrakucho.sheet.code_tables import TABLES

Texts = st.SearchStrategy[str]

DAYS = st.dates(date(2026, 11, 26), date(2026, 12, 20)).map(str)


def seldom(odd: Texts, mostly: Texts) -> Texts:
    """One in twelve is odd: a move has some thirty facts, and most forms shall be fillable."""
    return st.integers(0, 11).flatmap(lambda drawn: odd if drawn == 11 else mostly)


def typed(ordinary: str, odd: str, longest: int, shortest: int = 1) -> Texts:
    """Without spaces at the ends, as the pages take it."""
    mostly = st.text(ordinary, min_size=shortest, max_size=longest * 2 // 3)
    return seldom(st.text(ordinary + odd, max_size=longest * 2).map(str.strip), mostly)


NAME = typed("山田中村佐藤渡邊邉葛々ヶ髙﨑\ufa19", "𠮷鷗\U000e0100Sé ～〜—・’", 12)
KANA = typed("あいうがぱアイウガパー", "ゔヴヮヰヱヵヶヷヽ・ \u3000", 14)
BUILDING = typed("コーポグランドハイツ第一弐番館Ａ棟", "ABCｺｰﾎﾟ \u3000〜～—―㈱①Ⅱ🏠", 30, shortest=0)
BLOCK = typed("0123456789０１２９-－−ー", "の丁目番地号〜", 12)
ROOM = typed("0123ＡＢ", "棟号室 ①", 10, shortest=0)
BY_PART: dict[str, Texts] = {
    **dict.fromkeys(("family_name", "given_name"), NAME),
    **dict.fromkeys(("family_kana", "given_kana"), KANA),
    "postal_code": st.from_regex("[0-9]{7}", fullmatch=True).map(str),
    "prefecture": st.sampled_from(sorted(TABLES["prefecture_code"])),
    "municipality": st.sampled_from(["千代田区", "西多摩郡瑞穂町", "川崎市幸区", "昭島市", "長生郡一宮町"]),
    "municipality_code": seldom(st.just(""), st.sampled_from(["13101", "13303", "14132", "13207", "12421"])),
    "town": seldom(st.just(""), st.sampled_from(["九段南", "昭和町", "大通西（１～１９丁目）"])),
    "block": BLOCK,
    "building": BUILDING,
    "room": ROOM,
}
BY_NAME: dict[str, Texts] = {
    "billing.name": NAME,
    "contact.phone": st.sampled_from(["03-1234-5678", "０４２５４４５１１１", "090 1234 5678", "0467-88-1111"]),
    "contact.email": seldom(st.just("x" * 60 + "+move@mail.example.jp"), st.just("a@example.jp")),
    "move.leave_on": DAYS,
    "move.arrive_on": DAYS,
    "payment.final": seldom(st.just(""), st.sampled_from([code for code, _ in PAYMENTS])),
    "return.url": st.just(RETURN_URL),
}


def movers() -> st.SearchStrategy[dict[str, str]]:
    """All facts by name. The days are within every form's window, counted from stand_in.TODAY."""
    return st.fixed_dictionaries({name: (BY_PART | BY_NAME)[_key(name)] for name in CATALOGUE})


def _key(name: str) -> str:
    return name if name in BY_NAME else name.partition(".")[2]
