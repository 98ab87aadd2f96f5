"""Form fields of the common items: how each may be typed, and the message where it cannot be read."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renrakucho.address.written.prefectures import PREFECTURES
from renrakucho.faces.book.text_fields import LONGEST_POSTAL_CODE, PostalCodeField
from renrakucho.fact.catalogue import Fact, fact_named
from renrakucho.lib.kana import LOOKS_LIKE_KANA, not_in_reading
from renrakucho.lib.phone import BadPhone, is_abroad, phone_text
from renrakucho.lib.text_fields import CodeField, TextLineField
from renrakucho.lib.typed_text import clean_kana
from renrakucho.notice.move_days import likely_day
from renrakucho.page.day_field import DayField
from renrakucho.page.formatting import format_long_day

# Not RFC 5322: addresses with two dots or one before the @ were given out by Japanese mobile carriers until 2009.
_EMAIL = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*\.[A-Za-z][0-9A-Za-z-]+")
_YEAR = timedelta(days=366)
_LONGEST = {"room": 20, "municipality": 40, "town": 60, "block": 60, "building": 60, "name": 100}
LONGEST_NAME = 100
_UNCHANGED = {"payment.final": "account"}  # the choice that leaves things as they are stands there already


class KanaField(TextLineField):
    """Hiragana or katakana of any width, kept as typed: each sheet converts it to what its provider wants."""

    def cleaned_text(self, typed: str) -> str:
        """Clean a reading: any dash is a long vowel."""
        return clean_kana(typed)

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        wrong = not_in_reading(value)
        if kana := LOOKS_LIKE_KANA.get(wrong):
            words = {"kanji": wrong, "kana": kana}
            raise ValidationError(
                _("「%(kanji)s」は、カタカナに似た漢字です。カタカナの「%(kana)s」を入れてください。") % words
            )
        if wrong:
            raise ValidationError(_("「%(text)s」は使えません。ひらがなかカタカナで入れてください。") % {"text": wrong})


class PhoneField(CodeField):
    """A phone number with its area code, returned with hyphens; one of another country as +1 212-555-0100."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text = super().clean(value)
        try:
            return phone_text(text) if text else ""
        except BadPhone as error:
            raise ValidationError(_phone_message(text)) from error


def _phone_message(text: str) -> str:
    if is_abroad(text):
        return _("この国番号の電話番号としては、けた数が合いません。もう一度お確かめください（例: +1 212-555-0100）。")
    return _(
        "電話番号を、市外局番から入れてください（例: 03-3515-6989、090-1234-5678）。"
        "外国の番号は「+」と国番号から入れます。"
    )


class EmailField(CodeField):
    """An e-mail address."""

    def clean(self, value: Any) -> str:
        """Raises ValidationError."""
        text: str = super().clean(value)
        if not text:
            return ""
        if any(unicodedata.east_asian_width(letter) in "WF" for letter in text):
            raise ValidationError(_("メールアドレスは、英数字と記号で入れてください（例: taro@example.jp）。"))
        if text.count("@") != 1:
            raise ValidationError(_("メールアドレスには「@」が1つだけ入ります（例: taro@example.jp）。"))
        if not _EMAIL.fullmatch(text):
            raise ValidationError(_("メールアドレスの形ではありません。打ちまちがいをお確かめください。"))
        return text


class MoveDayField(DayField):
    """A day of the move: within a year of today, before or after."""

    def clean(self, value: Any) -> date | None:
        """Raises ValidationError."""
        on: date | None = super().clean(value)
        today = timezone.localdate()
        if on and abs(on - today) > _YEAR:
            words = {"day": format_long_day(on), "likely": format_long_day(likely_day(on, today))}
            if on > today:
                raise ValidationError(
                    _("%(day)sは、1年より先の日です。%(likely)sでしたら、年をなおしてください。") % words
                )
            raise ValidationError(_("%(day)sは、1年より前の日です。%(likely)sでしたら、年をなおしてください。") % words)
        return on


def field_for(name: str) -> forms.Field:
    """Return the field of a fact, or of one of the two questions that are not facts.

    A field is made once for each language and shared: nothing in it changes while it is used, and making the thirty
    fields of a page for each request took as long as the rest of the request.
    """
    return _make_field(name, get_language() or "")


@lru_cache(maxsize=512)
def _make_field(name: str, language: str) -> forms.Field:
    if name == "holder.same":
        same = [("yes", _("引っ越す方と同じ")), ("no", _("ちがう方"))]
        return _choice(_("ご契約の名義"), same, initial="yes")
    if name == "billing.to":
        where = [("destination", _("新しい住所")), ("origin", _("いまの住所")), ("other", _("ほかの住所"))]
        return _choice(_("最後の請求書の届け先"), where, initial="destination")
    if name == "billing.prefecture":
        prefectures = [("", _("選んでください")), *((one, one) for one in PREFECTURES)]
        return _choice(_("都道府県"), prefectures)
    return _fact_field(fact_named(name))


def _fact_field(fact: Fact) -> forms.Field:
    label = _(fact.label)
    required = not fact.optional and fact.name != "billing.name"
    said: dict[str, Any] = {"label": label, "required": required}
    words = {"of": _(fact.of) if fact.of else "", "label": label}
    missing = _("%(of)sの%(label)sを入れてください。") if fact.of else _("%(label)sを入れてください。")
    said["error_messages"] = {"required": missing % words}
    if fact.kind == "date":
        return MoveDayField(label=label, required=required)
    if fact.kind == "choice":
        return _choice(label, [(code, _(word)) for code, word in fact.choices], _UNCHANGED.get(fact.name))
    kinds: dict[str, tuple[type[TextLineField], int]] = {
        "text": (TextLineField, _LONGEST.get(fact.name.partition(".")[2], LONGEST_NAME)),
        "kana": (KanaField, LONGEST_NAME),
        "phone": (PhoneField, 30),
        "email": (EmailField, 254),
        "postal_code": (PostalCodeField, LONGEST_POSTAL_CODE),
    }
    kind, longest = kinds[fact.kind]
    said["error_messages"]["max_length"] = _("%(limit)s文字までで入れてください。") % {"limit": longest}
    return kind(max_length=longest, **said)


def _choice(label: str, choices: list[tuple[str, str]], initial: str | None = None) -> forms.ChoiceField:
    messages = {"required": _("1つお選びください。"), "invalid_choice": _("この中からお選びください。")}
    return forms.ChoiceField(label=label, choices=choices, initial=initial, error_messages=messages)
