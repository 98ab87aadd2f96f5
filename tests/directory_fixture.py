"""The whole directory in the test database, for every room's tests.

A test that needs it asks for the fixture `directory`, beside its database mark. Preparing takes some seconds, once a
session; it is written again only after a transactional test has emptied the database.
"""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from renrakucho.address.atlas import atlas
from renrakucho.address.models import Edition
from renrakucho.coverage.load import Prepared, prepare, write
from renrakucho.coverage.reading import DIRECTORY
from renrakucho.coverage.search import board


def _silent(text: str) -> None:
    pass


@pytest.fixture(scope="session")
def prepared_directory(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Prepared:
    """The project's own tables, checked and packed, and written into the test database."""
    prepared = prepare(DIRECTORY, _silent)
    with django_db_blocker.unblock():
        write(prepared, _silent)
    return prepared


@pytest.fixture
def directory(prepared_directory: Prepared, db: None) -> Iterator[str]:
    """The id of the edition that is loaded."""
    if not Edition.objects.filter(id=prepared_directory.edition).exists():
        write(prepared_directory, _silent)
    atlas.ask_again()
    board.ask_again()
    yield prepared_directory.edition
    atlas.ask_again()
    board.ask_again()
