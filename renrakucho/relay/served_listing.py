"""Served listing: the providers that this portal tells for peer portals' movers, where they serve, and their forms."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from renrakucho.address.models import Edition
from renrakucho.coverage.models import Coverage, Extent
from renrakucho.notice.connected_providers import channel_for, connected_sheet, local_folders, sheets_of
from renrakucho.notice.models import SheetVersion
from renrakucho.provider.folder import ProviderFolder
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.window import JAPAN
from renrakucho.standard.providers import ListedProvider, ServedArea, providers_document
from renrakucho.standard.sheet import sheet_document


def served_listing() -> str:
    """The listing as a document by the standard. Its text stays equal to the letter while nothing has changed.

    It has only providers with a folder here: other portals list their own. Only forms that the portal delivers: another
    portal cannot use the mover's browser. No nationwide providers: each region has them itself.
    """
    placed = [
        (folder, sheets) for folder in local_folders().values() if (sheets := _delivered(folder)) and _placed(folder)
    ]
    serves = _serves(folder for folder, _sheets in placed)
    edition = Edition.objects.order_by("-compiled_at").first()
    keys = [sheet.key for _folder, sheets in placed for sheet in sheets]
    newest = SheetVersion.objects.filter(key__in=keys).aggregate(at=Max("loaded_at"))["at"]
    moments = [moment for moment in (edition and edition.compiled_at, newest) if moment]
    document = providers_document(
        [_listed(folder, sheets, serves[folder.slug]) for folder, sheets in placed],
        portal_name=settings.PORTAL_NAME,
        portal_url=settings.BASE_URL,
        compiled_at=max(moments, default=timezone.now()).astimezone(JAPAN),
        edition=str(edition.id) if edition else "",
    )
    return json.dumps(document, ensure_ascii=False)


def served_sheet(provider: str, procedure: str, version: int) -> str | None:
    """A form of the listing as a document by the standard; None where the listing has no such form."""
    folder = local_folders().get(provider)
    for sheet in _delivered(folder) if folder and _placed(folder) else ():
        if (sheet.procedure, sheet.version) == (procedure, version):
            return json.dumps(sheet_document(sheet, folder.name if folder else ""), ensure_ascii=False)
    return None


def _placed(folder: ProviderFolder) -> bool:
    return not folder.nationwide


def _delivered(folder: ProviderFolder) -> tuple[Sheet, ...]:
    known = sheets_of(folder).items()
    return tuple(sheet for name, sheet in known if not sheet.carried and connected_sheet(folder.slug, name))


def _listed(folder: ProviderFolder, sheets: tuple[Sheet, ...], serves: tuple[ServedArea, ...]) -> ListedProvider:
    return ListedProvider(
        id=folder.slug,
        name=folder.name,
        industry=folder.industry,
        kana=folder.kana,
        english=folder.english,
        homepage=folder.homepage,
        moving_page=folder.moving_page,
        phones=folder.phones,
        sheets=sheets,
        channels={sheet.procedure: channel_for(folder.slug, sheet.procedure) for sheet in sheets},
        serves=serves,
        source=folder.source,
        checked_on=folder.checked_on,
    )


def _serves(folders: Iterator[ProviderFolder]) -> Mapping[str, tuple[ServedArea, ...]]:
    """The served areas by slug: those of the directory, then those of the folder."""
    found: dict[str, tuple[ServedArea, ...]] = defaultdict(tuple)
    for folder in folders:
        found[folder.slug] = (*_by_directory(folder), *_by_folder(folder))
    return found


def _by_folder(folder: ProviderFolder) -> Iterator[ServedArea]:
    for code in folder.serves:
        yield ServedArea(code, confidence="unofficial", source=folder.source, as_of=folder.checked_on.isoformat())


def _by_directory(folder: ProviderFolder) -> Iterator[ServedArea]:
    """One area for each municipality; the rows of single towns are listed in it."""
    rows = Coverage.objects.filter(provider__in=folder.directory_ids).select_related("source").order_by("id")
    towns: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.town and row.extent == Extent.WHOLE:
            towns[row.municipality_id].append(row.town)
    for row in rows:
        if not row.town:
            yield ServedArea(
                row.municipality_id,
                extent=row.extent,
                towns=tuple(towns[row.municipality_id]) if row.extent == Extent.LISTED else (),
                note=row.note,
                confidence=row.confidence,
                source=row.source.title,
                as_of=row.as_of,
            )
