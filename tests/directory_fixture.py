"""The whole directory in the test database, for every room's tests.

A test that needs it asks for the fixture `directory`, beside its database mark. Preparing takes some seconds: the first
worker of pytest-xdist that needs it does so, and the others read its file. It is written only into a database that
does not hold it: a new one, or one that a transactional test has emptied.
"""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from renrakucho.address.models import Edition
from renrakucho.address.place_tables import place_tables
from renrakucho.coverage.edition_loader import PreparedEdition, directory_fingerprint, prepare_edition, write_edition
from renrakucho.coverage.provider_lookup import answer_index
from renrakucho.coverage.table_reader import DIRECTORY


def _silent(text: str) -> None:
    pass


def _prepared_once(folder: Path) -> PreparedEdition:
    """Read what another worker left in this folder of the test run, or prepare and leave it there."""
    path = folder / "directory.pickle"
    with (folder / "directory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(prepare_edition(DIRECTORY, _silent)))
        prepared: PreparedEdition = pickle.loads(path.read_bytes())
    return prepared


@pytest.fixture(scope="session")
def prepared_directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PreparedEdition:
    """The project's own tables, checked and packed."""
    if hasattr(request.config, "workerinput"):
        return _prepared_once(tmp_path_factory.getbasetemp().parent)
    return prepare_edition(DIRECTORY, _silent)


@pytest.fixture(scope="session")
def stored_directory(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[], str]:
    """Returns the id of the edition in the test database, after writing it where it is missing."""
    edition = directory_fingerprint(DIRECTORY)

    def stored() -> str:
        if not Edition.objects.filter(id=edition).exists():
            write_edition(request.getfixturevalue("prepared_directory"), _silent)
        return edition

    with django_db_blocker.unblock():
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
