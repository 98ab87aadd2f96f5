"""Which providers this installation is connected with, itself or through another portal, and their sheets."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from renrakucho.channel.channel_table import local_channel
from renrakucho.channel.connection import Connection, load_connections
from renrakucho.lib.errors import NotFound
from renrakucho.notice.peer_listing import PeerProvider, peer_providers
from renrakucho.provider.folder import ProviderFolder, provider_folders
from renrakucho.sheet.form import BY_PHONE, PROCEDURES, Procedure, Sheet, municipality_of
from renrakucho.sheet.sheet_loader import load_sheets


class NoSuchSheet(NotFound):
    """The provider has no such form, or this installation no way to it any more."""


def local_folders() -> dict[str, ProviderFolder]:
    """Every provider that could be connected here, by slug."""
    return provider_folders(settings.PROVIDERS)


def connected_providers() -> dict[str, ProviderFolder]:
    """The same and those of other portals; whoever has a folder here comes first."""
    there = peer_providers()
    return {**local_folders(), **{slug: one.provider for slug, one in there.items()}} if there else local_folders()


def provider_name(provider: str) -> str:
    """How the provider is called; its slug where nobody knows it any more."""
    known = connected_providers().get(provider)
    return known.name if known else provider


def relaying_portal(provider: str) -> str:
    """The name of the portal that hands notices on to this provider; empty where this one tells it itself."""
    known = connected_providers().get(provider)
    return known.through if known else ""


def sheets_of(provider: ProviderFolder) -> Mapping[Procedure, Sheet]:
    """Its forms, by procedure."""
    if provider.path:
        return load_sheets(provider.path)
    there = peer_providers().get(provider.slug)
    return there.sheets if there else {}


def connection_of(provider: str) -> Connection | None:
    """This installation's way to the provider; None where it is only listed here."""
    there = peer_providers().get(provider)
    return local_connections().get(provider) or (there.connection if there else None)


def local_connections() -> dict[str, Connection]:
    """This installation's own way to each provider that it is connected with itself."""
    return load_connections(settings.CONNECTIONS, settings.SANDBOX_URL, _letters())


def connected_sheet(provider: str, procedure: Procedure, municipality: str = "") -> Sheet | None:
    """The form a notice would be told in, with the rules that hold in a municipality (東京都八王子市); None where the
    provider is only listed for this procedure, or takes it there by phone only.
    """
    found = _connected(provider, procedure)
    sheet = found[0].where(municipality, found[1]) if found else None
    return None if sheet is None or sheet.by_phone else sheet


def phone_sheet(provider: str, procedure: str, municipality: str = "") -> Sheet | None:
    """What to say and to know where the provider takes this procedure by phone only; None where it does not."""
    known = connected_providers().get(provider)
    sheet = next((each for name, each in sheets_of(known).items() if name == procedure), None) if known else None
    found = _connected(provider, sheet.procedure) if sheet else None
    there = sheet.where(municipality, found[1] if found else "") if sheet else None
    return there if there and there.by_phone else None


def channel_for(provider: str, procedure: Procedure, municipality: str = "") -> str:
    """By which channel a notice would travel; empty where the provider is only listed."""
    found = _connected(provider, procedure)
    return found[1] if found and connected_sheet(provider, procedure, municipality) else ""


def sheet_for(provider: str, procedure: str, said: Mapping[str, str] | None = None) -> Sheet:
    """The same for a notice that needs it; `said` are the facts of its move. Raises NoSuchSheet."""
    for name in PROCEDURES:
        sheet = connected_sheet(provider, name, municipality_of(name, said or {})) if name == procedure else None
        if sheet:
            return sheet
    raise NoSuchSheet(f"{provider}: {procedure}")


def _connected(provider: str, procedure: Procedure) -> tuple[Sheet, str] | None:
    there = peer_providers().get(provider)
    if there:
        return _there(there, procedure)
    # Asked many times a page; what it is told of cannot change while the process runs.
    return _here(provider, procedure, settings.PROVIDERS, settings.CONNECTIONS, settings.SANDBOX_URL, _letters())


@lru_cache(maxsize=1024)
def _here(
    provider: str, procedure: Procedure, root: Path, file: str, sandbox: str, letters: str
) -> tuple[Sheet, str] | None:
    folder, there = provider_folders(root).get(provider), load_connections(file, sandbox, letters).get(provider)
    sheet = load_sheets(folder.path).get(procedure) if folder and folder.path and there else None
    if sheet is None or there is None or sheet.channel == BY_PHONE:
        return None
    channel = local_channel(there, sheet, procedure)
    return (sheet, channel) if channel else None


def _there(there: PeerProvider, procedure: Procedure) -> tuple[Sheet, str] | None:
    sheet = there.sheets.get(procedure)
    channel = local_channel(there.connection, sheet, procedure) if sheet and sheet.channel != BY_PHONE else None
    return (sheet, channel) if sheet and channel else None


def _letters() -> str:
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
