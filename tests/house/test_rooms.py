"""Which room may use which. The order of the layers itself is in .importlinter."""

import ast
import re
from collections.abc import Iterator
from configparser import ConfigParser
from itertools import permutations
from pathlib import Path

import django.apps
import grimp
import pytest
from django.db import models

from tests.house.rooms import MAY_USE, may_use, room_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "renrakucho"
RECORD = "renrakucho.receipt.transitions"


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("renrakucho", cache_dir=None)


def imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for importer in graph.modules - {"renrakucho"}:
        for imported in graph.find_modules_directly_imported_by(importer) - {"renrakucho"}:
            yield importer, imported


def test_a_room_imports_only_the_rooms_it_names(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{importer} → {imported}"
        for importer, imported in imports(graph)
        if room_of(imported) not in may_use(room_of(importer))
    ]
    assert wrong == []


def test_every_room_has_a_line_in_the_table() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == {*MAY_USE, "faces", "config"}


def test_path_md_lists_the_rooms_in_the_order_of_the_layers() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    layers = contracts["importlinter:contract:direction"]["layers"].split()
    guide = (ROOT / "docs" / "path.md").read_text(encoding="utf-8")
    assert re.findall(r"^\*\*([a-z]+)\*\*", guide, re.MULTILINE) == layers[::-1]


def test_channels_do_not_import_each_other(graph: grimp.ImportGraph) -> None:
    channels = {f"renrakucho.channel.{path.parent.name}" for path in PACKAGE.glob("channel/*/__init__.py")}
    assert channels
    imported = [
        f"{one} → {other}"
        for one, other in permutations(channels, 2)
        if graph.direct_import_exists(importer=one, imported=other, as_packages=True)
    ]
    assert imported == []


def test_only_receipt_and_delivery_record_receipts() -> None:
    """Other rooms catch InvalidTransition and call the actions of `receipt`."""
    callers = {
        room_of(".".join(("renrakucho", *path.relative_to(PACKAGE).parts)))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and f"{node.module}" in {RECORD, RECORD.rpartition(".")[0]})
        if {"record_receipt", "*"} & {name.name for name in node.names}
    }
    assert callers == {"receipt", "delivery"}


def our_models() -> list[type[models.Model]]:
    return [model for model in django.apps.apps.get_models() if model.__module__.startswith("renrakucho.")]


def test_foreign_keys_point_the_way_imports_do() -> None:
    wrong = []
    assert our_models()
    for model in our_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and field.concrete else None
            if target is None or isinstance(target, str) or not target.__module__.startswith("renrakucho."):
                continue
            if room_of(target.__module__) not in may_use(room_of(model.__module__)):
                wrong.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert wrong == []


def test_fields_of_moments_and_days_are_named_by_their_type() -> None:
    endings: dict[type, tuple[str, ...]] = {
        models.DateTimeField: ("_at", "_until"),
        models.DateField: ("_on",),
    }  # a day alone is «on»
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if not f"_{field.name}".endswith(endings.get(type(field), ("",)))
    ]
    assert set(wrong) <= {"Staff.last_login"}  # Django's own name
