"""Every site of the sandbox, read from forms/<slug>.toml (field by field as form.py describes them)."""

import tomllib
from pathlib import Path
from typing import Any

from sandbox.form import Blank, Day, Form, Procedure, Row, Section, Site
from sandbox.prefecture import PREFECTURES

Options = tuple[tuple[str, str], ...]
HERE = Path(__file__).parent
SLUGS = (
    "tokyo-waterworks",
    "kawasaki-water",
    "tokyo-gas",
    "nhk",
    "tepco-ep",
    "jcb",
    "dc-card",
    "nicos",
    "fusion",
    "dti",
    "mitsui-sumitomo",
)
PROCEDURES: tuple[Procedure, ...] = ("stop", "start", "change", "move")


def _options(written: list[str] | dict[str, str]) -> Options:
    """Codes with labels, or names that are their own codes."""
    return tuple(written.items()) if isinstance(written, dict) else tuple((name, name) for name in written)


SHARED: dict[str, Options] = {
    "prefecture_name": _options(PREFECTURES),
    "prefecture_code": tuple((f"{code:02d}", name) for code, name in enumerate(PREFECTURES, start=1)),
}


def _blank(written: dict[str, Any], named: dict[str, Options]) -> Blank:
    choice = written.get("options", ())
    options = named[choice] if isinstance(choice, str) else _options(choice or [])
    return Blank(
        name=written["name"],
        meaning=written["meaning"],
        length=max(len(code) for code, _ in options) if options else written["max"],
        shape=written.get("shape", "any"),
        required=not written.get("optional", False),
        own=written.get("own", False),
        widget=written.get("widget", "select" if options else "text"),
        options=options,
        example=written.get("example", ""),
        before=written.get("before", ""),
        after=written.get("after", ""),
        needed_if=tuple(written["needed_if"]) if "needed_if" in written else None,
    )


def _row(written: dict[str, Any], named: dict[str, Options]) -> Row:
    blanks = tuple(_blank(blank, named) for blank in written.get("blanks", [written]))
    return Row(written["label"], blanks, written.get("note", ""))


def _day(written: dict[str, Any]) -> Day:
    return Day(written["word"], written["style"], tuple(written["names"]), written["first"], written["last"])


def _form(procedure: Procedure, written: dict[str, Any], named: dict[str, Options]) -> Form:
    return Form(
        procedure,
        written["title"],
        tuple(_day(day) for day in written.get("days", [written.get("day")])),
        tuple(
            Section(section["title"], tuple(_row(row, named) for row in section["rows"]))
            for section in written["section"]
        ),
        tuple((one, other) for one, other in written.get("same", [])),
    )


def _site(path: Path) -> Site:
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    named = SHARED | {name: _options(options) for name, options in written.get("options", {}).items()}
    return Site(
        slug=path.stem,
        **{key: written[key] for key in ("name", "charset", "look", "back", "number")},
        forms=tuple(_form(each, written[each], named) for each in PROCEDURES if each in written),
    )


SITES = {slug: _site(HERE / "forms" / f"{slug}.toml") for slug in SLUGS}


def find_form(slug: str, procedure: str) -> tuple[Site, Form] | None:
    """The site and its form, or None where there is no such page."""
    site = SITES.get(slug)
    form = next((form for form in site.forms if form.procedure == procedure), None) if site else None
    return (site, form) if site and form else None
