"""One table for all tests of written addresses, built from the sources as they stand."""

import pytest

from renrakucho.address.written.address_table import AddressTable
from renrakucho.address.written.table_builder import build_table
from renrakucho.address.written.table_cache import table_sources


@pytest.fixture(scope="session")
def table() -> AddressTable:
    return AddressTable(build_table(table_sources()))
