"""The whole directory in the test database, for every room's tests.

A test that needs it asks for the fixture `directory`, beside its database mark. Preparing takes some seconds, once a
session; it is written again only after a transactional test has emptied the database.
"""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from renrakucho.address.models import Edition
from renrakucho.address.place_tables import place_tables
from renrakucho.coverage.edition_loader import PreparedEdition, prepare_edition, write_edition
from renrakucho.coverage.provider_lookup import answer_index
from renrakucho.coverage.table_reader import DIRECTORY


def _silent(text: str) -> None:
    pass


@pytest.fixture(scope="session")
def prepared_directory(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> PreparedEdition:
    """The project's own tables, checked and packed, and written into the test database."""
    prepared = prepare_edition(DIRECTORY, _silent)
    with django_db_blocker.unblock():
        write_edition(prepared, _silent)
    return prepared


@pytest.fixture
def directory(prepared_directory: PreparedEdition, db: None) -> Iterator[str]:
    """The id of the edition that is loaded."""
    if not Edition.objects.filter(id=prepared_directory.edition).exists():
        write_edition(prepared_directory, _silent)
    place_tables.ask_again()
    answer_index.ask_again()
    yield prepared_directory.edition
    place_tables.ask_again()
    answer_index.ask_again()
