"""One table for all tests of written addresses, built from the sources as they stand."""

import pytest

from renrakucho.address.written.built import build
from renrakucho.address.written.default import sources
from renrakucho.address.written.table import Table


@pytest.fixture(scope="session")
def table() -> Table:
    return Table(build(sources()))
