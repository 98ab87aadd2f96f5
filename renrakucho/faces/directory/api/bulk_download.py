"""Bulk download: the whole directory as CSV and as JSON. Both files are made once for each edition."""

import csv
import io
import json
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from renrakucho.address.edition_cache import EditionCache, current_edition
from renrakucho.coverage.models import Coverage
from renrakucho.faces.directory.api.open_data import open_data_view
from renrakucho.provider.models import Contact, Link, Office, Provider, Source

LICENCE = "Apache-2.0"
LICENCE_URL = "https://www.apache.org/licenses/LICENSE-2.0"

_EVIDENCE = ("source_id", "as_of", "confidence")
_COVERAGE = ("industry", "municipality_id", "town", "provider_id", "office_id", "extent", "note", *_EVIDENCE)
_TABLES = (
    ("sources", Source, ("id", "title", "url", "kind", "licence", "note")),
    ("providers", Provider, ("id", "industry", "name", "operator", "note", *_EVIDENCE)),
    ("offices", Office, ("id", "provider_id", "name", *_EVIDENCE)),
    ("contacts", Contact, ("provider_id", "office_id", "kind", "use", "value", "note", *_EVIDENCE)),
    ("coverage", Coverage, _COVERAGE),
    ("links", Link, ("industry", "name", "provider_id", "url", "leads_to", "phone", "hours", "note", *_EVIDENCE)),
)
_COLUMNS = (
    "industry", "municipality_code", "prefecture", "municipality", "town", "extent", "provider_id", "provider",
    "operator", "office", "note", "source", "source_url", "source_licence", "as_of", "confidence",
    "edition", "compiled_on", "licence",
)  # fmt: skip


@open_data_view
def directory_json(request: HttpRequest) -> HttpResponse:
    """Return every table, its rows as objects."""
    return _attachment(_json_file(), "application/json", "json")


@open_data_view
def directory_csv(request: HttpRequest) -> HttpResponse:
    """Return who serves what, a fact a row with its source, edition and licence. UTF-8 with a BOM, for spreadsheets."""
    return _attachment(_csv_file(), "text/csv; charset=utf-8; header=present", "csv")


def licence_note() -> str:
    """Say on what terms the directory may be used."""
    return _(
        "この一覧は自由に使えます(Apache License 2.0)。行は一つずつの事実で、出典とその利用条件が書いてあります。"
        "利用条件のある出典は、それに従ってください。条件が書かれていない出典は「記載なし」です。正しさは保証しません。"
    )


def _make_json() -> bytes:
    edition = current_edition()
    head = {
        "edition": edition.id,
        "compiled_at": edition.compiled_at.isoformat(timespec="seconds"),
        "postal_data": edition.postal_data,
        "licence": {"name": LICENCE, "url": LICENCE_URL, "note": licence_note()},
    }
    tables = {
        name: [_named(row) for row in model._base_manager.order_by("pk").values(*columns)]
        for name, model, columns in _TABLES
    }
    return json.dumps(head | tables, ensure_ascii=False, separators=(",", ":")).encode()


def _named(row: dict[str, object]) -> dict[str, object]:
    """The row with column names without _id (source for source_id); "" for a reference that is empty."""
    return {name.removesuffix("_id") if name != "id" else name: value or "" for name, value in row.items()}


def _make_csv() -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_rows())
    return text.getvalue().encode("utf-8-sig")


def _rows() -> Iterator[tuple[str, ...]]:
    edition = current_edition()
    rows = Coverage.objects.select_related("municipality", "provider", "office", "source")
    for row in rows.order_by("industry", "municipality", "town", "id"):
        municipality, provider, source = row.municipality, row.provider, row.source
        yield (
            row.industry, municipality.code, municipality.prefecture, municipality.name, row.town, row.extent,
            row.provider_id or "", provider.name if provider else "", provider.operator if provider else "",
            row.office.name if row.office else "", row.note, source.title, source.url, source.licence, row.as_of,
            row.confidence, edition.id, edition.compiled_at.date().isoformat(), LICENCE,
        )  # fmt: skip


_json_file, _csv_file = EditionCache(_make_json), EditionCache(_make_csv)


def _attachment(content: bytes, content_type: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="renrakucho-{current_edition().id}.{ending}"'
    response["Link"] = f'<{LICENCE_URL}>; rel="license"'
    return response
