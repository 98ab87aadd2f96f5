import gzip
import itertools
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "renrakucho" / "page" / "static" / "page"
SHEETS = sorted(STATIC.glob("*.css"))
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")
READ = [  # words, and what they stand on
    *itertools.product(["ink", "ink-soft", "ink-faint"], ["paper", "counter", "press-tint"]),
    *itertools.product(["ink"], ["good-tint", "caution-tint", "error-tint"]),
    *itertools.product(
        ["press", "press-strong"], ["paper", "counter", "press-tint", "good-tint", "caution-tint", "error-tint"]
    ),
    *itertools.product(["on-press"], ["press", "press-strong"]),
    *itertools.product(["good", "caution", "error", "stamp"], ["paper"]),
    ("good", "good-tint"),
    ("caution", "caution-tint"),
    ("error", "error-tint"),
]


def colours(scheme: str) -> dict[str, str]:
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", LIGHT))
    dark = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", DARK.split("@media")[0]))
    return light if scheme == "light" else light | dark


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), READ)
def test_text_has_enough_contrast(scheme: str, words: str, ground: str) -> None:
    known = colours(scheme)
    assert contrast(known[words], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_fields_have_enough_contrast(scheme: str) -> None:
    known = colours(scheme)
    assert contrast(known["edge"], known["paper"]) >= 3


def test_style_sheets_are_small() -> None:
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in SHEETS) < 9_000  # bytes, as they travel


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_style_sheet_loads_nothing(sheet: Path) -> None:
    written = sheet.read_text(encoding="utf-8")
    assert not re.search(r"@import|@font-face|url\(|https?:", written)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_colours_come_from_the_tokens(sheet: Path) -> None:
    written = sheet.read_text(encoding="utf-8")
    known = set(re.findall(r"--([a-z-]+):", "".join(other.read_text(encoding="utf-8") for other in SHEETS)))
    assert set(re.findall(r"var\(--([a-z-]+)\)", written)) <= known
    if sheet.name != "tokens.css":
        assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(", written)


def test_only_the_stamp_is_vermilion() -> None:
    rules = [
        rule for sheet in SHEETS for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text(encoding="utf-8"))
    ]
    stamped = {selector.split("/")[-1].strip() for selector, body in rules if "var(--stamp)" in body}
    assert stamped == {".mark-accepted", ".stamp", ".stamp-ring, .stamp-band"}


def test_nothing_moves_with_reduced_motion() -> None:
    moving = [sheet for sheet in SHEETS if re.search("animation|transition", sheet.read_text(encoding="utf-8"))]
    assert [sheet.name for sheet in moving] == ["book.css"]
    still = (STATIC / "book.css").read_text(encoding="utf-8").split("@media (prefers-reduced-motion: no-preference)")[0]
    assert "animation" not in still
