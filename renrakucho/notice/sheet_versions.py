"""Versions of sheets that were loaded here: what each said stays known, whatever becomes of the folder.

A notice names the version that it was written with; the text of that version is kept, and the same version can never
be loaded with another text.
"""

import shutil
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from renrakucho.lib.errors import Conflict
from renrakucho.notice.models import SheetVersion
from renrakucho.sheet.form import PROCEDURES, Sheet
from renrakucho.sheet.sheet_loader import read_sheet


class ChangedVersion(Conflict):
    """A version was loaded before, and said something else then."""

    def __init__(self, sheet: Sheet, loaded: SheetVersion) -> None:
        super().__init__(f"{sheet.key} was loaded on {timezone.localtime(loaded.loaded_at):%Y-%m-%d} with another text")
        self.sheet = sheet
        self.loaded = loaded


def load_versions(folder: Path, root: Path) -> list[SheetVersion]:
    """Keep each form's version, and put the folder among this installation's, below `root`. Returns the versions.

    All or nothing. Raises ChangedVersion, BadSheet. Again, it changes nothing.
    """
    paths = [path for path in (folder / f"{name}.toml" for name in PROCEDURES) if path.exists()]
    with transaction.atomic():
        versions = [_keep(path) for path in paths]
        if folder.parent.resolve() != root.resolve():
            shutil.copytree(folder, root / folder.name, dirs_exist_ok=True)
    return versions


def _keep(path: Path) -> SheetVersion:
    sheet, text = read_sheet(path), path.read_text("utf-8")
    version, _new = SheetVersion.objects.get_or_create(
        key=sheet.key, defaults={"text": text, "loaded_at": timezone.now()}
    )
    if version.text != text:
        raise ChangedVersion(sheet, version)
    return version
