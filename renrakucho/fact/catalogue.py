"""Catalogue of facts: the smallest units of the data of a move.

A fact has a name, a label, a kind and a sensitivity. The facts of one move are a mapping from name to text: dates as
2026-12-05, choices as one of `choices`, the code of a municipality in five digits (JIS X 0402), all others as typed. A
fact that does not apply is the empty text.
The units follow the 2005 document («最小単位に分割»: forms are composed from them, never the reverse)
and, for addresses, the Government Interoperability Framework's DS-442 (building always apart from the block).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from renrakucho.lib.errors import NotFound
from renrakucho.lib.message_text import N_

Facts = Mapping[str, str]
Kind = Literal["text", "kana", "postal_code", "phone", "email", "date", "choice", "code", "url"]
Sensitivity = Literal["personal", "location", "payment", "plain"]


class UnknownFact(NotFound):
    """No fact has this name."""


@dataclass(frozen=True)
class Fact:
    """One fact. of: whose it is. optional: may be empty though a sheet asks for it (a building's name)."""

    name: str
    label: str
    of: str = ""
    kind: Kind = "text"
    sensitivity: Sensitivity = "personal"
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()


def _person(prefix: str, of: str) -> list[Fact]:
    return [
        Fact(f"{prefix}.family_name", N_("姓"), of),
        Fact(f"{prefix}.given_name", N_("名"), of),
        Fact(f"{prefix}.family_kana", N_("姓のフリガナ"), of, "kana"),
        Fact(f"{prefix}.given_kana", N_("名のフリガナ"), of, "kana"),
    ]


def _place(prefix: str, of: str) -> list[Fact]:
    return [
        Fact(f"{prefix}.postal_code", N_("郵便番号"), of, "postal_code", "location"),
        Fact(f"{prefix}.prefecture", N_("都道府県"), of, "text", "location"),
        Fact(f"{prefix}.municipality", N_("市区町村"), of, "text", "location"),
        Fact(f"{prefix}.municipality_code", N_("市区町村のコード"), of, "code", "location", optional=True),
        Fact(f"{prefix}.town", N_("町名"), of, "text", "location", optional=True),
        Fact(f"{prefix}.block", N_("丁目・番地"), of, "text", "location"),
        Fact(f"{prefix}.building", N_("建物名"), of, "text", "location", optional=True),
        Fact(f"{prefix}.room", N_("部屋番号"), of, "text", "location", optional=True),
    ]


PAYMENTS = (
    ("account", N_("いまと同じ方法（口座振替など）")),
    ("card", N_("クレジットカード")),
    ("slip", N_("あとから届く払込票")),
    ("on_site", N_("当日、立ち会って精算")),
)

CATALOGUE: dict[str, Fact] = {
    fact.name: fact
    for fact in [
        *_person("person", N_("引っ越す方")),
        *_person("holder", N_("ご契約者")),
        Fact("contact.phone", N_("日中つながる電話番号"), kind="phone"),
        Fact("contact.email", N_("メールアドレス"), kind="email"),
        *_place("origin", N_("いまの住所")),
        *_place("destination", N_("新しい住所")),
        Fact("move.leave_on", N_("いまの住まいを出る日"), kind="date", sensitivity="location"),
        Fact("move.arrive_on", N_("新しい住まいに入る日"), kind="date", sensitivity="location"),
        Fact(
            "payment.final",
            N_("最後の料金の支払い方法"),
            kind="choice",
            sensitivity="payment",
            choices=PAYMENTS,
        ),
        *_place("billing", N_("最後の請求書の届け先")),
        Fact("billing.name", N_("宛名"), N_("最後の請求書の届け先")),
        Fact("return.url", N_("引越れんらく帳へ戻るリンク"), kind="url", sensitivity="plain"),
    ]
}


def fact_named(name: str) -> Fact:
    """The fact of this name. Raises UnknownFact."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise UnknownFact(name) from None


# Verified claims: what an OpenID issuer can say of the contract holder that it has verified, and a sheet may ask for.
# The list has what a move has facts to compare with: nobody enters a birth date, so none is asked for.
ClaimName = Literal["name", "address"]
CLAIM_NAMES: tuple[ClaimName, ...] = get_args(ClaimName)
HOLDER_NAME: ClaimName = "name"  # always asked for: an address alone is that of a whole household
CLAIM_FACTS: Mapping[ClaimName, tuple[str, ...]] = {  # compared with it: a form that asks for it has to say them
    "name": ("holder.family_name", "holder.given_name"),
    "address": ("origin.prefecture", "origin.municipality", "origin.town", "origin.block"),
}
CLAIM_LABELS: Mapping[str, str] = {"name": N_("ご契約者のお名前"), "address": N_("引越元の住所")}
