"""Acts that open a notice to the bureau: asking with a reason, and the approval by another operator, or by the code
that its mover reads out.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.faces.bureau.act_forms import ActForm
from renrakucho.faces.bureau.resend_acts import NumberCleaning, number_field
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.text_fields import NO_SECRET_CHECK, CodeField, TextLineField
from renrakucho.notice.models import Notice
from renrakucho.notice.operator_acts import BadDecision
from renrakucho.provider.staff import Staff
from renrakucho.receipt.bureau_opening import (
    LONGEST_REASON,
    OpeningRefused,
    approve_opening,
    ask_opening,
    open_by_code,
)
from renrakucho.receipt.models import BureauOpening


class OpeningForm(NumberCleaning, ActForm):
    """Which notice is to be opened, and why."""

    number = number_field(required=True)
    reason = TextLineField(
        label=gettext_lazy("開く理由（お客さまの開示記録に載ります）"),
        max_length=LONGEST_REASON,
        error_messages={
            "required": gettext_lazy("開く理由をご入力ください。お客さまのお名前やご住所は書かないでください。"),
            "max_length": gettext_lazy("理由は200文字までです。"),
        },
    )
    field_order: tuple[str, ...] = ("number", "reason")


class CodeForm(OpeningForm):
    """Which notice is opened, why, and the code that its mover has read out."""

    code = CodeField(
        label=gettext_lazy("お客さまの番号（6桁）"),
        max_length=20,
        secret_check=NO_SECRET_CHECK,
        error_messages={
            "required": gettext_lazy("お客さまがれんらく帳で作った、6桁の番号をご入力ください。"),
            "max_length": gettext_lazy("お客さまの番号は、6桁の数字です。例: 123456"),
        },
    )
    field_order = ("number", "code", "reason")


class ApprovalForm(ActForm):
    """The request that is approved."""

    opening = forms.UUIDField(widget=forms.HiddenInput)

    def request(self) -> BureauOpening | None:
        """Of a valid form; None where there is no such request."""
        found = BureauOpening.objects.select_related("notice", "asked_by").filter(id=self.cleaned_data["opening"])
        return found.first()

    def shown_rows(self) -> list[tuple[str, str]]:
        """Nothing: its id says nothing to anybody."""
        return []


def refusal_sentence(error: OpeningRefused) -> str:
    """Say why it cannot be done, and what can."""
    return {
        "not_allowed": _("この操作は、操作する人だけができます。"),
        "same_person": _("ご自分の申請は認められません。ほかの操作する人に頼んでください。"),
        "not_written": _("このれんらくは、まだ何も伝えていないので、開くものがありません。"),
        "expired": _("期限が過ぎています。必要なら、もう一度申請してください。"),
        "not_approved": _("まだ認められていません。ほかの操作する人に頼んでください。"),
        "not_yours": _("申請した人だけが読めます。"),
        "wrong_code": _(
            "番号がちがうか、使い終わったか、15分が過ぎています。お客さまに、番号をもう一度読んでもらうか、新しく作ってもらってください。"
        ),
        "ended": _("お客さまが終わらせました。必要なら、お客さまにおたずねください。"),
    }[error.reason]


def opening_dry_run(form: ActForm) -> list[str]:
    """Say what follows."""
    return [_("いまは何も開きません。ほかの操作する人が24時間以内に認めると、あなただけが30分読めます。")]


def perform_opening(staff: Staff, form: ActForm) -> str:
    """Ask for it. Raises BadDecision."""
    notice = Notice.objects.get(number=form.cleaned_data["number"])
    try:
        ask_opening(staff, notice, form.cleaned_data["reason"])
    except OpeningRefused as error:
        raise BadDecision("number", refusal_sentence(error)) from None
    return _("申請しました。ほかの操作する人に、「内容を開く申請を見る」から認めてもらってください。")


def code_dry_run(form: ActForm) -> list[str]:
    """Say what follows; the code is looked at by the act alone, for each look is a try."""
    return [_("番号が合えば、いまから30分、あなただけが、この1件の内容を読めます。直すことはできません。")]


def perform_opening_by_code(staff: Staff, form: ActForm) -> str:
    """Open it. Raises BadDecision."""
    typed = form.cleaned_data
    notice = Notice.objects.get(number=typed["number"])
    try:
        open_by_code(staff, notice, typed["reason"], typed["code"])
    except OpeningRefused as error:
        raise BadDecision("code" if error.reason == "wrong_code" else "number", refusal_sentence(error)) from None
    return _("開けるようになりました。「内容を開く申請を見る」から、30分だけ読めます。お客さまにメールで知らせます。")


def approval_dry_run(form: ActForm) -> list[str]:
    """Say who asked, for which notice, and why."""
    assert isinstance(form, ApprovalForm)
    opening = form.request()
    if opening is None:
        return [_("この申請はありません。")]
    words = {"who": opening.asked_by.name, "number": in_fours(opening.notice.number), "reason": opening.reason}
    return [_("申請した人: %(who)s") % words, _("れんらく番号: %(number)s") % words, _("理由: %(reason)s") % words]


def perform_approval(staff: Staff, form: ActForm) -> str:
    """Approve it. Raises BadDecision."""
    assert isinstance(form, ApprovalForm)
    opening = form.request()
    if opening is None:
        raise BadDecision("opening", _("この申請はありません。"))
    try:
        approve_opening(staff, opening)
    except OpeningRefused as error:
        raise BadDecision("opening", refusal_sentence(error)) from None
    return _("認めました。申請した人が30分だけ読めます。お客さまにメールで知らせます。")
