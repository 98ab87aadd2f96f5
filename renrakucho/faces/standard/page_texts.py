"""Texts of the standard's pages around those of the schemas, in two languages, which are published side by side."""

from collections.abc import Mapping

from django.utils.translation import gettext

from renrakucho.lib.message_text import N_
from renrakucho.standard.schemas import Schema

NAMES = {"ja": N_("日本語"), "en": "English"}  # each in its own language, so never translated

_JAPANESE = {
    "standard": N_("引越れんらくの標準"),
    "schema": N_("スキーマ"),
    "members": N_("項目"),
    "facts": N_("事実"),
    "examples": N_("例"),
    "required": N_("必須"),
    "optional": N_("任意"),
    "values": N_("値"),
    "more_values": N_("値は増えることがあります。知らない値を読みとばせるようにしてください。"),
    "pattern": N_("かたち"),
    "ways": N_("言いかた"),
    "told_on": N_("くわしくは「%s」のページ"),
    "same_as": N_("中身は %s と同じ"),
    "gif": N_("GIFの項目"),
    "sensitivity": N_("扱い"),
    "machine": N_("機械のための値"),
    "whose": N_("だれの言葉"),
    "lead_json": N_("JSON Schema 2020-12。このページはスキーマから作っています。"),
    "plain": N_("ふつうの例"),
    "string": N_("文字列"),
    "integer": N_("整数"),
    "boolean": N_("真偽"),
    "object": N_("まとまり"),
    "array": N_("並び"),
    "date": N_("日"),
    "date-time": N_("日時"),
    "uri": N_("アドレス"),
    "email": N_("メールアドレス"),
    "const": N_("いつも「%s」"),
    "enum": N_("どれか一つ"),
    "one_of": N_("このうち一つ: %s"),
    "is_personal": N_("個人の情報"),
    "is_location": N_("居場所がわかる情報"),
    "is_payment": N_("支払いの情報"),
    "is_plain": N_("個人の情報ではない"),
    "at_most": N_("%s文字まで"),
    "between": N_("%sから%s"),
}
_ENGLISH = {
    "standard": "The moving notice standard",
    "schema": "Schema",
    "members": "Members",
    "facts": "Facts",
    "examples": "Examples",
    "required": "required",
    "optional": "optional",
    "values": "Values",
    "more_values": "More values may be added: be ready to skip one that you do not know.",
    "pattern": "Pattern",
    "ways": "Ways",
    "told_on": "See the page “%s”",
    "same_as": "Made like %s",
    "gif": "GIF item (in Japanese)",
    "sensitivity": "Sensitivity",
    "machine": "Values for programs",
    "whose": "Whose word",
    "lead_json": "JSON Schema 2020-12. This page is made from the schema.",
    "plain": "The plain one",
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "group",
    "array": "list",
    "date": "day",
    "date-time": "moment",
    "uri": "address",
    "email": "e-mail address",
    "const": "always “%s”",
    "enum": "one of",
    "one_of": "Exactly one of: %s",
    "is_personal": "about a person",
    "is_location": "says where somebody lives",
    "is_payment": "about payment",
    "is_plain": "not personal",
    "at_most": "at most %s characters",
    "between": "%s to %s",
}
VARIANTS: Mapping[str, tuple[str, str]] = {
    "": (_JAPANESE["plain"], _ENGLISH["plain"]),
    "replacing": (N_("前の連絡に代わるもの"), "One that replaces another"),
    "reported": (N_("本人に覚えがないとの申告"), "Reported as not theirs"),
    "sent": (N_("届けた"), "Sent"),
    "opened": (N_("開いた"), "Opened"),
    "accepted": (N_("受理"), "Accepted"),
    "returned": (N_("差戻し"), "Sent back"),
    "undelivered": (N_("未達"), "Undelivered"),
}


def page_texts(language: str) -> dict[str, str]:
    """Return all texts of a language, by name."""
    return _ENGLISH if language == "en" else {name: gettext(text) for name, text in _JAPANESE.items()}


def variant_text(name: str, language: str) -> str:
    """Return the title of an example's variant."""
    japanese, english = VARIANTS.get(name, (name, name))
    return english if language == "en" else gettext(japanese)


def schema_title(schema: Schema, language: str) -> str:
    """Return the title of a schema, or of a part of one."""
    return str(schema.get("x-en", {}).get("title", "") if language == "en" else schema.get("title", ""))


def schema_description(schema: Schema, language: str) -> str:
    """Return the description of a schema, or of a part of one."""
    return str(schema.get("x-en", {}).get("description", "") if language == "en" else schema.get("description", ""))


def type_text(schema: Schema, language: str) -> str:
    """Say of which type a value is."""
    texts = page_texts(language)
    if "const" in schema:
        return texts["const"] % str(schema["const"])
    if "enum" in schema:
        return texts["enum"]
    parts = [texts[str(schema.get("format") or schema.get("type") or "string")]]
    if "maximum" in schema:
        parts.append(texts["between"] % (schema["minimum"], schema["maximum"]))
    if "maxLength" in schema:
        parts.append(texts["at_most"] % schema["maxLength"])
    return ", ".join(parts) if language == "en" else "、".join(parts)
