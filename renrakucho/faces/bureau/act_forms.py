"""Forms of the operator's acts. A moment is typed as the portal's own time: 2026-12-01 06:00."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.lib.identifiers import in_fours
from renrakucho.lib.text_fields import TextLineField
from renrakucho.notice.connected_providers import connected_providers
from renrakucho.notice.operator_decisions import LONGEST_SENTENCE
from renrakucho.page.formatting import channel_label

_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"]


def sentence_field(label: Any, *, required: bool) -> TextLineField:
    """A sentence that movers read."""
    return TextLineField(
        label=label,
        required=required,
        max_length=LONGEST_SENTENCE,
        error_messages={
            "required": _("お客さまに見せる文を入れてください。"),
            "max_length": _("文は200文字までです。"),
        },
    )


def moment_field(label: Any) -> forms.DateTimeField:
    """A day and a time; may be left out."""
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=_MOMENTS,
        error_messages={"invalid": _("日時は、2026-12-01 06:00 のようにご入力ください。")},
    )


class ActForm(forms.Form):
    """A form whose fields, as they were sent, go along to the page that confirms them."""

    def sent_fields(self) -> list[tuple[str, str]]:
        """Name and value of each field."""
        return [(bound.name, str(bound.value())) for bound in self if bound.value()]

    def shown_rows(self) -> list[tuple[str, str]]:
        """Label and value of each field that was filled in, in words. The form is valid."""
        return [(str(bound.label), shown) for bound in self if (shown := self._shown(bound.name))]

    def _shown(self, name: str) -> str:
        field, value = self.fields[name], self.cleaned_data.get(name)
        if isinstance(field, forms.BooleanField):
            return str(_("はい")) if value else ""
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, "")) if value else ""  # type: ignore[arg-type]
        if isinstance(field, forms.DateTimeField):
            return str(self[name].value()).replace("T", " ") if value else ""
        return in_fours(str(value or "")) if name == "number" else str(value or "")


class ProviderActForm(ActForm):
    """One connected provider."""

    provider = forms.ChoiceField(
        label=_("事業者"),
        error_messages={
            "required": _("事業者をお選びください。"),
            "invalid_choice": _("この事業者は、ここではつながっていません。"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider = self.fields["provider"]
        assert isinstance(provider, forms.ChoiceField)
        named = sorted((folder.name, slug) for slug, folder in connected_providers().items())
        provider.choices = [("", str(_("選んでください"))), *((slug, name) for name, slug in named)]


class LaneActForm(ProviderActForm):
    """A provider, a channel, or one channel of one provider."""

    channel = forms.ChoiceField(
        label=_("方式"),
        required=False,
        error_messages={"invalid_choice": _("この方式はありません。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provider, channel = self.fields["provider"], self.fields["channel"]
        assert isinstance(provider, forms.ChoiceField)
        assert isinstance(channel, forms.ChoiceField)
        provider.required = False
        provider.choices = [("", str(_("すべて"))), *list(provider.choices)[1:]]  # type: ignore[arg-type]
        channel.choices = [("", str(_("すべて"))), *((name, channel_label(name)) for name in CHANNELS)]

    def clean(self) -> None:
        """Check that something was chosen: everything at once is never meant."""
        super().clean()
        if not self.errors:
            self.require_scope()

    def require_scope(self) -> None:
        """At least one of both."""
        if not self.cleaned_data["provider"] and not self.cleaned_data["channel"]:
            self.add_error("provider", _("事業者か方式をお選びください。"))


class PauseForm(LaneActForm):
    """A pause: of which lane, until when, and the sentence that movers read."""

    sentence = sentence_field(_("お客さまに見せる文"), required=True)
    english = sentence_field(_("英語の文"), required=False)
    ends_at = moment_field(_("終わり"))


class DisconnectForm(ProviderActForm):
    """A provider that is only listed from now on, and the sentence that movers read."""

    sentence = sentence_field(_("お客さまに見せる文"), required=False)
    english = sentence_field(_("英語の文"), required=False)


class AnnounceForm(ActForm):
    """An announcement: the sentence above every page, and the time of what it announces."""

    sentence = sentence_field(_("お知らせの文"), required=True)
    english = sentence_field(_("英語の文"), required=False)
    begins_at = moment_field(_("始まり"))
    ends_at = moment_field(_("終わり"))


class EndAnnouncementForm(ActForm):
    """An announcement that is taken away."""

    decision = forms.UUIDField(widget=forms.HiddenInput)

    def shown_rows(self) -> list[tuple[str, str]]:
        """Nothing: its id says nothing to anybody."""
        return []
