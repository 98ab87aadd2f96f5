"""Pages that explain the standard to people, made from the schemas, in two languages."""

import json
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from renrakucho.faces.standard.page_texts import (
    NAMES,
    page_texts,
    schema_description,
    schema_title,
    type_text,
    variant_text,
)
from renrakucho.faces.standard.schema_files import public_and_cacheable
from renrakucho.standard.schema_outline import SchemaMember, schema_outline
from renrakucho.standard.schemas import FOLDER, STANDARD, Schema, load_schema, schema_examples

PAGES = ("facts", "notice", "withdrawal", "receipt", "sheet", "providers")  # as a newcomer reads them


@require_safe
@public_and_cacheable
def standard_index(request: HttpRequest, language: str) -> HttpResponse:
    """Say what the standard is for, and the rules of all its documents."""
    context = {
        **_frame(language, "index"),
        "token": STANDARD,
        "zip_url": reverse("standard:everything"),
        "documents": [_listed(name, language) for name in PAGES],
        "history": [
            {"on": parse_date(step["on"]), "said": step[language]}
            for step in json.loads((FOLDER / "history.json").read_text("utf-8"))
        ],
    }
    return render(request, f"standard/index_{language}.html", context)


@require_safe
@public_and_cacheable
def document_page(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """Explain one kind of document: every member, and examples."""
    if name not in PAGES:
        raise Http404
    context = {
        **_frame(language, "document", name),
        "name": name,
        "title": schema_title(load_schema(name), language),
        "description": schema_description(load_schema(name), language),
        "schema_url": reverse("standard:schema", args=[name]),
        "rows": _rows(name, language),
        "examples": [
            {"title": variant_text(special, language), "text": text, "url": _example_url(name, special)}
            for special, text in schema_examples(name).items()
        ],
        "documents": [_listed(one, language) for one in PAGES],
    }
    return render(request, "standard/document.html", context)


def _frame(language: str, address: str, *args: str) -> dict[str, object]:
    addresses = {"ja": reverse(f"standard:{address}", args=args), "en": reverse(f"standard:{address}_en", args=args)}
    other = "ja" if language == "en" else "en"
    return {
        "language": language,
        "w": page_texts(language),
        "other": {"code": other, "href": addresses[other], "name": NAMES[other]},
        "index_url": reverse("standard:index_en" if language == "en" else "standard:index"),
    }


def _listed(name: str, language: str) -> dict[str, str]:
    address = "standard:document_en" if language == "en" else "standard:document"
    said = load_schema(name)
    first = schema_description(said, language).partition("。" if language == "ja" else ". ")
    return {
        "name": name,
        "title": schema_title(said, language),
        "said": f"{first[0]}{first[1]}".strip(),
        "href": reverse(address, args=[name]),
    }


def _example_url(name: str, special: str) -> str:
    return reverse("standard:example", kwargs={"name": name} | ({"variant": special} if special else {}))


@cache
def _rows(name: str, language: str) -> list[dict[str, Any]]:
    rows = [_row(member, language) for member in schema_outline(name)]
    groups = {code: text[language] for code, text in load_schema(name).get("x-groups", {}).items()}
    for row in rows:
        group = row["parts"][0]
        row["group"] = (group, groups.pop(group)) if group in groups else None
    return rows


def _row(member: SchemaMember, language: str) -> dict[str, Any]:
    schema, texts = member.schema, page_texts(language)
    refers = _listed(member.refers, language) if member.refers else None
    return {
        "anchor": member.anchor,
        "parts": member.path.split("."),
        "depth": member.depth,
        "kind": type_text(schema, language),
        "required": member.required,
        "title": schema_title(schema, language),
        "said": schema_description(schema, language),
        "codes": _values(schema, language),
        "open": "x-values" in schema,
        "pattern": schema.get("pattern", "") if "x-values" not in schema else "",
        "ways": [(way, text[language]) for way, text in schema.get("x-ways", {}).items()],
        "gif": schema.get("x-gif", ""),
        "sensitivity": texts[f"is_{schema['x-sensitivity']}"] if "x-sensitivity" in schema else "",
        "machine": _machine(member, language),
        "refers": refers,
        "same_as": member.same_as,
        "one_of": ", ".join(_one_of(schema) or _one_of(schema.get("items", {}))),
    }


def _one_of(schema: Schema) -> list[str]:
    """The members of which exactly one is given."""
    return [name for one in schema.get("oneOf", ()) for name in one.get("required", ())]


def _values(schema: Schema, language: str) -> list[tuple[str, str, str]]:
    known = schema.get("x-words") or schema.get("x-values") or {}
    whose = load_schema("receipt")["properties"]["by"]["x-words"]
    return [(code, text[language], whose[text["by"]][language] if "by" in text else "") for code, text in known.items()]


def _machine(member: SchemaMember, language: str) -> list[tuple[str, str]]:
    values = load_schema("facts")["$defs"]["machine"]["properties"].get(member.path, {}).get("properties", {})
    if member.depth:
        return []
    return [(name, schema_description(schema, language)) for name, schema in values.items()]
