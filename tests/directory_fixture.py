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

from renrakucho.address.atlas import atlas
from renrakucho.address.models import Edition
from renrakucho.coverage.load import Prepared, fingerprint, prepare, write
from renrakucho.coverage.reading import DIRECTORY
from renrakucho.coverage.search import board


def _silent(text: str) -> None:
    pass


def _prepared_once(folder: Path) -> Prepared:
    """Read what another worker left in this folder of the test run, or prepare and leave it there."""
    path = folder / "directory.pickle"
    with (folder / "directory.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            path.write_bytes(pickle.dumps(prepare(DIRECTORY, _silent)))
        prepared: Prepared = pickle.loads(path.read_bytes())
    return prepared


@pytest.fixture(scope="session")
def prepared_directory(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The project's own tables, checked and packed."""
    if hasattr(request.config, "workerinput"):
        return _prepared_once(tmp_path_factory.getbasetemp().parent)
    return prepare(DIRECTORY, _silent)


@pytest.fixture(scope="session")
def stored_directory(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Callable[[], str]:
    """Returns the id of the edition in the test database, after writing it where it is missing."""
    edition = fingerprint(DIRECTORY)

    def stored() -> str:
        if not Edition.objects.filter(id=edition).exists():
            write(request.getfixturevalue("prepared_directory"), _silent)
        return edition

    with django_db_blocker.unblock():
        stored()
    return stored


@pytest.fixture
def directory(stored_directory: Callable[[], str], db: None) -> Iterator[str]:
    """The id of the edition that is loaded."""
    edition = stored_directory()
    atlas.ask_again()
    board.ask_again()
    yield edition
    atlas.ask_again()
    board.ask_again()
