"""Sending again, and by another channel: their forms, what they would do, and the sentences about what they did."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.delivery.operator_resend import (
    CannotSwitch,
    ResendPlan,
    ResendScope,
    channels_to_switch,
    may_have_arrived,
    plan_resend,
    resend_notices,
    switch_channel,
)
from renrakucho.faces.bureau.act_forms import ActForm, LaneActForm, moment_field
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.text_fields import CodeField
from renrakucho.lib.width import ascii_digits
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.page.formatting import channel_label
from renrakucho.provider.staff import Staff

MOST_NUMBERS = 20  # named on the page that confirms; the others are counted


def number_field(*, required: bool) -> CodeField:
    """A れんらく番号, as it is read out."""
    return CodeField(
        label=gettext_lazy("れんらく番号"),
        required=required,
        max_length=40,
        error_messages={
            "required": gettext_lazy("れんらく番号をご入力ください。"),
            "max_length": gettext_lazy("れんらく番号は12桁の数字です。例: 1234-5678-9012"),
        },
    )


class NumberCleaning(forms.Form):
    """Cleans the field `number` to the twelve digits of a notice that there is."""

    def clean_number(self) -> str:
        """Check that there is such a notice."""
        digits = ascii_digits(self.cleaned_data["number"])
        if digits and not Notice.objects.filter(number=digits).exists():
            raise forms.ValidationError(_("この番号のれんらくはありません。もう一度お確かめください。"))
        return digits


class ResendForm(NumberCleaning, LaneActForm):
    """Which notices are sent again: one, those of a provider or a channel, those of a span of time."""

    number = number_field(required=False)
    since = moment_field(gettext_lazy("この時より後に止まったもの"))
    until = moment_field(gettext_lazy("この時より前に止まったもの"))
    even_late = forms.BooleanField(label=gettext_lazy("手続の日を過ぎたものも送る"), required=False)
    field_order = ("number", "provider", "channel", "since", "until", "even_late")

    def require_scope(self) -> None:
        """A number, a provider or a channel: never everything by mistake."""
        if not any(self.cleaned_data.get(name) for name in ("number", "provider", "channel")):
            self.add_error("number", _("れんらく番号、事業者、方式のどれかをお選びください。"))

    def scope(self) -> ResendScope:
        """Of a valid form."""
        typed = self.cleaned_data
        return ResendScope(typed["number"], typed["provider"], typed["channel"], typed["since"], typed["until"])


class SwitchForm(NumberCleaning, ActForm):
    """A notice, and the other channel that it goes by."""

    number = number_field(required=True)
    channel = forms.ChoiceField(
        label=gettext_lazy("新しい方式"),
        error_messages={
            "required": gettext_lazy("新しい方式をお選びください。"),
            "invalid_choice": gettext_lazy("この方式はありません。"),
        },
    )
    field_order = ("number", "channel")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)
        channel.choices = [("", _("選んでください")), *((name, channel_label(name)) for name in CHANNELS)]

    def clean(self) -> None:
        """Check that the notice's provider has that channel."""
        super().clean()
        if self.errors:
            return
        notice = self.notice()
        if self.cleaned_data["channel"] not in (notice.channel, *channels_to_switch(notice)):
            names = "、".join(map(channel_label, channels_to_switch(notice))) or _("ありません")
            self.add_error(
                "channel", _("この事業者に、その方式の接続はありません。使える方式: %(names)s") % {"names": names}
            )

    def notice(self) -> Notice:
        """Of a valid form."""
        return Notice.objects.select_related("book").get(number=self.cleaned_data["number"])


def plan_sentences(plan: ResendPlan) -> list[str]:
    """How many would be sent, and how many are left out and why; the first numbers by name."""
    sent = [*plan.given_up, *plan.waiting]
    counted = (
        (_("もう一度送るもの: %(num)s件 (未達だったもの %(given_up)s件、待っていたもの %(waiting)s件)"), len(sent)),
        (_("そのうち取消のれんらく: %(num)s件"), len(plan.withdrawals)),
        (_("いま送っている途中のため、そのままにするもの: %(num)s件"), len(plan.in_flight)),
        (
            _("手続の日を過ぎているため、送らないもの: %(num)s件。お客さまに電話していただくほうが早く済みます。"),
            len(plan.too_late),
        ),
        (_("開けないため、送らないもの: %(num)s件"), len(plan.unreadable)),
    )
    more = {"given_up": len(plan.given_up), "waiting": len(plan.waiting)}
    said = [words % {"num": count, **more} for at, (words, count) in enumerate(counted) if count or not at]
    if sent:
        named = "、".join(in_fours(number) for number in sent[:MOST_NUMBERS])
        said.append(_("%(numbers)s ほか") % {"numbers": named} if len(sent) > MOST_NUMBERS else named)
    return [*said, _("一度に1,000件までです。済んだら、もう一度同じ操作をしてください。")] if plan.more else said


def resend_dry_run(form: ActForm) -> list[str]:
    """Count what sending again would do now."""
    assert isinstance(form, ResendForm)
    return plan_sentences(plan_resend(form.scope(), even_late=form.cleaned_data["even_late"]))


def perform_resend(staff: Staff, form: ActForm) -> str:
    """Send them again."""
    assert isinstance(form, ResendForm)
    done = resend_notices(staff, form.scope(), even_late=form.cleaned_data["even_late"])
    count = len(done.given_up) + len(done.waiting)
    return ngettext("%(num)s件を、もう一度送ります。", "%(num)s件を、もう一度送ります。", count) % {"num": count}


def switch_dry_run(form: ActForm) -> list[str]:
    """Say the present channel, and whether the provider may get it twice."""
    assert isinstance(form, SwitchForm)
    notice = form.notice()
    said = [_("いまの方式: %(channel)s") % {"channel": channel_label(notice.channel)}]
    if may_have_arrived(notice):
        said.append(_("いまの方式で、もう届いているかもしれません。事業者に二重に届くことがあります。"))
    return said


def perform_switch(staff: Staff, form: ActForm) -> str:
    """Send it by the other channel. Raises BadDecision."""
    assert isinstance(form, SwitchForm)
    reasons = {
        "in_flight": _("いま送っている途中です。終わってから、もう一度お試しください。"),
        "no_such_channel": _("この事業者に、その方式の接続はありません。"),
        "not_waiting": _("このれんらくは、もう届いたか、終わっています。"),
    }
    try:
        switched = switch_channel(staff, form.notice(), form.cleaned_data["channel"])
    except CannotSwitch as error:
        raise BadDecision("channel", reasons[error.reason]) from None
    return _("別の方式で送ります。") if switched else _("もうその方式です。何も変えていません。")
