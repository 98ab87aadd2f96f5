"""Which providers this installation is connected with, and their sheets."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from renrakucho.channel.channels import way
from renrakucho.channel.connection import Connection, connections
from renrakucho.provider.folder import ProviderFolder, provider_folders
from renrakucho.sheet.form import Procedure, Sheet
from renrakucho.sheet.shelf import sheets


class NoSuchSheet(LookupError):
    """The provider has no such form, or this installation no way to it any more."""


def folders() -> dict[str, ProviderFolder]:
    """Every provider that could be connected, by slug."""
    return provider_folders(Path(settings.PROVIDERS))


def connection(provider: str) -> Connection | None:
    """This installation's way to the provider; None where it is only listed here."""
    return ways().get(provider)


def ways() -> dict[str, Connection]:
    """This installation's way to each provider that it is connected with."""
    return connections(Path(settings.CONNECTIONS), settings.SANDBOX_URL, _letters())


def connected_sheet(provider: str, procedure: Procedure) -> Sheet | None:
    """The form a notice would be told in; None where the provider is only listed for this procedure."""
    found = _connected(provider, procedure)
    return found[0] if found else None


def channel_for(provider: str, procedure: Procedure) -> str:
    """By which channel a notice would travel; empty where the provider is only listed."""
    found = _connected(provider, procedure)
    return found[1] if found else ""


def _connected(provider: str, procedure: Procedure) -> tuple[Sheet, str] | None:
    # Asked many times a page; what it is told of cannot change while the process runs.
    return _found(provider, procedure, settings.PROVIDERS, settings.CONNECTIONS, settings.SANDBOX_URL, _letters())


@lru_cache(maxsize=1024)
def _found(
    provider: str, procedure: Procedure, root: Path, file: str, sandbox: str, letters: str
) -> tuple[Sheet, str] | None:
    folder, there = provider_folders(Path(root)).get(provider), connections(Path(file), sandbox, letters).get(provider)
    sheet = sheets(folder.path).get(procedure) if folder and there else None
    if sheet is None or there is None:
        return None
    channel = way(there, sheet, procedure)
    return (sheet, channel) if channel else None


def sheet_for(provider: str, procedure: str) -> Sheet:
    """The same for a notice that needs it. Raises NoSuchSheet."""
    folder = folders().get(provider)
    for name, sheet in (sheets(folder.path) if folder else {}).items():
        if name == procedure and connected_sheet(provider, name):
            return sheet
    raise NoSuchSheet(f"{provider}: {procedure}")


def _letters() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
