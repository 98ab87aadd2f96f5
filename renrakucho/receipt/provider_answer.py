"""Provider answer: what a provider says of a notice, as a value and as the forms that its people type.

It accepts with its receipt number, or returns with a reason. With the number it may have to say how it made sure that
the notice comes from its own customer: its sheet decides which notices need this identity check ([assurance] of its
TOML), and the word is kept in the receipt of 受理 as evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from renrakucho.lib.errors import Conflict
from renrakucho.lib.identifiers import LONGEST_NUMBER
from renrakucho.lib.invisible_chars import invisible_in_line, invisible_in_text
from renrakucho.lib.text_fields import NO_SECRET_CHECK, TextLineField, TextLinesField
from renrakucho.notice.connected_providers import NoSuchSheet, frozen_sheet
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import frozen_assurance, frozen_form, number_state
from renrakucho.provider.audit_log import OpeningReason
from renrakucho.sheet.assurance import HOLDER_NOT_CONFIRMED, AssuranceRule, usual_check

LONGEST_REASON = 500  # characters
LONGEST_CHECK_NOTE = 200  # characters


class CheckWay(models.TextChoices):
    """The way in which it was checked."""

    NUMBER_MATCHED = "number_matched", _("契約の記録と照らし合わせた（番号や生年月日など）")
    CALLED_BACK = "called_back", _("契約の記録にある電話番号へ、こちらから電話した")
    VISITED = "visited", _("訪問して、ご本人に会った")
    OTHER = "other", _("そのほか")


@dataclass(frozen=True)
class IdentityCheck:
    """way: a value of CheckWay. note: in the provider's own words; needed with «other»."""

    way: str
    note: str = ""

    @property
    def readable(self) -> bool:
        """Whether it says a known way, in words that can be kept."""
        has_words = bool(self.note) or self.way != CheckWay.OTHER
        fits = len(self.note) <= LONGEST_CHECK_NOTE and not invisible_in_line(self.note)
        return self.way in CheckWay.values and has_words and fits

    @property
    def said(self) -> str:
        """The check as a person reads it."""
        return "　".join(filter(None, (str(CheckWay(self.way).label), self.note)))


def read_check(way: str, note: str) -> IdentityCheck | None:
    """The check as somebody wrote it into a cell: a code of CheckWay, or its label. None: nothing was written. A way
    that is not known gives one that is not readable.
    """
    if not way and not note:
        return None
    labels = {str(label): value for value, label in CheckWay.choices}
    return IdentityCheck(labels.get(way, way), note)


@dataclass(frozen=True)
class ProviderAnswer:
    """A receipt number to accept under, or a reason to return the notice; not both. check: with a receipt number, how
    the provider made sure that its customer asked for it.
    """

    receipt_number: str = ""
    reason: str = ""
    check: IdentityCheck | None = None

    @property
    def readable(self) -> bool:
        """Whether it says one thing, in words that can be shown to the mover."""
        if bool(self.receipt_number) == bool(self.reason):
            return False
        if len(self.receipt_number) > LONGEST_NUMBER or len(self.reason) > LONGEST_REASON:
            return False
        if self.check and not self.check.readable:
            return False
        return not invisible_in_line(self.receipt_number) and not invisible_in_text(self.reason)


class CheckMissing(Conflict):
    """The notice has no customer number, and whoever accepts it has not said how they made sure."""


def needs_identity_check(notice: Notice) -> bool:
    """Whether its provider has to say how it made sure before 受理. Raises SealBroken."""
    frozen = frozen_assurance(notice)
    if frozen:
        not_confirmed = frozen.holder == HOLDER_NOT_CONFIRMED and usual_check(notice.procedure) != "never"
        return frozen.check_needed or not_confirmed
    filled = frozen_form(notice)
    try:  # nothing was recorded: a peer said nothing, or it was frozen before 2026-11-28
        sheet = frozen_sheet(notice, filled)
    except NoSuchSheet:  # not connected any more: as usual
        return AssuranceRule("", usual_check(notice.procedure)).needs_check("not_asked")
    return sheet.assurance.needs_check(number_state(sheet, filled))


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
