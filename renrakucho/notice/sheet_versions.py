"""Sheet versions: the text of every version that was loaded here is kept, whatever happens to the folder later.

A notice names the version that it was written with. One version can never be loaded with two texts.
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
    """A version was loaded before with another text."""

    def __init__(self, sheet: Sheet, loaded: SheetVersion) -> None:
        super().__init__(f"{sheet.key} was loaded on {timezone.localtime(loaded.loaded_at):%Y-%m-%d} with another text")
        self.sheet = sheet
        self.loaded = loaded


def load_versions(folder: Path, root: Path) -> list[SheetVersion]:
    """Store each form's version, and copy the folder to this installation's providers, `root`. Returns the versions.

    All or nothing; a second call changes nothing. Raises ChangedVersion, BadSheet.
    """
    paths = [path for path in (folder / f"{name}.toml" for name in PROCEDURES) if path.exists()]
    with transaction.atomic():
        versions = [_store_version(path) for path in paths]
        if folder.parent.resolve() != root.resolve():
            shutil.copytree(folder, root / folder.name, dirs_exist_ok=True)
    return versions


def _store_version(path: Path) -> SheetVersion:
    sheet, text = read_sheet(path), path.read_text("utf-8")
    version, _new = SheetVersion.objects.get_or_create(
        key=sheet.key, defaults={"text": text, "loaded_at": timezone.now()}
    )
    if version.text != text:
        raise ChangedVersion(sheet, version)
    return version
