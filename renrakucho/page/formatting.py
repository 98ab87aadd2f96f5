"""The words of the field as a reader meets them, for the codes that are stored."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from renrakucho.lib.phone import BadPhone, parse_phone

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

CHANNELS: dict[str, Promise] = {
    "weblink": pgettext_lazy("channel", "Webリンク"),
    "inbox": pgettext_lazy("channel", "受付窓口"),
    "webhook": pgettext_lazy("channel", "システム連携"),
    "pull": pgettext_lazy("channel", "システム連携(取得)"),
    "files": pgettext_lazy("channel", "夜間ファイル"),
    "fax": pgettext_lazy("channel", "FAX"),
    "relay": pgettext_lazy("channel", "連携先サイト"),
}


def industry_label(code: str) -> str:
    """電気 for `electricity`; KeyError for a code that nobody knows."""
    return str(INDUSTRIES[code])


def procedure_label(code: str) -> str:
    """停止 for `stop`."""
    return str(PROCEDURES[code])


def end_label(code: str) -> str:
    """転出 for `leaving`."""
    return str(ENDS[code])


def status_label(code: str) -> str:
    """受理 for `accepted`."""
    return str(STATUSES[code])


def channel(code: str) -> str:
    """受付窓口 for `inbox`; "" for a notice that no channel carries."""
    return str(CHANNELS.get(code, ""))


# Formats of days in Django's letters; the catalogue gives each language its own.
_FORMATS = {
    "day": pgettext_lazy("date format", "n月j日(D)"),
    "long day": pgettext_lazy("date format", "Y年n月j日(D)"),
    "plain day": pgettext_lazy("date format", "Y年n月j日"),
    "month of year": pgettext_lazy("date format", "Y年n月"),
    "year": pgettext_lazy("date format", "Y年"),
    "day of any year": pgettext_lazy("date format", "n月j日"),
    "month": pgettext_lazy("date format", "n月"),
    "weekday": pgettext_lazy("date format", "D"),
}


def local_day(on: date) -> date:
    """The day in the portal's time zone, where a moment (aware datetime) was given; a day as it is."""
    return timezone.localtime(on).date() if isinstance(on, datetime) else on


def format_day(on: date) -> str:
    """12月5日(土). A moment is taken as its day here, in this and the next ones."""
    return _in_format(on, "day")


def format_long_day(on: date) -> str:
    """2026年12月5日(土)."""
    return _in_format(on, "long day")


def format_as_of(text: str) -> str:
    """2026年8月16日, 2022年3月 or 2025年, from 2026-08-16, 2022-03 or 2025: as far as a source says its day."""
    year, month, on = (*text.split("-"), "", "")[:3]
    if on:
        return _in_format(date.fromisoformat(text), "plain day")
    return _in_format(date(int(year), int(month or 1), 1), "month of year" if month else "year")


def weekday_name(on: date) -> str:
    """土."""
    return _in_format(on, "weekday")


def day_of_any_year(month: int, on: int) -> str:
    """12月29日."""
    return _in_format(date(2000, month, on), "day of any year")


def month_name(on: date) -> str:
    """12月."""
    return _in_format(on, "month")


def _in_format(on: date, name: str) -> str:
    return written(local_day(on), str(_FORMATS[name]))


def join_sentences(*said: object) -> str:
    """One text of the sentences that are not empty, with a space between them in languages that have one."""
    text = ""
    for sentence in filter(None, map(str, said)):
        parts = {"first": text, "next": sentence}
        text = pgettext("two sentences", "%(first)s%(next)s") % parts if text else sentence
    return text


def format_clock(at: datetime | time) -> str:
    """14:05, in the portal's time zone."""
    shown = timezone.localtime(at) if isinstance(at, datetime) else at
    return f"{shown:%H:%M}"


def format_postal_code(code: str) -> str:
    """206-0041 from seven digits; anything else stands as it was typed."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 and code.isdecimal() else code


@lru_cache(maxsize=512)  # the same providers' numbers on page after page
def format_phone(number: str) -> str:
    """03-1234-5678; what no number can be read from stands as it was typed (117, 「内線 12」)."""
    try:
        return parse_phone(number).text
    except BadPhone:
        return number


def format_address(parts: Mapping[str, str]) -> str:
    """〒206-0041 東京都多摩市愛宕1-2-3 メゾン多摩 101, from the facts of one address (postal_code … room).

    Parts that are missing or empty are left out.
    """
    street = "".join(parts.get(name, "") for name in ("prefecture", "municipality", "town", "block"))
    code = parts.get("postal_code", "")
    said = [f"〒{format_postal_code(code)}" if code else "", street, parts.get("building", ""), parts.get("room", "")]
    return " ".join(part for part in said if part)
