"""Providers' own texts in the reader's language: the labels, helps and rules of their sheets.

A sheet is Japanese, and what it sends stays Japanese. Its texts are translated in the catalogues like those of the
pages; a reader of another language sees the label that stands on the provider's form beside its translation.
"""

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext


def translated_text(japanese: str) -> str:
    """Return the text in the language of the page; as it is where there is no translation."""
    return gettext(japanese) if japanese else ""  # gettext answers "" with the catalogue's head


def text_in_both(japanese: str) -> SafeString:
    """Return the text as HTML: translated, with the Japanese after it. Each says its language."""
    if get_language() in (None, settings.LANGUAGE_CODE):
        return format_html("{}", japanese)
    translated = translated_text(japanese)
    if translated == japanese:
        return format_html('<span lang="ja">{}</span>', japanese)
    return format_html('{} <span class="in-japanese" lang="ja">{}</span>', translated, japanese)
