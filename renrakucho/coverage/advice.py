"""What a mover can do with an answer: whose contract it is, and where to ask on."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from renrakucho.coverage.answer import Status
from renrakucho.provider.models import Industry

# Since April 2016 (electricity) and April 2017 (gas) everybody chooses a company; the area's own is only the likeliest.
_CONTRACT: Mapping[str, Promise] = {
    Industry.ELECTRICITY: _(
        "電気の契約先は、この地域の会社とは限りません（2016年から選べます）。"
        "検針票や会社のマイページで、会社の名前と22けたの「供給地点特定番号」を確かめてください。"
    ),
    Industry.GAS: _(
        "都市ガスの契約先は、この地域の会社とは限りません（2017年から選べます）。"
        "検針票や会社のマイページで、会社の名前を確かめてください。"
    ),
    Industry.TELEPHONE: _(
        "ここに出るのは、固定電話のこの地域の会社です。ひかり電話やケーブルテレビの電話などは、"
        "請求書にある会社へ連絡してください。"
    ),
}
_ASK_LP = _(
    "都市ガスが来ていない建物は、LPガス（プロパンガス）です。"
    "ガスメーターや検針票にある会社の名前を見るか、大家さんか管理会社に聞いてください。"
)
_OF_STATUS: Mapping[tuple[str, Status], Promise] = {
    (Industry.GAS, "ask"): _ASK_LP,
    (Industry.GAS, "none_here"): _ASK_LP,
    (Industry.GAS, "not_known"): _ASK_LP,
    (Industry.WATER, "ask"): _(
        "同じ町の中でも、番地によって分かれることがあります。検針票を見るか、"
        "どちらかの窓口に番地を伝えて聞いてください。"
    ),
    (Industry.WATER, "not_known"): _("水道の窓口は、市区町村の公式サイトで調べてください。"),
    (Industry.ELECTRICITY, "ask"): _("検針票を見るか、どちらかの窓口に番地を伝えて聞いてください。"),
    (Industry.TELEPHONE, "ask"): _("どちらの会社でも、局番なしの116で聞けます。"),
}
_PROBABLY = _("公式でない資料によります。連絡する前に、公式サイトでも確かめてください。")


def advice(industry: str, status: Status) -> tuple[str, ...]:
    """Sentences to show beside an answer of this industry and status, in order; none where nothing is to be said."""
    said: list[Promise | None] = [
        _PROBABLY if status == "probably" else None,
        _OF_STATUS.get((industry, status)),
        _CONTRACT.get(industry) if status in ("exact", "by_town", "probably", "ask") else None,
    ]
    return tuple(str(sentence) for sentence in said if sentence is not None)
