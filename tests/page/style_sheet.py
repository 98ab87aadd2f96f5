"""Living style sheet: one page with every macro, for people to look at and for tests to read.

`renrakucho shell -c "from tests.page.style_sheet import render; print(render())"` writes it out.
"""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment

from renrakucho.notice.models import Status
from renrakucho.page.day_field import DayField

PROVIDERS = ["東京電力エナジーパートナー", "東京ガス", "東京都水道局", "長生郡市広域市町村圏組合水道部", "NHK"]
ON = date(2026, 12, 5)
PAYMENTS = [("account", "口座振替"), ("slip", "払込用紙")]


class Items(forms.Form):
    """A form with a field for every macro."""

    family_name = forms.CharField(label="姓")
    message = forms.CharField(label="伝えておきたいこと", required=False)
    prefecture = forms.ChoiceField(label="都道府県", choices=[("", ""), ("東京都", "東京都")])
    leave_on = DayField(label="引越元を出る日")
    payment = forms.ChoiceField(label="支払い方", choices=PAYMENTS)
    industries = forms.MultipleChoiceField(label="連絡するところ", choices=[("gas", "ガス"), ("water", "水道")])
    agreed = forms.BooleanField(label="この内容で送ります")


WRITTEN = {
    "family_name": "勅使河原 <𠮷>",
    "message": "\n門の前に車は停められません。",
    "prefecture": "東京都",
    "leave_on_0": "2026",
    "leave_on_1": "１２",
    "leave_on_2": "5",
    "payment": "slip",
    "industries": ["water"],
    "agreed": "on",
}

HEAD = """
{% extends "page/base.html" %}
{% from "page/fields.html" import text, lines, select, day, choices, ticks, tick, error_summary %}
{% from "page/parts.html" import csrf, buttons, steps, facts, box, provider_card %}
{% from "page/book.html" import book, todo, leaf %}
{% from "page/marks.html" import stamp, mark, own_word %}
{% block title %}様式{% endblock %}
{% block layout %}wide{% endblock %}
"""

FORM = """
{{ error_summary(form) }}
<form method="post" novalidate>
{{ csrf("0123") }}
{{ text(form.family_name, hint="例: 引越", gets=providers, width="medium", autocomplete="family-name") }}
{{ lines(form.message, hint="なくてもかまいません", gets=["NHK"]) }}
{{ select(form.prefecture, gets=["NHK"]) }}
{{ day(form.leave_on, hint="例: 2026年12月5日", gets=["東京ガス", "NHK"]) }}
{{ choices(form.payment, hint="ひとつ選んでください", notes={"slip": "郵便で届きます。"}) }}
{{ ticks(form.industries, style="in-row") }}
{{ tick(form.agreed, hint="あとで取り消せます") }}
{% call buttons("確認", back="/apply/") %}<button class="link-button">保存</button>{% endcall %}
</form>
"""

BOOK = """
{{ steps("引越手続", 2, 5) }}
{{ facts([("お名前", "勅使河原 𠮷右衛門", "/apply/"), ("部屋番号", "")]) }}
{% for kind in ("good", "caution", "error", "word") %}
{% call box(kind, "お知らせ") %}<p>本文</p>{% endcall %}
{% endfor %}
{{ provider_card("東京ガス", industry="ガス", office="多摩", phone="0570002211", connected=true, homepage="/search/") }}
{% call todo("次は、東京ガスです。") %}<a class="button" href="/apply/">手続</a>{% endcall %}
{% call book() %}
{% for status in statuses %}
{{ leaf(providers[loop.index0 % 5], "gas", "stop", status, on=on, phone="0570002211", number="T-2026-120501",
        accepted_on=accepted_at, own_on=on if status == "handed_over" else none, reason="番号が違います。") }}
{% endfor %}
{% endcall %}
"""


def jinja() -> Environment:
    """Return the environment of all templates."""
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    env: Environment = engine.env
    return env


def from_string(template: str, **context: Any) -> str:
    """Render the text of a template."""
    return jinja().from_string(template).render(context)


def full_book(count: int) -> dict[str, Any]:
    """Return the context of BOOK, with `count` notices in every status by turns."""
    codes = list(Status.values)
    accepted_at = datetime(2026, 12, 4, 15, 30, tzinfo=UTC)  # already the 5th in Japan
    statuses = [codes[place % len(codes)] for place in range(count)]
    return {"statuses": statuses, "providers": PROVIDERS, "on": ON, "accepted_at": accepted_at}


def render(form: forms.Form | None = None, leaves: int = 8) -> str:
    """Render the whole style sheet, with a valid form where none is given."""
    body = "{% block main %}<h1>様式</h1>" + FORM + BOOK + "{% endblock %}"
    return from_string(HEAD + body, form=form or Items(WRITTEN), section="apply", **full_book(leaves))
