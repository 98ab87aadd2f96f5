"""Every sheet in providers/, and how they are connected for trying out."""

from collections.abc import Mapping
from pathlib import Path

from renrakucho.channel.connection import Connection
from renrakucho.channel.connection_file import load_connections
from renrakucho.provider.folder import provider_folders
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.sheet_loader import load_sheets

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = provider_folders(ROOT / "providers")
SHEETS = [sheet for folder in FOLDERS.values() for sheet in load_sheets(folder.path).values()]
assert SHEETS, "a test of every sheet would test none"


def sheet_id(sheet: Sheet) -> str:
    return f"{sheet.provider}-{sheet.procedure}"


def trial_connections() -> Mapping[str, Connection]:
    return load_connections(ROOT / "sandbox/connections.toml", "http://sandbox.example").connections
