"""Page of the common items (③): groups and rows of fields, each with a hint and with the providers that get it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from renrakucho.faces.book.apply.email_change import email_change_form
from renrakucho.faces.book.apply.items_form import ItemsForm, WarningTick, as_typed, without_ticks
from renrakucho.faces.book.apply.offer_texts import lacking_sentences
from renrakucho.faces.book.apply.steps import StepRequest, application_step, see_other
from renrakucho.faces.book.saved_forms import hide_errors
from renrakucho.fact.catalogue import CATALOGUE
from renrakucho.lib.message_text import N_
from renrakucho.mover.entries import MoveEntries
from renrakucho.page.day_field import DayField
from renrakucho.page.email_question import EmailQuestion


@dataclass(frozen=True)
class ItemField:
    """One field with everything that its macro needs. `kind`: text, day, choices or select."""

    field: forms.BoundField
    kind: str
    hint: str
    recipients: tuple[str, ...]
    width: str
    keyboard: str
    autocomplete: str
    ticks: list[WarningTick]
    question: EmailQuestion | None


@dataclass(frozen=True)
class ItemGroup:
    """`rows` are always shown, `opened` where «another person» or «another address» is chosen. `recipients` get all of
    its fields, and are then named once; empty where the fields differ.
    """

    code: str
    title: str
    rows: list[list[ItemField]]
    opened: list[list[ItemField]]
    recipients: tuple[str, ...] = ()

    def with_recipients_once(self) -> "ItemGroup":
        """Return the group with its recipients named once, where all its fields have the same."""
        rows = [field for row in (*self.rows, *self.opened) for field in row]
        common = rows[0].recipients
        if len(rows) < 2 or any(set(field.recipients) != set(common) for field in rows):
            return self
        unnamed = [
            [[replace(field, recipients=()) for field in row] for row in part] for part in (self.rows, self.opened)
        ]
        return replace(self, rows=unnamed[0], opened=unnamed[1], recipients=common)


_NAMES = (("family_name", "given_name"), ("family_kana", "given_kana"))
_ADDRESS = (("postal_code",), ("prefecture", "municipality"), ("town",), ("block",), ("building",), ("room",))
_STREET = (("postal_code",), ("block",), ("building",), ("room",))
# code, title, rows that are always shown, rows behind a choice
_LAYOUT = (
    ("person", N_("引っ越す方"), _NAMES, ()),
    ("holder", N_("ご契約者"), (("same",),), _NAMES),
    ("contact", N_("連絡先"), (("phone",), ("email",)), ()),
    ("origin", N_("いまの住所"), _STREET, ()),
    ("destination", N_("新しい住所"), _STREET, ()),
    ("move", N_("引越しの日"), (("leave_on",), ("arrive_on",)), ()),
    ("payment", N_("支払い"), (("final",),), ()),
    ("billing", N_("請求書"), (("to",), ("name",)), _ADDRESS),
)
_HINTS = {
    "person.family_name": N_("例: 引越"),
    "person.given_name": N_("例: 太郎"),
    "person.family_kana": N_("例: ヒッコシ"),
    "person.given_kana": N_("例: タロウ"),
    "holder.same": N_("検針票や請求書に書いてあるお名前です。"),
    "contact.phone": N_("例: 090-1234-5678。事業者から確認の電話が来ることがあります。"),
    "contact.email": N_(
        "例: taro@example.jp。申込登録と受理のお知らせが届きます。れんらく帳を開くときにも使います"
        "（変えると、開くときのアドレスも変わります）。"
    ),
    "origin.block": N_("例: 5-6"),
    "destination.block": N_("例: 1-2-3"),
    "origin.building": N_("例: あいおい二番町ビル"),
    "origin.room": N_("例: A棟301"),
    "move.leave_on": N_("電気・ガス・水道を、この日まで使います。"),
    "move.arrive_on": N_("電気・ガス・水道を、この日から使います。"),
    "billing.name": N_("空けておくと、ご契約者のお名前で届きます。"),
}
_WIDTHS = {
    "postal_code": "short",
    "municipality": "medium",
    "town": "long",
    "block": "long",
    "building": "long",
    "room": "medium",
    "phone": "medium",
    "email": "long",
}
_NAME_WIDTH = "medium"
_KEYBOARDS = {"postal_code": "numeric", "phone": "tel", "email": "email"}
_AUTOCOMPLETE = {
    "person.family_name": "family-name",
    "person.given_name": "given-name",
    "contact.phone": "tel",
    "contact.email": "email",
}
# Purposes of WCAG 1.3.5. Nothing is «off»: a browser's Back would lose exactly that field.
_ADDRESS_PURPOSES = {
    "postal_code": "postal-code",
    "prefecture": "address-level1",
    "municipality": "address-level2",
    "town": "address-level3",
    "block": "address-line1",
    "building": "address-line2",
    "room": "address-line3",
}


def item_groups(form: ItemsForm) -> list[ItemGroup]:
    """Return the groups that have a field in this form."""
    groups = (
        ItemGroup(code, _(title), _rows(form, code, rows), _rows(form, code, opened))
        for code, title, rows, opened in _LAYOUT
    )
    return [group.with_recipients_once() for group in groups if group.rows or group.opened]


def _rows(form: ItemsForm, code: str, rows: tuple[tuple[str, ...], ...]) -> list[list[ItemField]]:
    named = ([f"{code}.{part}" for part in row if f"{code}.{part}" in form.fields] for row in rows)
    return [list(_fields_of(form, names)) for names in named if names]


def _fields_of(form: ItemsForm, names: list[str]) -> Iterator[ItemField]:
    for name in names:
        part = name.partition(".")[2]
        field = form[name]
        kind = _kind(name, field.field)
        yield ItemField(
            field=field,
            kind=kind,
            hint=_hint(form, name),
            recipients=form.recipients(name),
            width=_WIDTHS.get(part, _NAME_WIDTH if part.endswith(("name", "kana")) else "full"),
            keyboard=_KEYBOARDS.get(part, ""),
            autocomplete=_AUTOCOMPLETE.get(name) or _address_purpose(name),
            ticks=form.ticks(name),
            question=_question(form, name),
        )


def _address_purpose(name: str) -> str:
    of, _dot, part = name.partition(".")
    return f"section-{of} {_ADDRESS_PURPOSES[part]}" if part in _ADDRESS_PURPOSES else ""


def _hint(form: ItemsForm, name: str) -> str:
    earlier = form.earlier(name)
    if earlier:
        return _("前に入れた住所では「%(text)s」でした。") % {"text": earlier}
    if name == "person.family_name" and form.is_for_holder(name):
        return _("ご契約者に確認をお願いするページで、ご契約者が見ます。")
    return _(_HINTS[name]) if name in _HINTS else ""


def _question(form: ItemsForm, name: str) -> EmailQuestion | None:
    question = form.email_question
    return question if form.is_bound and question.name == name and question.suggestion else None


def _kind(name: str, field: forms.Field) -> str:
    if isinstance(field, DayField):
        return "day"
    if isinstance(field, forms.ChoiceField):
        has_few_choices = name not in CATALOGUE or CATALOGUE[name].choices
        return "choices" if has_few_choices else "select"
    return "text"


def _saved_items(step: StepRequest) -> MultiValueDict[str, str] | None:
    """Return the saved form of this page. It was typed before other pages: what they ask for since then, and the
    address of a place that they have changed, comes from the entries.
    """
    saved = step.saved_form()
    if saved is None:
        return None
    moved = [end for end, place in _places(step.entries) if saved.get(f"place.{end}", place) != place]
    items = as_typed(replace(step.entries, items=without_ticks(step.entries.items)))
    kept = {name: texts for name, texts in saved.lists() if not name.startswith(tuple(f"{end}." for end in moved))}
    for name, texts in kept.items():
        items.setlist(name, texts)
    return items


def _places(entries: MoveEntries) -> list[tuple[str, str]]:
    """Each end with the place that its address is typed for."""
    ends = (("origin", entries.origin), ("destination", entries.destination))
    return [(end, f"{place.postal_code}{place.prefecture}{place.municipality}{place.town}") for end, place in ends]


@application_step("items")
def items_page(step: StepRequest) -> HttpResponse:
    """Ask for what the chosen providers need, and nothing more; below each field stand the providers that get it."""
    data = step.request.POST if step.is_post else _saved_items(step)
    form = ItemsForm(step.entries, step.offers, data, settled=step.settled_offers)
    change = email_change_form(step.request, step.book, form["contact.email"].value() or "", data)
    if step.is_post and form.is_valid() and (change is None or change.is_valid()):
        step.save(form.entries())
        if step.only_edits:
            messages.success(step.request, _("直した内容を保存しました。これからの手続に使います。"))
        return see_other("check")
    form.is_valid()  # a saved form is validated too, before its ticks are drawn
    hide_errors(step.request, form, *([change] if change else []))
    context = step.page_context(
        form=form,
        groups=item_groups(form),
        change=change,
        entries=step.entries,
        only_edits=step.only_edits,
        lacking=lacking_sentences(step.offers),
        places=_places(step.entries),
        messages=messages.get_messages(step.request),
    )
    return render(step.request, "book/apply/items.html", context, status=422 if step.is_post else 200)
