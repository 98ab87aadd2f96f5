"""Accessibility check of a page by axe."""

from collections.abc import Mapping
from functools import cache

from playwright.sync_api import Page

from bootstrap.npm_packages import INSTALLED

EVERY_RULE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The rules whose answer depends on width and colours: a page that holds every rule on a phone is asked these again.
OF_LOOKS = {"runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}
# Only what fails comes back: all that passes takes longer to hand over than to find.
_RUN = """async rules => (await axe.run({...rules, resultTypes: ["violations"]})).violations
    .map(fault => `${fault.id}: ${fault.nodes[0].html.slice(0, 120)}`)"""


@cache
def _axe_script() -> str:
    script = INSTALLED / "axe-core" / "axe.min.js"
    assert script.exists(), "`make test` or `python -m bootstrap.npm_packages` installs axe"
    return script.read_text("utf-8")


def keep_axe(page: Page) -> None:
    """Have axe in every document that this page will show: handing the script over takes longer than some checks."""
    page.add_init_script(_axe_script())


def axe_faults(page: Page, rules: Mapping[str, list[str]] = EVERY_RULE) -> list[str]:
    """Return what axe finds on the page as it is shown."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_script())
    return list(page.evaluate(_RUN, rules))


def too_wide(page: Page) -> list[str]:
    """Return a fault where the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["wider than the window"] if wide else []
