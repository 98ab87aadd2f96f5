"""Problems of a query: for each reason its HTTP status, and what to say of it to people and to programs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from renrakucho.address.place_query import PlaceError
from renrakucho.lib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class QueryAdvice:
    """`status` is that of HTTP. `title` (English) is for programs, `said` and `next_step` are for people."""

    status: int
    title: str
    said: Promise
    next_step: Promise

    @property
    def whole(self) -> str:
        """Both in one text."""
        return gettext("%(said)s。%(next_step)s") % {"said": self.said, "next_step": self.next_step}


ADVICE = {
    "empty": QueryAdvice(
        422,
        "Nothing was asked",
        _("郵便番号か住所が入っていません"),
        _("郵便番号7けた、または市区町村と町の名前を入れてください。"),
    ),
    "letters": QueryAdvice(
        422,
        "The postal code has characters other than digits",
        _("郵便番号に、数字ではない文字があります"),
        _("数字7けたで入れてください。わからないときは、住所を入れてもさがせます。"),
    ),
    "length": QueryAdvice(
        422,
        "The postal code does not have seven digits",
        _("郵便番号が7けたではありません"),
        _("数字7けたで入れてください。3けたや5けたの古い番号は、今は使われていません。"),
    ),
    "unknown": QueryAdvice(
        404,
        "There is no such postal code",
        _("この郵便番号は見つかりません"),
        _("番号をお確かめください。新しくできた番号のときは、住所を入れるとさがせます。"),
    ),
    "unknown_place": QueryAdvice(
        404,
        "There is no such municipality or town",
        _("この市区町村や町は見つかりません"),
        _("名前が変わったか、リンクが古いのかもしれません。住所を入れて、もう一度おさがしください。"),
    ),
    "not_an_address": QueryAdvice(
        422,
        "The text is not understood as an address in Japan",
        _("日本の住所として読み取れませんでした"),
        _("都道府県か市区町村から入れてください。国外の住所は調べられません。"),
    ),
    "too_long": QueryAdvice(
        422,
        "The text is too long for an address",
        _("住所にしては長すぎます"),
        _("300文字までで、住所だけを入れてください。"),
    ),
    "unknown_industry": QueryAdvice(
        422,
        "The industry is none of electricity, gas, water and telephone",
        _("業種の指定がちがいます"),
        _("電気・ガス・水道・電話のどれかをお選びください。"),
    ),
    "limit": QueryAdvice(
        422,
        "The limit is not a whole number from 1 to 50",
        _("件数の指定がちがいます"),
        _("1から50までの数字を入れてください。"),
    ),
    "method": QueryAdvice(
        405,
        "Only GET and HEAD are answered here",
        _("この呼び出し方はできません"),
        _("GETでお問い合わせください。"),
    ),
    "too_many": QueryAdvice(
        429,
        "Too many requests",
        _("短い間に何度も問い合わせがありました"),
        _("Retry-After の秒数だけ待って、もう一度お試しください。全部のデータがいるときは、まとめて取り出せます。"),
    ),
}


class QueryError(InvalidInput):
    """The query is wrong in another way than in its place; `reason` is a key of ADVICE."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def query_advice(error: PlaceError | QueryError) -> QueryAdvice:
    """Return what to say of the error."""
    return ADVICE[error.reason]
