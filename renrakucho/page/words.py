"""The words of the field as a reader meets them, for the codes that are stored."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

INDUSTRIES: dict[str, Promise] = {
    "electricity": pgettext_lazy("industry", "電気"),
    "gas": pgettext_lazy("industry", "ガス"),
    "water": pgettext_lazy("industry", "水道"),
    "telephone": pgettext_lazy("industry", "電話"),
    "broadcasting": pgettext_lazy("industry", "放送(NHK)"),
    "credit_card": pgettext_lazy("industry", "クレジットカード"),
    "bank": pgettext_lazy("industry", "銀行"),
    "insurance": pgettext_lazy("industry", "保険"),
    "internet": pgettext_lazy("industry", "インターネット"),
}
PROCEDURES: dict[str, Promise] = {
    "stop": pgettext_lazy("procedure", "停止"),
    "start": pgettext_lazy("procedure", "開始"),
    "change": pgettext_lazy("procedure", "住所変更"),
}
ENDS: dict[str, Promise] = {
    "leaving": pgettext_lazy("end", "転出"),
    "arriving": pgettext_lazy("end", "転入"),
}
STATUSES: dict[str, Promise] = {
    "not_entered": pgettext_lazy("status", "未入力"),
    "entered": pgettext_lazy("status", "入力済"),
    "handed_over": pgettext_lazy("status", "引継中"),
    "sent": pgettext_lazy("status", "送信済"),
    "accepted": pgettext_lazy("status", "受理"),
    "returned": pgettext_lazy("status", "差戻し"),
    "withdrawn": pgettext_lazy("status", "取消"),
    "undelivered": pgettext_lazy("status", "未達"),
}


def industry(code: str) -> str:
    """電気 for `electricity`; KeyError for a code that nobody knows."""
    return str(INDUSTRIES[code])


def procedure(code: str) -> str:
    """停止 for `stop`."""
    return str(PROCEDURES[code])


def end(code: str) -> str:
    """転出 for `leaving`."""
    return str(ENDS[code])


def status(code: str) -> str:
    """受理 for `accepted`."""
    return str(STATUSES[code])
