"""What the answers are called on the pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from renrakucho.coverage.answer import Answer
from renrakucho.page.words import INDUSTRIES

SEARCHED = ("electricity", "gas", "water", "telephone")

LINK_GROUPS: dict[str, Promise] = {
    **{code: INDUSTRIES[code] for code in (*SEARCHED, "internet", "broadcasting", "credit_card", "bank", "insurance")},
    "post": pgettext_lazy("industry", "郵便"),
    "parcel": pgettext_lazy("industry", "宅配便"),
    "car": pgettext_lazy("industry", "自動車"),
    "public": pgettext_lazy("industry", "役所の手続"),
}
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


def headline(industry: str, answer: Answer) -> str:
    """What stands above the providers; "" where the answer is plain."""
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


def next_step(industry: str, answer: Answer) -> str:
    """How to find out what the answer leaves open; "" where it leaves nothing."""
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
    """That the operator of an area is not always the company one has a contract with; "" for water."""
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
