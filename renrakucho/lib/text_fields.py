"""Text fields of every form: what is typed is cleaned (typed_text), and what cannot be meant is named in a message."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from renrakucho.lib.typed_text import UnreadableCharacter, clean_code, clean_line, clean_lines, find_unreadable


class TextLineField(forms.CharField):
    """One line of text. Error code of a character that cannot be meant: «unreadable»."""

    in_lines = False

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        return str(super().to_python(self.cleaned_text(str(value or ""))))

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if found := find_unreadable(value, in_lines=self.in_lines):
            raise ValidationError(unreadable_message(found), code="unreadable")

    def cleaned_text(self, typed: str) -> str:
        """Clean a typed text as this field does."""
        return clean_line(typed)


class TextLinesField(TextLineField):
    """Several lines of text; a line end counts as one character, whatever the browser sends for it."""

    in_lines = True

    def cleaned_text(self, typed: str) -> str:
        """Clean a typed text, each line by itself."""
        return clean_lines(typed)


class CodeField(TextLineField):
    """A number, a code or an address of a machine, in ASCII width."""

    def cleaned_text(self, typed: str) -> str:
        """Clean a typed code."""
        return clean_code(typed)


def unreadable_message(found: UnreadableCharacter) -> str:
    """Say which character cannot be read, by the text around it."""
    return {
        "unseen": _("「%(text)s」の■のところに、目に見えない文字が入っています。消してから、もう一度入れてください。"),
        "reversed": _(
            "「%(text)s」の■のところに、文字を逆に並べる、目に見えない文字が入っています。"
            "消してから、もう一度入れてください。"
        ),
        "break": _("「%(text)s」の■のところに、改行が入っています。1行で入れてください。"),
        "garbled": _("「%(text)s」の■のところが、文字化けしています。打ち直してください。"),
        "private": _(
            "「%(text)s」の■のところは、お使いの機器だけで読める外字です。ほかの機器でも読める字に打ち直してください。"
        ),
    }[found.kind] % {"text": found.shown}
