"""Formats of days, moments, telephone numbers, addresses and providers' own texts as a reader meets them, and labels of
channels.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override, pgettext, pgettext_lazy

from renrakucho.lib.phone import BadPhone, parse_phone

CHANNEL_LABELS: dict[str, Promise] = {
    "weblink": pgettext_lazy("channel", "Webリンク"),
    "inbox": pgettext_lazy("channel", "受付窓口"),
    "webhook": pgettext_lazy("channel", "システム連携"),
    "pull": pgettext_lazy("channel", "システム連携(取得)"),
    "files": pgettext_lazy("channel", "夜間ファイル"),
    "fax": pgettext_lazy("channel", "FAX"),
    "relay": pgettext_lazy("channel", "連携先サイト"),
}


def channel_label(code: str) -> str:
    """Return 受付窓口 for `inbox`; "" for a notice that no channel carries."""
    return str(CHANNEL_LABELS.get(code, ""))


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
    """Return the day of an aware datetime in the portal's time zone; a date as it is."""
    return timezone.localtime(on).date() if isinstance(on, datetime) else on


def format_day(on: date) -> str:
    """Format as 12月5日(土). An aware datetime counts as its day in the portal's time zone, here and below."""
    return _in_format(on, "day")


def format_long_day(on: date) -> str:
    """Format as 2026年12月5日(土)."""
    return _in_format(on, "long day")


def format_as_of(text: str) -> str:
    """Format a day as far as it is known: 2026-08-16, 2022-03 or 2025 as 2026年8月16日, 2022年3月 or 2025年."""
    year, month, on = (*text.split("-"), "", "")[:3]
    if on:
        return _in_format(date.fromisoformat(text), "plain day")
    return _in_format(date(int(year), int(month or 1), 1), "month of year" if month else "year")


def weekday_name(on: date) -> str:
    """Format as 土."""
    return _in_format(on, "weekday")


def day_of_any_year(month: int, on: int) -> str:
    """Format as 12月29日."""
    return _in_format(date(2000, month, on), "day of any year")


def month_name(on: date) -> str:
    """Format as 12月."""
    return _in_format(on, "month")


def _in_format(on: date, name: str) -> str:
    return _written(local_day(on), str(_FORMATS[name]), get_language())


@lru_cache(maxsize=2048)  # a page names the same few days again and again
def _written(on: date, letters: str, language: str | None) -> str:
    return written(on, letters)


def join_sentences(*sentences: object) -> str:
    """Join the sentences that are not empty, with a space between them in languages that have one."""
    text = ""
    for sentence in filter(None, map(str, sentences)):
        parts = {"first": text, "next": sentence}
        text = pgettext("two sentences", "%(first)s%(next)s") % parts if text else sentence
    return text


def format_clock(at: datetime | time) -> str:
    """Format as 14:05, in the portal's time zone."""
    shown = timezone.localtime(at) if isinstance(at, datetime) else at
    return f"{shown:%H:%M}"


def format_moment(at: datetime) -> str:
    """Format as 12月5日(土) 14:05, in the portal's time zone."""
    return pgettext("moment", "%(day)s %(clock)s") % {"day": format_day(at), "clock": format_clock(at)}


def format_postal_code(code: str) -> str:
    """Format seven digits as 206-0041; any other text stays as it is."""
    return f"{code[:3]}-{code[3:]}" if len(code) == 7 and code.isdecimal() else code


@lru_cache(maxsize=512)  # the same providers' numbers on page after page
def format_phone(number: str) -> str:
    """Format as 03-1234-5678; a text that is no whole number stays as it is (117, 「内線 12」)."""
    try:
        return parse_phone(number).text
    except BadPhone:
        return number


def format_address(parts: Mapping[str, str]) -> str:
    """Format the facts of an address (postal_code … room) as 〒206-0041 東京都多摩市愛宕1-2-3 メゾン多摩 101.

    Parts that are missing or empty are left out.
    """
    street = "".join(parts.get(name, "") for name in ("prefecture", "municipality", "town", "block"))
    code = parts.get("postal_code", "")
    said = [f"〒{format_postal_code(code)}" if code else "", street, parts.get("building", ""), parts.get("room", "")]
    return " ".join(part for part in said if part)


def translated_text(japanese: str) -> str:
    """Return a text of a provider's sheet in the language of the page; as it is where there is no translation."""
    return gettext(japanese) if japanese else ""  # gettext answers "" with the catalogue's head


def text_in_both(japanese: str) -> SafeString:
    """Return a text of a provider's sheet as HTML: translated, and then as it stands on the provider's form."""
    if get_language() in (None, settings.LANGUAGE_CODE):
        return format_html("{}", japanese)
    translated = translated_text(japanese)
    if translated == japanese:
        return format_html('<span lang="ja">{}</span>', japanese)
    return format_html('{} <span class="in-japanese" lang="ja">{}</span>', translated, japanese)


class SpokenSentence(NamedTuple):
    """A sentence that the mover says on the telephone. translated: what it means; "" for a reader of Japanese."""

    japanese: str
    translated: str


def spoken_sentence(japanese: str, **words: str | Promise) -> SpokenSentence:
    """Return the sentence with its words, such as %(title)s, in Japanese and in the language of the page."""
    with override(settings.LANGUAGE_CODE):
        said = japanese % {name: str(word) for name, word in words.items()}
    if get_language() in (None, settings.LANGUAGE_CODE):
        return SpokenSentence(said, "")
    return SpokenSentence(said, gettext(japanese) % {name: translated_text(str(word)) for name, word in words.items()})
