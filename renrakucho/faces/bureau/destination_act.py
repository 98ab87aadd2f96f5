"""The act that confirms a changed destination: where a provider's notices go from now on. It takes two people."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.faces.bureau.act_forms import ActForm
from renrakucho.notice.connected_providers import provider_name
from renrakucho.notice.destination import (
    ConfirmResult,
    NothingToConfirm,
    SamePerson,
    confirm_destination,
    pending_destinations,
)
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.page.formatting import format_moment
from renrakucho.provider.staff import Staff


class DestinationForm(ActForm):
    """One of the changes that wait."""

    provider = forms.ChoiceField(
        label=gettext_lazy("事業者"),
        error_messages={
            "required": gettext_lazy("事業者をお選びください。"),
            "invalid_choice": gettext_lazy("この事業者の送り先に、確かめを待つ変更はありません。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        waiting = [(each.provider, provider_name(each.provider)) for each in pending_destinations()]
        provider.choices = [("", _("選んでください")), *waiting]


def destination_dry_run(form: ActForm) -> list[str]:
    """Who has confirmed the change before, and what happens where nobody does."""
    row = next((each for each in pending_destinations() if each.provider == form.cleaned_data["provider"]), None)
    if row is None:
        return []
    said = [_("もう一人が確かめています。ここで確かめると、すぐに有効になります。")]
    if not row.first_by:
        said = [_("まだだれも確かめていません。ここで確かめても、もう一人が確かめるまで有効になりません。")]
    if row.matures_at:
        until = format_moment(row.matures_at)
        said.append(_("だれも確かめなくても、%(until)sに有効になります。") % {"until": until})
    return said


def perform_confirmation(staff: Staff, form: ActForm) -> str:
    """Confirm it in this person's name. Raises BadDecision."""
    try:
        result = confirm_destination(form.cleaned_data["provider"], staff)
    except NothingToConfirm:
        raise BadDecision("provider", _("この事業者の送り先に、確かめを待つ変更はありません。")) from None
    except SamePerson:
        raise BadDecision(
            "provider", _("この変更は、前にあなたが確かめています。ほかの方が確かめてください。")
        ) from None
    if result == ConfirmResult.IN_FORCE:
        return _("新しい送り先が有効になりました。待っていたれんらくを、いまから送ります。")
    return _("確かめたことを記録しました。もう一人が確かめると有効になります。")
