"""The whole directory in the test database, for every room's tests.

A test that needs it asks for the fixture `directory`, beside its database mark. Preparing and writing it takes some
seconds: the first worker of pytest-xdist that needs it does so, and with SQLite the others copy its database.
"""

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from renrakucho.address.models import Edition
from renrakucho.address.place_tables import place_tables
from renrakucho.coverage.edition_loader import PreparedEdition, directory_fingerprint, prepare_edition, write_edition
from renrakucho.coverage.provider_lookup import answer_index
from renrakucho.coverage.table_reader import DIRECTORY
from tests.database_copies import WITH_DIRECTORY, copy_from_file, copy_to_file, is_in_memory
from tests.made_once import MakeOnce
from tests.own_database import run_django


def _silent(text: str) -> None:
    pass


@pytest.fixture(scope="session")
def prepared_directory(make_once: MakeOnce) -> PreparedEdition:
    """The project's own tables, checked and packed."""
    path = make_once(
        "directory.pickle", lambda draft: draft.write_bytes(pickle.dumps(prepare_edition(DIRECTORY, _silent)))
    )
    prepared: PreparedEdition = pickle.loads(path.read_bytes())
    return prepared


@pytest.fixture(scope="session")
def stored_directory(
    request: pytest.FixtureRequest, make_once: MakeOnce, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[], str]:
    """Returns the id of the edition in the test database, after writing it where it is missing."""
    edition = directory_fingerprint(DIRECTORY)

    def stored() -> str:
        if not Edition.objects.filter(id=edition).exists():
            write_edition(request.getfixturevalue("prepared_directory"), _silent)
        return edition

    def write_and_copy(draft: Path) -> None:
        stored()
        copy_to_file(draft)

    with django_db_blocker.unblock():
        if is_in_memory() and not connection.in_atomic_block:
            path = make_once(WITH_DIRECTORY, write_and_copy)
            if not Edition.objects.exists():
                copy_from_file(path)
        stored()
    return stored


@pytest.fixture
def directory(stored_directory: Callable[[], str], db: None) -> Iterator[str]:
    """The id of the edition that is loaded."""
    edition = stored_directory()
    place_tables.ask_again()
    answer_index.ask_again()
    yield edition
    place_tables.ask_again()
    answer_index.ask_again()


@pytest.fixture(scope="session")
def directory_database(request: pytest.FixtureRequest, make_once: MakeOnce, django_db_setup: None) -> Path:
    """A file with all tables and the directory, for an installation of a test: nobody's keys, logins or notices."""
    if is_in_memory():
        request.getfixturevalue("stored_directory")

    def load(draft: Path) -> None:  # where no test of this run uses the database itself
        for command in (("migrate", "--verbosity=0"), ("directory", "load")):
            run_django(f"sqlite:///{draft}", *command)

    return make_once(WITH_DIRECTORY, load)
