"""Narrowing the list down: by day of the move, office and procedure.

What lies in a notice is sealed, so days and offices are looked for by opening one after the other, from the top of the
stack, up to a limit that is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from renrakucho.faces.desk.forms import in_own_words
from renrakucho.faces.desk.gist import Gist, gist
from renrakucho.notice.models import Notice, Procedure
from renrakucho.notice.shelf import folders
from renrakucho.provider.models import Office

MOST_OPENED = 2_000  # at 0.1 ms each


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"],
        error_messages=in_own_words(invalid=_("日付の形がちがいます。例: 2026-12-05")),
    )


class NarrowForm(forms.Form):
    """What the list can be narrowed down by."""

    since = _day(_("引越日 から"))
    until = _day(_("引越日 まで"))
    procedure = forms.ChoiceField(label=_("手続"), required=False, choices=[("", _("すべて")), *Procedure.choices])
    office = forms.ChoiceField(label=_("営業所"), required=False)

    def __init__(self, *args: Any, provider: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = offices_of(provider)
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("すべて")), *((name, name) for name in self.offices)]

    def narrow(self) -> "Narrow":
        """What was understood of it; the rest is said at its field."""
        self.is_valid()
        said = self.cleaned_data
        return Narrow(said.get("since"), said.get("until"), said.get("procedure", ""), said.get("office", ""))


@dataclass(frozen=True)
class Narrow:
    """Everything empty is everything there is."""

    since: date | None = None
    until: date | None = None
    procedure: str = ""
    office: str = ""

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.procedure or self.office)

    @property
    def looks_inside(self) -> bool:
        """Whether notices have to be opened for it."""
        return bool(self.since or self.until or self.office)

    def query(self, **more: str) -> str:
        """As the query of an address, with a question mark; empty where there is nothing to say."""
        said = {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "procedure": self.procedure,
            "office": self.office,
            **more,
        }
        encoded = urlencode({name: text for name, text in said.items() if text})
        return f"?{encoded}" if encoded else ""

    def takes(self, it: Gist) -> bool:
        """Whether a notice is wanted. One whose day is not known is none of any day."""
        if self.office and it.office != self.office:
            return False
        if not (self.since or self.until):
            return True
        return it.on is not None and (self.since or it.on) <= it.on <= (self.until or it.on)


@dataclass(frozen=True)
class Found:
    """after: the notice below which to look on; None: that was all. cut: the limit came before the page was full."""

    notices: list[Notice]
    after: Notice | None = None
    cut: bool = False


def narrow_of(query: Mapping[str, str], provider: str) -> Narrow:
    """What an address says."""
    return NarrowForm(query, provider=provider).narrow()


def offices_of(provider: str) -> list[str]:
    """The names of the provider's offices in the directory; none where it has only one."""
    folder = folders().get(provider)
    names = Office.objects.filter(provider__in=folder.directory_ids if folder else ()).exclude(name="")
    found = sorted(set(names.values_list("name", flat=True)))
    return found if len(found) > 1 else []


def find(notices: QuerySet[Notice], narrow: Narrow, most: int) -> Found:
    """Up to `most` of the stack, from the top."""
    if narrow.procedure:
        notices = notices.filter(procedure=narrow.procedure)
    if not narrow.looks_inside:
        page = list(notices[: most + 1])
        return Found(page[:most], page[most - 1] if len(page) > most else None)
    wanted: list[Notice] = []
    last = None
    for opened, notice in enumerate(notices.iterator(chunk_size=200)):
        if opened >= MOST_OPENED:
            return Found(wanted, last, cut=True)
        if narrow.takes(gist(notice, office=bool(narrow.office))):
            if len(wanted) == most:
                return Found(wanted, wanted[-1])
            wanted.append(notice)
        last = notice
    return Found(wanted)
