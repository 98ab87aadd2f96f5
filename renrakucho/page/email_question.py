"""Question about a mistyped mail address: one press takes the likely one, a tick insists on the typed one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from renrakucho.lib.email_typo import suggest_email

TICK = "sure."  # prefix of the name of a tick that confirms an answer
_TAKE = "take."  # prefix of the name of the button that takes the suggestion


class EmailQuestion:
    """The question about the address in the field `name` of a posted form, or of one that is shown.

    data: the form's, with the suggestion in place of the address where its button was pressed.
    """

    def __init__(self, name: str, data: Mapping[str, Any] | None, known: Mapping[str, str] | None = None) -> None:
        self.name, self.tick, self.button = name, TICK + name, _TAKE + name
        self.data = data
        taken = str(data.get(self.button) or "") if data is not None else ""
        if data is not None and taken:
            self.data = data.copy()  # type: ignore[attr-defined]
            self.data[name] = taken  # type: ignore[index]
        source: Mapping[str, Any] = (self.data if self.data is not None else known) or {}
        self.typed = str(source.get(name) or "")
        self.suggestion = suggest_email(self.typed)
        self.is_confirmed = bool(self.typed) and str(source.get(self.tick) or "") == self.typed
        self.may_insist = False

    def ask(self, form: forms.Form) -> None:
        """Add the question as the field's error, in the form's clean(). An address that cannot be one keeps its own
        error, and has the suggestion below it.
        """
        if not self.suggestion or self.name not in form.fields:
            return
        self.may_insist = self.name not in form.errors
        if self.may_insist and not self.is_confirmed:
            form.add_error(
                self.name,
                _("メールアドレスの打ちまちがいではありませんか。%(email)s ではないかお確かめください。")
                % {"email": self.suggestion},
            )
