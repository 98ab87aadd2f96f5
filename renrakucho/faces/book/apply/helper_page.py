"""Page of the helper: who enters the move, where it is not the mover. The usual mover never comes here."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.faces.book.apply.item_fields import LONGEST_NAME, PhoneField
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.fact.helper import HELPER_ROLES, Helper
from renrakucho.lib.text_fields import TextLineField

_SELF = "self"
_TOO_LONG = gettext_lazy("%(limit_value)d文字までで入れてください。")


class HelperForm(forms.Form):
    """Who enters it; with another than the mover, their name and telephone."""

    role = forms.ChoiceField(
        label=gettext_lazy("入力している方"),
        initial=_SELF,
        error_messages={
            "required": gettext_lazy("1つお選びください。"),
            "invalid_choice": gettext_lazy("この中からお選びください。"),
        },
    )
    name = TextLineField(
        label=gettext_lazy("入力している方のお名前"),
        max_length=LONGEST_NAME,
        error_messages={
            "required": gettext_lazy("入力している方のお名前を入れてください。"),
            "max_length": _TOO_LONG,
        },
    )
    phone = PhoneField(
        label=gettext_lazy("入力している方の電話番号"),
        max_length=30,
        error_messages={
            "required": gettext_lazy("入力している方の電話番号を入れてください。"),
            "max_length": _TOO_LONG,
        },
    )
    relation = TextLineField(
        label=gettext_lazy("引っ越す方との関係"),
        required=False,
        max_length=40,
        error_messages={"max_length": _TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(_SELF, _("引っ越す本人")), *((code, _(label)) for code, label in HELPER_ROLES.items())]

    def clean(self) -> None:
        """Drop the errors of what only another than the mover is asked."""
        super().clean()
        if self.cleaned_data.get("role") in (None, _SELF):
            for name in ("name", "phone", "relation"):
                self.errors.pop(name, None)

    def helper(self) -> Helper | None:
        """The helper; None for the mover. Call it when the form is valid."""
        typed = self.cleaned_data
        if typed["role"] == _SELF:
            return None
        return Helper(typed["role"], typed["name"], typed["phone"], typed["relation"])


@application_step("check")
def helper_page(step: StepRequest) -> HttpResponse:
    """Ask who enters the move, and keep it with the entries."""
    known = step.entries.helper
    data = step.request.POST if step.is_post else step.saved_form()
    form = HelperForm(data, initial=known.as_json() if known else None)
    if step.is_post and form.is_valid():
        step.save(replace(step.entries, helper=form.helper()))
        messages.success(step.request, _("入力している方を保存しました。これから送る連絡に使います。"))
        return see_other("check")
    form.is_valid()
    hide_errors(step.request, form)
    context = step.page_context(form=form, messages=messages.get_messages(step.request))
    return render(step.request, "book/apply/helper.html", context, status=422 if step.is_post else 200)
