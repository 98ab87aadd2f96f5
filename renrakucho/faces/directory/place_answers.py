"""Answers for a place, industry by industry, with the texts that a reader needs beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.place import TownAt
from renrakucho.coverage.coverage_answer import CoverageAnswer
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.coverage.table_specs import COVERED_INDUSTRIES
from renrakucho.mover.entries import MovePlace
from renrakucho.notice.offer import Offer, claimed_offers_at


@dataclass(frozen=True, slots=True)
class IndustryAnswer:
    """The answer for one industry and its texts."""

    industry: str
    answer: CoverageAnswer

    @property
    def is_guess(self) -> bool:
        """Whether the source of the answer is not official."""
        return self.answer.status == "probably"

    @property
    def is_unknown(self) -> bool:
        """Whether the directory has no answer."""
        return self.answer.status == "not_known"

    @property
    def headline(self) -> str:
        return answer_headline(self.industry, self.answer)

    @property
    def next_step(self) -> str:
        return next_step(self.industry, self.answer)

    @property
    def contract_note(self) -> str:
        operators = {office.operator for office in self.answer.offices}
        if self.answer.status in ("none_here", "not_known"):
            return ""
        return contract_note(self.industry, operators.pop() if len(operators) == 1 else "")


def answers_at(town: TownAt, industries: Sequence[str] = COVERED_INDUSTRIES) -> list[IndustryAnswer]:
    """Return the answers for a town (for a municipality where the town is "") in the order of the industries."""
    return [IndustryAnswer(one, providers_at(town.municipality_code, town.town, one)) for one in industries]


def claimed_providers(town: TownAt, one: IndustryAnswer) -> list[Offer]:
    """Return connected providers that the directory does not name here, but their own folder or another portal's
    listing does. The directory's answer stays as it is.
    """
    named = {office.provider for office in one.answer.offices}
    place = MovePlace("", town.municipality_code, town.prefecture, town.municipality, town.town)
    return [offer for offer in claimed_offers_at(place, one.industry) if offer.name not in named]


LEADS_TO: dict[str, Promise] = {
    "moving": gettext_lazy("引越しの手続ができます"),
    "information": gettext_lazy("案内のページです"),
    "contact": gettext_lazy("お問い合わせのページです"),
    "home": gettext_lazy("ホームだけ"),
}
CONFIDENCE: dict[str, Promise] = {
    "official": gettext_lazy("公式の資料"),
    "unofficial": gettext_lazy("公式ではない資料"),
    "general": gettext_lazy("一般に知られていること"),
}
_FIND_OUT: dict[str, Promise] = {
    "electricity": gettext_lazy(
        "検針票か請求書に、会社の名前があります。これから住むところは、大家さんか管理会社に聞くとわかります。"
    ),
    "gas": gettext_lazy(
        "検針票か請求書に、会社の名前があります。LPガス(プロパンガス)のときは、ガスメーターかボンベに貼ってある紙にもあります。これから住むところは、大家さんか管理会社に「都市ガスかLPガスか、会社はどこか」を聞いてください。"
    ),
    "water": gettext_lazy(
        "検針票か請求書に、水道の事業者の名前があります。これから住むところは、大家さんか管理会社、または市区町村に聞くとわかります。"
    ),
    "telephone": gettext_lazy("毎月の請求書に、会社の名前があります。"),
}


def answer_headline(industry: str, answer: CoverageAnswer) -> str:
    """Return the line above the providers; "" where the answer is certain."""
    match answer.status:
        case "probably":
            return _("おそらく、ここです")
        case "ask":
            return _("次のどれかです") if len(answer.offices) > 1 else _("ここかもしれません")
        case "none_here":
            return _("都市ガスは通っていません") if industry == "gas" else _("受け持つ事業者がありません")
        case "not_known":
            return _("わかりません")
    return ""


def next_step(industry: str, answer: CoverageAnswer) -> str:
    """Say how to find out the rest; "" where the answer is complete."""
    if answer.status == "none_here" and industry == "gas":
        return _(
            "LPガス(プロパンガス)の建物です。ガスメーターかボンベに貼ってある紙に、会社の名前と電話番号があります。なければ、大家さんか管理会社に聞いてください。"
        )
    if answer.status in ("exact", "by_town"):
        return ""
    if answer.status == "probably":
        return _("公式の資料では、まだ確かめていません。検針票か請求書の会社の名前とお比べください。")
    return str(_FIND_OUT[industry])


def contract_note(industry: str, operator: str) -> str:
    """Say that the contract may be with another company than the area's; "" for water."""
    match industry:
        case "electricity" if operator:
            return _(
                "電線は%(operator)sが受け持っています。電気を買う会社は選べるので、契約先は別の会社かもしれません。手続は契約先にします。"
            ) % {"operator": operator}
        case "electricity":
            return _("電気を買う会社は選べるので、契約先は別の会社かもしれません。手続は契約先にします。")
        case "gas":
            return _("都市ガスも買う会社を選べるので、契約先は別の会社かもしれません。手続は契約先にします。")
        case "telephone":
            return _("固定電話の地域の会社です。光回線やケーブルテレビの電話のときは、契約先の会社に手続します。")
    return ""
