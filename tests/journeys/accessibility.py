"""Accessibility check of a page by axe."""

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

EVERY_RULE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The rules whose answer depends on width and colours: a page that holds every rule on a phone is asked these again.
OF_LOOKS = {"runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}


_SCRIPT = Axe().axe_script
# Only what fails comes back: all that passes takes longer to hand over than to find.
_RUN = """async rules => (await axe.run({...rules, resultTypes: ["violations"]})).violations
    .map(fault => `${fault.id}: ${fault.nodes[0].html.slice(0, 120)}`)"""


def axe_faults(page: Page, rules: Mapping[str, list[str]] = EVERY_RULE) -> list[str]:
    """Return what axe finds on the page as it is shown."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    return list(page.evaluate(_RUN, rules))


def too_wide(page: Page) -> list[str]:
    """Return a fault where the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["wider than the window"] if wide else []
