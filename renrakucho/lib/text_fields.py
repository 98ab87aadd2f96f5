"""Text fields of every form: what is typed is cleaned (typed_text), and what cannot be meant is named in a message.
A secret that no provider needs (secret_text) is refused in each of them, with the way out in the message.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from renrakucho.lib.secret_text import Secret, find_secret
from renrakucho.lib.typed_text import UnreadableCharacter, clean_code, clean_line, clean_lines, find_unreadable


@dataclass(frozen=True, slots=True)
class SecretCheck:
    """How a field looks for secrets. number_asked, digits_expected: as in find_secret; `off`: the field does not look,
    since it asks for a key itself, or for a number that is the provider's own.
    """

    number_asked: bool = False
    digits_expected: int = 0
    off: bool = False

    def secret_in(self, text: str) -> Secret | None:
        """The kind of secret in a text, or None."""
        if self.off:
            return None
        return find_secret(text, number_asked=self.number_asked, digits_expected=self.digits_expected)


NO_SECRET_CHECK = SecretCheck(off=True)


class TextLineField(forms.CharField):
    """One line of text. Error codes: «unreadable», of a character that cannot be meant; «secret»."""

    in_lines = False
    secret_check = SecretCheck()

    def __init__(self, *args: Any, secret_check: SecretCheck | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secret_check = secret_check or self.secret_check

    def to_python(self, value: Any) -> str:
        """Return the cleaned text."""
        return str(super().to_python(self.cleaned_text(str(value or ""))))

    def validate(self, value: Any) -> None:
        """Raises ValidationError."""
        super().validate(value)
        if found := find_unreadable(value, in_lines=self.in_lines):
            raise ValidationError(unreadable_message(found), code="unreadable")
        if secret := self.secret_check.secret_in(value):
            raise ValidationError(secret_message(secret), code="secret")

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

    secret_check = SecretCheck(number_asked=True)

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


def secret_message(secret: Secret) -> str:
    """Say which secret was typed, why it is refused, and how to go on where it is none."""
    return {
        "my_number": _(
            "マイナンバーのようです。引越しの連絡には要らない番号なので、消してください。"
            "お客さま番号など、ほかの番号のときは、数字の前に「お客さま番号」のように書いてください。"
        ),
        "card_number": _(
            "クレジットカードの番号のようです。引越しの連絡には要らない番号なので、消してください。"
            "ほかの番号のときは、ここには書かずに、事業者へお電話でお伝えください。"
        ),
        "password": _(
            "パスワードや暗証番号のようです。引越しの連絡には要らないので、消してください。だれにも知らせないでください。"
        ),
    }[secret]
