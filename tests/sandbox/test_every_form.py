"""Every form, from an empty page to the way back."""

import hashlib
import hmac
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.form import Form, Site
from sandbox.sites import SITES
from tests.sandbox.visitor import BACK, NOW, Visitor, address, confirmed, entered, handed_over, own_items, registered

SANDBOX = Path(__file__).parents[2] / "sandbox"
FORMS = [pytest.param(site, form, id=f"{site.slug}-{form.procedure}") for site in SITES.values() for form in site.forms]
each_form = pytest.mark.parametrize(("site", "form"), FORMS)


@each_form
def test_a_form_opens_empty_and_in_its_charset(visitor: Visitor, site: Site, form: Form) -> None:
    page = visitor.get(address(site, form))
    assert (page.status, page.content_type) == (200, f"text/html; charset={site.charset}")
    assert f'<meta charset="{site.charset}">' in page.text
    assert "本物の事業者ではありません" in page.words
    fields = page.forms[f"{address(site, form)}/confirm"]
    assert {blank.name for blank in form.blanks} <= fields.keys()
    assert not any(fields[blank.name] for blank in form.blanks)


@each_form
def test_a_hand_over_fills_all_but_the_own_items(visitor: Visitor, site: Site, form: Form) -> None:
    sent = handed_over(form)
    page = visitor.post(address(site, form), sent | own_items(form), site.charset)
    fields = page.forms[f"{address(site, form)}/confirm"]
    assert {name: fields[name] for name in sent} == sent
    assert not any(fields[name] for name in own_items(form))


@each_form
def test_a_form_without_its_own_items_is_refused_and_keeps_the_rest(visitor: Visitor, site: Site, form: Form) -> None:
    fields = entered(visitor, site, form) | dict.fromkeys(own_items(form), "")
    page = confirmed(visitor, site, form, fields)
    needed = [blank for blank in form.blanks if blank.own and blank.required]
    assert len(page.faults) == len(needed) > 0
    kept = page.forms[f"{address(site, form)}/confirm"]
    assert kept == fields


@each_form
def test_a_form_is_confirmed_registered_and_links_back(visitor: Visitor, site: Site, form: Form) -> None:
    fields = entered(visitor, site, form)
    confirmation = confirmed(visitor, site, form, fields)
    for blank in form.blanks:
        assert dict(blank.options).get(fields[blank.name], fields[blank.name]) in confirmation.words

    done = registered(visitor, site, form, confirmation)
    assert "登録完了いたしました" in done.words
    link = done.links["引越れんらく帳へ戻る"]
    said = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    secret = tomllib.loads((SANDBOX / "connections.toml").read_text())[site.slug]["secret"]
    lines = f"TICKET-7\n{done.receipt}\n{int(NOW.timestamp())}"
    assert link.startswith(f"{BACK}?")
    assert said == {
        "number": done.receipt,
        "at": str(int(NOW.timestamp())),
        "signature": hmac.new(secret.encode(), lines.encode(), hashlib.sha256).hexdigest(),
    }


@each_form
def test_one_application_has_one_number(visitor: Visitor, site: Site, form: Form) -> None:
    confirmation = confirmed(visitor, site, form, entered(visitor, site, form))
    first = registered(visitor, site, form, confirmation)
    second = registered(visitor, site, form, confirmation)
    other = registered(visitor, site, form, confirmed(visitor, site, form, entered(visitor, site, form)))
    assert "すでに登録されています" in second.words
    assert second.receipt == first.receipt != other.receipt
    assert second.links == first.links


@each_form
def test_every_form_is_connected(site: Site, form: Form) -> None:
    connection = tomllib.loads((SANDBOX / "connections.toml").read_text())[site.slug]
    assert connection[form.procedure] == {"entry": "{sandbox}" + address(site, form)}
    assert connection["hosts"] == ["{sandbox}"]
    assert connection["secret"] == tomllib.loads((SANDBOX / "secrets.toml").read_text())[site.slug]
