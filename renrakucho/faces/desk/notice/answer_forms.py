"""What a clerk types about a notice."""

from django import forms
from django.utils.translation import gettext_lazy as _

from renrakucho.page.visible_text_fields import VisibleLineField, VisibleTextField
from renrakucho.receipt.provider_actions import LONGEST_NUMBER, LONGEST_REASON


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number."""

    number = VisibleLineField(
        label=_("受付番号"),
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": _("貴社の受付番号をご入力ください。お客さまにお知らせします。"),
            "max_length": _("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": _("受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。"),
        },
    )


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = VisibleTextField(
        label=_("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": _("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": _("理由に、文字として読めないものが入っています。打ち直してください。"),
        },
    )
