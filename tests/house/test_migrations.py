"""Migrations for old and new code on one database: a release adds, and takes away only what no code uses any more.

While hosts are restarted one after another both versions write. So no migration drops, renames, narrows or rewrites
what the version before it uses. A column goes in two releases: the first one no longer uses it and lets the database
fill it (`null=True` or `db_default`), the second one drops it, with its reason in REASONS.
"""

from collections.abc import Iterator, Sequence

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

# The last migration of each room from before this rule: portals were stopped for these.
BEFORE_THE_RULE = {
    "address": 1,
    "coverage": 1,
    "delivery": 9,
    "mail": 11,
    "monitoring": 2,
    "mover": 13,
    "notice": 17,
    "provider": 25,
    "receipt": 10,
    "relay": 4,
    "throttle": 2,
}
# "room.0000_name": why old and new code can both live with it.
REASONS: dict[str, str] = {}
_TAKEN_AWAY = (
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.RenameField,
    migrations.RemoveField,
    migrations.AlterModelTable,
)
_BY_HAND = (migrations.RunSQL, migrations.RunPython, migrations.SeparateDatabaseAndState)


def problems(operations: Sequence[Operation], app: str, state: ProjectState) -> Iterator[str]:
    """What old code, or a large table, could not live with. Brings `state` forward."""
    new_tables = {each.name_lower for each in operations if isinstance(each, migrations.CreateModel)}
    replaced = {each.name for each in operations if isinstance(each, migrations.RemoveConstraint)}
    for operation in operations:
        model = str(getattr(operation, "model_name", "")).lower()
        if model not in new_tables:
            problem = _problem(operation, app, model, state, replaced)
            if problem:
                yield f"{operation.describe()}: {problem}"
        operation.state_forwards(app, state)


def _problem(operation: Operation, app: str, model: str, state: ProjectState, replaced: set[str]) -> str:
    if isinstance(operation, _TAKEN_AWAY):
        return "old code still uses it"
    if isinstance(operation, _BY_HAND):
        return "nobody but a reader can say"
    if isinstance(operation, migrations.AddField):
        return _new_field_problem(operation.field)
    if isinstance(operation, migrations.AlterField):
        return _changed_field_problem(state.models[app, model].fields[operation.name], operation.field)
    if isinstance(operation, migrations.AddConstraint) and operation.constraint.name not in replaced:
        return "old code may write what it forbids"
    if isinstance(operation, migrations.AlterUniqueTogether):
        return "old code may write what it forbids"
    return ""


def _new_field_problem(field: models.Field) -> str:  # type: ignore[type-arg]
    if field.many_to_many or field.null or field.db_default is not NOT_PROVIDED:
        return ""
    return "old code does not fill it, and `default` is not the database's: use db_default or null"


def _changed_field_problem(old: models.Field, new: models.Field) -> str:  # type: ignore[type-arg]
    if old.get_internal_type() != new.get_internal_type():
        return "the table is written anew, and old code has another type"
    if old.null and not new.null:
        return "old code may leave it empty"
    if new.unique and not old.unique:
        return "old code may write it twice"
    longest, was = new.max_length, old.max_length
    if longest is not None and (was is None or was > longest):
        return "old code may write longer texts"
    return ""


def test_old_and_new_code_can_share_the_database() -> None:
    loader = MigrationLoader(None)
    state, found, seen = ProjectState(), [], set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for app, name in loader.graph.forwards_plan(leaf):
            if (app, name) in seen:
                continue
            seen.add((app, name))
            each = problems(loader.disk_migrations[app, name].operations, app, state)
            wrong = [f"{app}.{name}: {problem}" for problem in each]
            own = loader.disk_migrations[app, name].__module__.startswith("renrakucho.")
            if own and int(name[:4]) > BEFORE_THE_RULE.get(app, 0) and f"{app}.{name}" not in REASONS:
                found += wrong
    assert found == []
    assert {app for app, _name in seen} >= BEFORE_THE_RULE.keys()


def state_with(**fields: models.Field) -> ProjectState:  # type: ignore[type-arg]
    state = ProjectState()
    migrations.CreateModel("book", [("id", models.BigAutoField(primary_key=True)), *fields.items()]).state_forwards(
        "mover", state
    )
    return state


SHORT_TEXT = models.CharField(max_length=10, null=True)


@pytest.mark.parametrize(
    ("operation", "safe"),
    [
        (migrations.AddField("book", "seen", models.IntegerField(null=True)), True),
        (migrations.AddField("book", "seen", models.IntegerField(db_default=0)), True),
        (migrations.AddField("book", "seen", models.IntegerField(default=0)), False),
        (migrations.RemoveField("book", "title"), False),
        (migrations.RenameField("book", "title", "name"), False),
        (migrations.DeleteModel("book"), False),
        (migrations.AlterField("book", "title", models.CharField(max_length=20, null=True)), True),
        (migrations.AlterField("book", "title", models.CharField(max_length=9, null=True)), False),
        (migrations.AlterField("book", "title", models.CharField(max_length=10)), False),
        (migrations.AlterField("book", "title", models.CharField(max_length=10, null=True, unique=True)), False),
        (migrations.AlterField("book", "title", models.IntegerField(null=True)), False),
        (migrations.AddIndex("book", models.Index(fields=["title"], name="by_title")), True),
        (migrations.AddConstraint("book", models.UniqueConstraint(fields=["title"], name="one")), False),
        (migrations.RunSQL("SELECT 1"), False),
    ],
    ids=lambda value: value.describe() if isinstance(value, Operation) else str(value),
)
def test_an_operation_is_known_for_what_it_does(operation: Operation, safe: bool) -> None:
    found = list(problems([operation], "mover", state_with(title=SHORT_TEXT)))
    assert (found == []) is safe


def test_a_table_of_the_same_migration_is_nobodys_yet() -> None:
    made = migrations.CreateModel("page", [("id", models.BigAutoField(primary_key=True))])
    added = migrations.AddField("page", "seen", models.IntegerField(default=0))
    assert list(problems([made, added], "mover", ProjectState())) == []
