import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def two_navigation_links(settings: Settings) -> None:
    """Use two URLs of the tests: the page room does not know those of the faces."""
    settings.ROOT_URLCONF = "tests.page.urls"
    settings.NAVIGATION_LINKS = (
        ("apply", "apply", "引越手続"),
        ("gone", "no-such-face", "無い"),
        ("search", "search", "検索"),
    )
