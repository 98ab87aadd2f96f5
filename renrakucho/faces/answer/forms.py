"""What a clerk types who has the paper before them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.notice.answer_code import LENGTH, cleaned_answer_code
from renrakucho.page.visible_text_fields import VisibleLineField, VisibleTextField
from renrakucho.receipt.provider_actions import LONGEST_NUMBER, LONGEST_REASON

_LONGEST_CODE = 200  # a whole address with the code at its end


class CodeForm(forms.Form):
    """The code on the page."""

    code = forms.CharField(
        label=gettext_lazy("回答コード"),
        max_length=_LONGEST_CODE,
        error_messages={
            "required": gettext_lazy("回答コードをご入力ください。届いた紙に書いてあります。"),
            "max_length": gettext_lazy("回答コードは10文字です。届いた紙を、もう一度お確かめください。"),
        },
    )

    def clean_code(self) -> str:
        """As it is in the address."""
        code = cleaned_answer_code(self.cleaned_data["code"])
        if code is None:
            raise ValidationError(
                _("回答コードは%(length)d文字の英数字です。0・1・I・L・Oは使っていません。もう一度お確かめください。")
                % {"length": LENGTH}
            )
        return code


class AcceptForm(forms.Form):
    """受理: the provider's own receipt number."""

    number = VisibleLineField(
        label=gettext_lazy("受付番号"),
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": gettext_lazy("貴所の受付番号をご入力ください。お客さまにお知らせします。"),
            "max_length": gettext_lazy("受付番号は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": gettext_lazy(
                "受付番号に、改行やタブなどの目に見えない文字が入っています。消すか、打ち直してください。"
            ),
        },
    )


class ReturnForm(forms.Form):
    """差戻し: what the mover has to put right."""

    reason = VisibleTextField(
        label=gettext_lazy("差戻しの理由"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": gettext_lazy("何をなおせばよいかをご入力ください。お客さまが読みます。"),
            "max_length": gettext_lazy("理由は%(limit_value)d文字までです。いまは%(show_value)d文字あります。"),
            "unseen": gettext_lazy("理由に、文字として読めないものが入っています。打ち直してください。"),
        },
    )
