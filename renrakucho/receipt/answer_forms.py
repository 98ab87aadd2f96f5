"""Answer forms: what a person at the provider types to accept or return a notice, at the desk or on paper."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import LONGEST_NUMBER
from renrakucho.lib.text_fields import NO_SECRET_CHECK, TextLineField, TextLinesField
from renrakucho.receipt.provider_actions import LONGEST_REASON


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number."""

    number = TextLineField(
        label=_("受付番号"),
        secret_check=NO_SECRET_CHECK,  # the provider's own number, of any shape
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": _("貴社の受付番号をご入力ください。お客さまにお知らせします。"),
            "max_length": _("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
        },
    )

    @classmethod
    def for_office(cls, data: Mapping[str, Any] | None = None) -> "AcceptForm":
        """The form whose messages address the reader as 貴所, as on paper, and not as 貴社."""
        form = cls(data)
        form.fields["number"].error_messages["required"] = _(
            "貴所の受付番号をご入力ください。お客さまにお知らせします。"
        )
        return form


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = TextLinesField(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": _("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
        },
    )
