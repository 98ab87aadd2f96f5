"""A trial notice from the bureau's pages: its form, and the sentences about why it cannot be sent."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.delivery.trial_notice import CannotTry, send_trial_notice
from renrakucho.faces.bureau.act_forms import ActForm, ProviderActForm
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.text_fields import CodeField
from renrakucho.notice.models import Procedure
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.provider.staff import Staff
from renrakucho.sheet.form import PROCEDURES


class TrialForm(ProviderActForm):
    """A provider and a procedure, and whoever gets the mails that a mover would get."""

    procedure = forms.ChoiceField(
        label=gettext_lazy("手続"),
        choices=[("", gettext_lazy("選んでください")), *Procedure.choices],
        error_messages={
            "required": gettext_lazy("手続をお選びください。"),
            "invalid_choice": gettext_lazy("この手続はありません。"),
        },
    )
    mail = CodeField(
        label=gettext_lazy("メールの宛先"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("お客さま宛てのメールを受け取る、ご自分のメールアドレスをご入力ください。"),
            "max_length": gettext_lazy("メールアドレスは254文字までです。"),
        },
    )
    field_order = ("provider", "procedure", "mail")

    def clean_mail(self) -> str:
        """Check its shape."""
        typed: str = self.cleaned_data["mail"]
        try:
            validate_email(typed)
        except ValidationError:
            raise ValidationError(_("メールアドレスの形がちがいます。例: jimukyoku@example.jp")) from None
        return typed


def perform_trial(staff: Staff, form: ActForm) -> str:
    """Send it. Raises BadDecision."""
    reasons = {
        "not_connected": _("この事業者は、この手続をここでは受け付けていません。"),
        "carried": _("Webリンクの事業者には、お客さまのブラウザでしか送れません。"),
        "relayed": _("ほかのれんらく帳の事業者へは、試せません。"),
        "cannot_mark": _("この様式には「試験」と書くところがないため、送れません。"),
    }
    typed = form.cleaned_data
    procedure = next(each for each in PROCEDURES if each == typed["procedure"])
    try:
        notice = send_trial_notice(staff, typed["provider"], procedure, mail_to=typed["mail"])
    except CannotTry as error:
        raise BadDecision("procedure", reasons[error.reason]) from None
    return _("試験のれんらく %(number)s を送ります。") % {"number": in_fours(notice.number)}
