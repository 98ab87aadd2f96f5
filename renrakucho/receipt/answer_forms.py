"""Answer forms: what a person at the provider types to accept or return a notice, at the desk or on paper."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.identifiers import LONGEST_NUMBER
from renrakucho.lib.text_fields import NO_SECRET_CHECK, TextLineField, TextLinesField
from renrakucho.notice.models import Notice
from renrakucho.provider.audit_log import OpeningReason
from renrakucho.receipt.identity_check import LONGEST_CHECK_NOTE, CheckWay, IdentityCheck, needs_identity_check
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


class ReasonForm(forms.Form):
    """Why a confidential notice is opened."""

    reason = forms.ChoiceField(
        label=_("開くわけ"),
        choices=OpeningReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("開くわけを1つお選びください。"),
            "invalid_choice": _("開くわけを1つお選びください。"),
        },
    )


class IdentityCheckForm(forms.Form):
    """How whoever accepts made sure that the provider's own customer asked for it."""

    check = forms.ChoiceField(
        label=_("ご本人からのれんらくであることの確かめ方"),
        choices=CheckWay.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("お客さま番号がないれんらくです。どう確かめたかを選んでください。"),
            "invalid_choice": _("確かめ方を、この中から選んでください。"),
        },
    )
    check_note = TextLineField(
        label=_("確かめ方のメモ"),
        max_length=LONGEST_CHECK_NOTE,
        required=False,
        error_messages={"max_length": _("メモは%(limit_value)d文字までです。いまは%(show_value)d文字あります。")},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse «other» without words."""
        cleaned = super().clean() or {}
        if cleaned.get("check") == CheckWay.OTHER and "check_note" in cleaned and not cleaned["check_note"]:
            self.add_error("check_note", _("どう確かめたかを書いてください。"))
        return cleaned

    def said(self) -> IdentityCheck:
        """The check. Call it when the form is valid."""
        return IdentityCheck(self.cleaned_data["check"], self.cleaned_data["check_note"])


def check_form_for(notice: Notice, data: Mapping[str, Any] | None = None) -> IdentityCheckForm | None:
    """The form that has to be filled before this notice is accepted; None: it needs none."""
    return IdentityCheckForm(data) if needs_identity_check(notice) else None
