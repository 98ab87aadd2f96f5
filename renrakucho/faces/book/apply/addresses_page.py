"""Page of the addresses (②-2): each end of the move by postal code with its town, or typed by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renrakucho.address.place import MunicipalityAt, TownAt
from renrakucho.address.place_lookup import BadPostalCode, parse_postal_code, towns_at
from renrakucho.address.written.prefectures import PREFECTURES
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.faces.book.text_fields import LONGEST_POSTAL_CODE, TOO_LONG, postal_code_message
from renrakucho.lib.text_fields import TextLineField
from renrakucho.lib.typed_text import clean_line
from renrakucho.mover.entries import MoveEntries, MovePlace
from renrakucho.mover.typed_place import (
    contradicts_code,
    has_named_towns,
    municipalities_typed,
    place_of,
    town_typed_in,
    with_postal_code,
)
from renrakucho.page.formatting import format_postal_code, join_sentences

BY_HAND = "by_hand"  # choice among the towns of a code: none of these
CODE_LABELS = {
    "origin": gettext_lazy("いまの住まいの郵便番号"),
    "destination": gettext_lazy("新しい住まいの郵便番号"),
}
_BY_HAND_FIELDS = ("prefecture", "municipality", "town")


class EndForm(forms.Form):
    """A form of one end. A submit results in a known place, in a question that the page shows next (`asks`), or in an
    error.

    The hidden field `asked` says for which code or name the page showed the choice already.
    """

    postal_code = TextLineField(
        label=gettext_lazy("郵便番号"),
        max_length=LONGEST_POSTAL_CODE,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    pick = forms.CharField(label=gettext_lazy("町"), max_length=120, required=False)
    prefecture = forms.ChoiceField(
        label=gettext_lazy("都道府県"),
        choices=[("", gettext_lazy("選んでください")), *((name, name) for name in PREFECTURES)],
        required=False,
    )
    municipality = TextLineField(
        label=gettext_lazy("市区町村"),
        max_length=40,
        required=False,
        error_messages={"max_length": gettext_lazy("40文字までで入れてください。")},
    )
    municipality_code = forms.CharField(label=gettext_lazy("いまの市区町村"), max_length=5, required=False)
    town = TextLineField(
        label=gettext_lazy("町名"),
        max_length=60,
        required=False,
        error_messages={"max_length": gettext_lazy("60文字までで入れてください。")},
    )
    no_town = forms.BooleanField(label=gettext_lazy("住所に町名がない"), required=False)
    asked = forms.CharField(max_length=120, required=False)

    def __init__(self, now: MovePlace, prefix: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=prefix, initial=_initial(now))
        self.fields["postal_code"].label = CODE_LABELS[prefix]
        self.place = now
        self.asks = False
        self.rest = ""  # typed behind the town: the block
        self._towns: tuple[TownAt, ...] = ()
        self._municipalities: tuple[MunicipalityAt, ...] = ()
        self._read_choices()

    @property
    def towns(self) -> list[tuple[str, str]]:
        """The towns to choose from, where the code has several."""
        if len(self._towns) < 2:
            return []
        several = len({town.municipality_code for town in self._towns}) > 1
        chosen = [
            (town.town_id, (town.municipality if several else "") + (town.town or _("（町名なし）")))
            for town in self._towns
        ]
        return [*chosen, (BY_HAND, _("この中にない（住所から入れる）"))]

    @property
    def municipalities(self) -> list[tuple[str, str]]:
        """The municipalities to choose from, where the typed name is gone or not enough."""
        return [(one.code, one.prefecture + one.name) for one in self._municipalities]

    @property
    def asking_for(self) -> str:
        """The value of `asked` on the page with this question."""
        return "|".join([self._code_asked(), self._name() if self._municipalities else ""])

    @property
    def found(self) -> str:
        """The single place of the code, to be shown at once; "" where there are several."""
        if len(self._towns) != 1 or self._typed_by_hand():
            return ""
        return self._towns[0].prefecture + self._towns[0].municipality + self._towns[0].town

    @property
    def by_hand_open(self) -> bool:
        """Whether the fields for typing an address are shown at once."""
        wrong = self.errors.keys() - {"pick"}
        return bool(self._typed_by_hand() or wrong or self._value("pick") == BY_HAND)

    @property
    def asks_for_no_town(self) -> bool:
        """Whether to offer «no town»: only where it can matter."""
        return self.has_error("town") or bool(self._value("no_town"))

    def clean(self) -> None:
        """Read the place from the code or from the typed address."""
        code = self._code()
        if self.errors:
            return
        if self._typed_by_hand() or self._value("pick") == BY_HAND:
            self._by_hand(code)
        elif not code:
            self.add_error("postal_code", _("郵便番号を入れてください。わからないときは、すぐ下で住所を入れられます。"))
        elif not self._towns:
            advice = _("まちがいがないときや、わからないときは、すぐ下で住所を入れてください。")
            self.add_error("postal_code", join_sentences(postal_code_message(BadPostalCode("unknown")), advice))
        else:
            self._by_code(code)

    def _by_code(self, code: str) -> None:
        picked = self._value("pick")
        found = self._towns if len(self._towns) == 1 else [one for one in self._towns if one.town_id == picked]
        if found:
            self.place = place_of(found[0], code)
        elif self._was_asked(self._code_asked()):
            self.add_error("pick", _("町をお選びください。"))
        else:
            self.place, self.asks = MovePlace(postal_code=code), True

    def _by_hand(self, code: str) -> None:
        prefecture, name, town = (self._value(field) for field in _BY_HAND_FIELDS)
        if not prefecture:
            self.add_error("prefecture", _("都道府県をお選びください。"))
        if not name:
            self.add_error("municipality", _("市区町村を入れてください（例: 千代田区、横浜市中区）。"))
        if not prefecture or not name:
            return
        found, sure = municipalities_typed(prefecture, name)
        picked = found if sure else [one for one in found if one.code == self._value("municipality_code")]
        if picked:
            self._at(picked[0], town, code)
        elif not found:
            message = _("%(prefecture)sに「%(name)s」は見つかりません。市・区・町・村まで、略さずに入れてください。")
            self.add_error("municipality", message % {"prefecture": prefecture, "name": name})
        elif self._was_asked(self._name()):
            self.add_error("municipality_code", _("いまの市区町村をお選びください。"))
        else:
            self.place, self.asks = MovePlace(code, "", prefecture, name, town), True

    def _at(self, there: MunicipalityAt, typed_town: str, code: str) -> None:
        town, rest = town_typed_in(there, typed_town)
        place = MovePlace(code, there.code, there.prefecture, there.name, town)
        if not typed_town and not self._value("no_town") and has_named_towns(there.code):
            self.add_error("town", _("町名を入れてください。町名のない住所のときは、下に印をつけてください。"))
        elif self._towns and contradicts_code(place, self._towns):
            self.add_error("postal_code", _("郵便番号と、下に入れた住所が合いません。正しいほうだけを残してください。"))
        else:
            self.place, self.rest = with_postal_code(place), rest

    def _code(self) -> str:
        """The typed code as seven digits; "" where there is none, or a wrong one."""
        typed = self._value("postal_code")
        try:
            return parse_postal_code(typed) if typed else ""
        except BadPostalCode as error:
            self.add_error("postal_code", postal_code_message(error))
            return ""

    def _read_choices(self) -> None:
        """Look up the towns of the code and the municipalities of the name, to choose from."""
        try:
            self._towns = towns_at(self._value("postal_code"))
        except BadPostalCode:
            self._towns = ()
        if self._value("prefecture") and self._value("municipality"):
            found, sure = municipalities_typed(self._value("prefecture"), self._value("municipality"))
            self._municipalities = () if sure else found

    def _typed_by_hand(self) -> bool:
        return any(self._value(name) for name in _BY_HAND_FIELDS)

    def _was_asked(self, what: str) -> bool:
        return what in self._value("asked").split("|")

    def _code_asked(self) -> str:
        return parse_postal_code(self._value("postal_code")) if self.towns else ""

    def _name(self) -> str:
        return self._value("prefecture") + self._value("municipality")

    def _value(self, name: str) -> str:
        return clean_line(str(self[name].value() or ""))


def _initial(now: MovePlace) -> dict[str, Any]:
    said = {"postal_code": format_postal_code(now.postal_code)}
    if now.municipality_code and _in_directory(now):
        return said | {"pick": f"{now.municipality_code}:{now.town}"}
    return said | {"prefecture": now.prefecture, "municipality": now.municipality, "town": now.town}


def _in_directory(now: MovePlace) -> bool:
    """Whether its postal code leads to it; else it was typed by hand."""
    try:
        towns = towns_at(now.postal_code)
        return any((one.municipality_code, one.town) == (now.municipality_code, now.town) for one in towns)
    except BadPostalCode:
        return False


ENDS = ("origin", "destination")


@application_step("addresses")
def addresses_page(step: StepRequest) -> HttpResponse:
    """Show both ends. A question about a code is shown on the same page, with all input kept."""
    data = step.request.POST if step.is_post else step.saved_form()
    places = {"origin": step.entries.origin, "destination": step.entries.destination}
    forms = {end: EndForm(places[end], end, data) for end in ENDS}
    valid = [form.is_valid() for form in forms.values()]  # each says its own errors
    if step.is_post and all(valid):
        step.save(_entries(step.entries, forms))
        asking = next((end for end in ENDS if forms[end].asks), "")
        return see_other("addresses", f"#{asking}") if asking else see_other("providers")
    hide_errors(step.request, *forms.values())
    context = step.page_context(ends=forms, messages=messages.get_messages(step.request))
    return render(step.request, "book/apply/addresses.html", context, status=422 if step.is_post else 200)


def _entries(before: MoveEntries, forms: dict[str, EndForm]) -> MoveEntries:
    items = dict(before.items)
    for end, form in forms.items():
        if form.rest and not items.get(f"{end}.block"):
            items[f"{end}.block"] = form.rest
    return replace(before, origin=forms["origin"].place, destination=forms["destination"].place, items=items)
