"""Every text that a person sees can be translated: Japanese stands only inside calls of gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "renrakucho"
JAPANESE = re.compile("[ぁ-ゖァ-ヺ々㐀-鿿豈-\ufaff\U00020000-\U0003ffff]")
GETTEXT = {"_", "N_", "gettext", "ngettext", "pgettext", "npgettext"}
GETTEXT |= {"gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy", "gettext_noop"}
# Help of the command line, health checks and faults of connections.toml say both languages at once.
BILINGUAL = {"bilingual", "BothLanguages", "healthy", "TableFault", "ConnectionFinding", "BadSheet"}
STRIPPING = {"strip", "lstrip", "rstrip"}  # takes characters, no words

# Where Japanese is data, or is printed before translations are there.
EXCUSED = {
    "lib/**/*.py": "tables of characters and eras, the same in every language",
    "address/**/*.py": "how addresses are written in Japan",
    "coverage/table_specs.py": "patterns of the columns in directory/",
    "sheet/code_tables.py": "what providers' forms are sent",
    "sheet/variant.py": "kanji and the ones that stand in for them",
    "notice/sample_movers.py": "names and addresses to try a form on",
    "notice/scaffold.py": "what a new provider's files begin with",
    "config/settings.py": "the portal's own name, which an installation sets",
    "config/run/*.py": "printed in both languages at once, before Django is set up",
}

PYTHON = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in PACKAGE.rglob("jinja2/**/*") if path.is_file())


def name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def excused() -> set[Path]:
    return {path for pattern in EXCUSED for path in PACKAGE.glob(pattern)}


def untranslatable_constants(source: str) -> list[str]:
    """The Japanese constants of a Python module that gettext does not find. Regular expressions do not count."""
    tree = ast.parse(source)
    allowed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in GETTEXT | BILINGUAL | STRIPPING or ast.unparse(node.func).startswith("re."):
                allowed |= {id(part) for argument in node.args for part in plain_parts(argument)}
        elif isinstance(node, ast.Expr):
            allowed.add(id(node.value))  # a docstring
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if JAPANESE.search(node.value) and id(node) not in allowed
    ]


def plain_parts(argument: ast.expr) -> list[ast.expr]:
    """The argument; the constant parts too when it is an f-string, as patterns often are."""
    return [argument, *argument.values] if isinstance(argument, ast.JoinedStr) else [argument]


def untranslatable_texts(source: str) -> Iterator[str]:
    """The Japanese texts of a template that gettext does not find, and strings in its expressions."""
    environment = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    tree = environment.parse(source)
    allowed = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for argument in call.args
    }
    for data in tree.find_all(nodes.TemplateData):
        if JAPANESE.search(data.data):
            yield f"{data.lineno}: {data.data.strip()}"
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and JAPANESE.search(constant.value) and id(constant) not in allowed:
            yield f"{constant.lineno}: {constant.value}"


def test_no_module_has_untranslatable_text() -> None:
    paths = sorted(set(PYTHON) - excused())
    assert len(paths) > 300
    found = {name(path): untranslatable_constants(path.read_text(encoding="utf-8")) for path in paths}
    assert {module: texts for module, texts in found.items() if texts} == {}


def test_no_template_has_untranslatable_text() -> None:
    assert len(TEMPLATES) > 100
    found = {name(path): list(untranslatable_texts(path.read_text(encoding="utf-8"))) for path in TEMPLATES}
    assert {template: texts for template, texts in found.items() if texts} == {}


@pytest.mark.parametrize("pattern", EXCUSED)
def test_an_excuse_is_still_needed(pattern: str) -> None:
    assert any(untranslatable_constants(path.read_text(encoding="utf-8")) for path in PACKAGE.glob(pattern))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('title = "引越"', 1),
        ('title = f"{count}件"', 1),
        ('title = _("引越" if moving else "転居")', 2),
        ('label = _("%(n)s件") % {"n": "多い"}', 1),
        ('title = _("引越")', 0),
        ('title = translation.pgettext("名詞", "引越")', 0),
        ('"""引越の説明"""\nx = "ascii"', 0),
        ('KANA = re.compile(rf"[ァ-ヶ]{{1,{LONGEST}}}")', 0),
    ],
)
def test_untranslatable_constants_are_found(source: str, found: int) -> None:
    assert len(untranslatable_constants(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>引越</p>", 1),
        ('{{ field(label="姓") }}', 1),
        ('{{ _("%(name)sへ", name="会社") }}', 1),
        ('<p title="{{ _("引越") }}">{{ _("転居") }}</p>', 0),
        ("{% trans %}引越{% endtrans %}", 0),
        ("{# 引越 #}{{ name }}", 0),
    ],
)
def test_untranslatable_template_texts_are_found(source: str, found: int) -> None:
    assert len(list(untranslatable_texts(source))) == found
