"""What a clerk types about a notice."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from renrakucho.faces.desk.forms import has_unseen, in_own_words
from renrakucho.receipt.provider_turn import LONGEST_NUMBER, LONGEST_REASON

_INVISIBLE = _("受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。")


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number."""

    number = forms.CharField(
        label=_("受付番号"),
        max_length=LONGEST_NUMBER,
        error_messages=in_own_words(
            required=_("貴社の受付番号をご入力ください。お客さまにお知らせします。"),
            max_length=_("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            null_characters_not_allowed=_INVISIBLE,
        ),
    )

    def clean_number(self) -> str:
        """One line of what can be seen."""
        number: str = self.cleaned_data["number"]
        if has_unseen(number):
            raise ValidationError(_INVISIBLE)
        return number


class Lines(forms.CharField):
    """Several lines; a line end counts as one character, whatever the browser sends for it."""

    def to_python(self, value: object) -> str:
        """With plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = Lines(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages=in_own_words(
            required=_("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            max_length=_("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            null_characters_not_allowed=_("理由に、文字として読めないものが入っています。打ち直してください。"),
        ),
    )

    def clean_reason(self) -> str:
        """As typed; a tab is what a spreadsheet puts between cells."""
        reason: str = self.cleaned_data["reason"]
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in reason if char not in "\n\t"):
            raise ValidationError(_("理由に、文字として読めないものが入っています。打ち直してください。"))
        return reason
