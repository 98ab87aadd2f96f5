from datetime import date

import pytest

from tests.page.reading import Page
from tests.page.style_sheet import PROVIDERS, WRITTEN, Items, from_string, render

FIRST = {"leave_on": "id_leave_on", "payment": "id_payment", "industries": "id_industries"}


def test_every_control_has_a_label_and_every_label_a_control() -> None:
    page = Page(render())
    controls = [
        element
        for element in page.elements
        if element.tag in {"input", "select", "textarea"} and element.attributes.get("type") != "hidden"
    ]
    assert len(controls) == 11
    assert {element.attributes["id"] for element in controls} == {
        label.attributes["for"] for label in page.all("label")
    }


def test_ids_are_given_once_and_descriptions_are_there() -> None:
    page = Page(render(Items({})))
    assert sorted(page.ids()) == sorted(set(page.ids()))
    described = [
        element.attributes["aria-describedby"].split()
        for element in page.elements
        if "aria-describedby" in element.attributes
    ]
    assert described
    assert {id for ids in described for id in ids} <= set(page.ids())


@pytest.mark.parametrize("name", [name for name, field in Items.base_fields.items() if field.required])
def test_an_error_stands_at_its_field_and_in_the_summary(name: str) -> None:
    form = Items({})
    page = Page(render(form))
    [link] = page.all("a", href=f"#id_{name}")
    [message] = form.errors[name]
    assert str(message) in link.text
    assert page.one(f"id_{name}").tag in {"input", "select"}
    assert page.one(f"id_{name}-error").tag == "div"
    assert f"id_{name}-error" in " ".join(element.attributes.get("aria-describedby", "") for element in page.elements)


def test_controls_with_an_error_are_marked_invalid() -> None:
    invalid = {
        element.attributes.get("name")
        for element in Page(render(Items({}))).elements
        if "aria-invalid" in element.attributes
    }
    assert invalid >= {"family_name", "prefecture", "leave_on_0", "leave_on_1", "leave_on_2", "agreed"}
    assert "message" not in invalid
    assert "aria-invalid" not in render()


def test_the_summary_counts_errors_and_is_empty_without_any() -> None:
    template = '{% from "page/fields.html" import error_summary %}{{ error_summary(form, other) }}'
    wrong, right = Items({**WRITTEN, "payment": "gold"}), Items(WRITTEN)
    wrong.add_error(None, "引越元と引越先が同じです。")
    assert "2か所" in from_string(template, form=wrong, other=right)
    assert "引越元と引越先が同じです。" in from_string(template, form=wrong, other=right)
    assert from_string(template, form=right, other=right).strip() == ""


def test_typed_texts_come_back_unchanged() -> None:
    page = Page(render())
    assert page.one("id_family_name").attributes["value"] == WRITTEN["family_name"]
    assert page.one("id_message").text == f"\n{WRITTEN['message']}"  # the parser drops the first line break
    assert [page.one(id).attributes["value"] for id in ("id_leave_on", "id_leave_on_1", "id_leave_on_2")] == [
        "2026",
        "１２",
        "5",
    ]
    assert [box.attributes["value"] for box in page.elements if "checked" in box.attributes] == ["slip", "water", "on"]
    assert [option.attributes["value"] for option in page.all("option", selected="")] == ["東京都"]


def test_a_new_form_is_empty() -> None:
    page = Page(render(Items()))
    assert page.one("id_family_name").attributes["value"] == ""
    assert not [element for element in page.elements if "checked" in element.attributes]


def test_an_initial_day_is_shown_in_three_numbers() -> None:
    page = Page(render(Items(initial={"leave_on": date(2026, 3, 1)})))
    assert [page.one(id).attributes["value"] for id in ("id_leave_on", "id_leave_on_1", "id_leave_on_2")] == [
        "2026",
        "3",
        "1",
    ]


def test_a_password_is_never_sent_back() -> None:
    shown = from_string(
        '{% from "page/fields.html" import text %}{{ text(form.family_name, kind="password") }}', form=Items(WRITTEN)
    )
    assert "勅使河原" not in shown


def test_each_field_names_its_recipients() -> None:
    shown = render()
    assert "届け先: 東京ガス、NHK" in shown
    assert "届け先: 5事業者" in shown
    assert "、".join(PROVIDERS) in shown


def test_optional_fields_are_marked() -> None:
    assert render().count('class="optional"') == 1
