"""`renrakucho provider new|check|try|form|load`: for whoever writes a provider's folder. Only `load` has a database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from renrakucho.mover.entries import INDUSTRIES
from renrakucho.notice.dry_run import dry_run_lines, golden_content, golden_path
from renrakucho.notice.folder_check import check_folder
from renrakucho.notice.form_inspection_run import NotInspected, add_inspection_arguments, run_inspection
from renrakucho.notice.scaffold import scaffold_folder
from renrakucho.notice.sheet_versions import ChangedVersion, load_versions
from renrakucho.provider.folder_review import SLUG
from renrakucho.sheet.form import PROCEDURES, Sheet
from renrakucho.sheet.sheet_loader import read_sheet
from renrakucho.sheet.toml_keys import BadSheet


class Command(BaseCommand):
    """Begins, checks, tries and loads a provider's folder."""

    help = "Begins a provider's folder, checks its files line by line, shows a form as it would arrive, or loads it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Five verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        new = verbs.add_parser("new", help="begin a folder")
        new.add_argument("slug")
        new.add_argument("--industry", choices=INDUSTRIES, required=True)
        new.add_argument("--channel", choices=("inbox", "weblink"), default="inbox")
        checked = verbs.add_parser("check", help="say what is wrong, with file and line; of all where none is named")
        checked.add_argument("slug", nargs="*")
        checked.add_argument("--write", action="store_true", help="write the golden files anew")
        tried = verbs.add_parser("try", help="show a form as it would arrive, for movers who are hard to write down")
        tried.add_argument("slug")
        tried.add_argument("procedure", choices=PROCEDURES)
        add_inspection_arguments(
            verbs.add_parser("form", help="hold a web link's sheet against the provider's live form")
        )
        loaded = verbs.add_parser("load", help="take checked folders in; a version once loaded never changes")
        loaded.add_argument("folder", nargs="*", help="a slug, or the path of a folder; all where none is named")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError where something is wrong."""
        if options["verb"] == "new":
            self._new(options["slug"], options["industry"], options["channel"])
        elif options["verb"] == "check":
            self._check([_folder(slug) for slug in options["slug"]] or _folders(), options["write"])
        elif options["verb"] == "load":
            self._load([_folder_or_path(name) for name in options["folder"]] or _folders())
        elif options["verb"] == "form":
            self._form(options)
        else:
            self._try(_folder(options["slug"]) / f"{options['procedure']}.toml")

    def _new(self, slug: str, industry: str, channel: Any) -> None:
        if not SLUG.fullmatch(slug):
            raise CommandError(f"{slug!r} is not made of small letters, digits and single hyphens.")
        try:
            written = scaffold_folder(_root() / slug, industry, channel, timezone.localdate())
        except FileExistsError:
            raise CommandError(f"{_root() / slug} is there already; nothing was changed.") from None
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(f"Fill in each «…», then: renrakucho provider check {slug}")

    def _check(self, folders: list[Path], write: bool) -> None:
        found = 0
        for folder in folders:
            if write and not check_folder(folder, golden=False):
                self._write_golden(folder)
            for finding in check_folder(folder):
                found += 1
                self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{found} to put right")
        self.stdout.write(f"nothing to put right: {', '.join(folder.name for folder in folders)}")

    def _write_golden(self, folder: Path) -> None:
        for path in (folder / f"{name}.toml" for name in PROCEDURES):
            if path.exists():
                sheet = read_sheet(path)
                there, new = golden_path(sheet, folder), golden_content(sheet)
                if not there.exists() or there.read_bytes() != new:
                    there.write_bytes(new)
                    self.stdout.write(f"written: {there}")

    def _try(self, path: Path) -> None:
        sheet = _read(path)
        for line in dry_run_lines(sheet):
            self.stdout.write(line)

    def _form(self, options: dict[str, Any]) -> None:
        folder = _folder(options["slug"])
        paths = [folder / f"{name}.toml" for name in PROCEDURES if options["procedure"] in (None, name)]
        try:
            done = run_inspection([_read(path) for path in paths if path.exists()], options)
        except NotInspected as error:
            raise CommandError(str(error)) from error
        self.stdout.write(done.text)
        if done.status:
            raise CommandError(f"{done.to_mend} to mend", returncode=done.status)

    def _load(self, folders: list[Path]) -> None:
        self._check(folders, write=False)
        for folder in folders:
            try:
                versions = load_versions(folder, _root())
            except ChangedVersion as error:
                raise CommandError(
                    f"{error}, and notices may have been written with it. Nothing of {folder.name} was loaded: "
                    f"give the new text version = {error.sheet.version + 1}."
                ) from error
            for version in versions:
                self.stdout.write(f"loaded: {version.key}  {version.fingerprint}")


def _root() -> Path:
    return Path(settings.PROVIDERS)


def _folders() -> list[Path]:
    return sorted(path for path in _root().iterdir() if path.is_dir())


def _read(path: Path) -> Sheet:
    try:
        return read_sheet(path)
    except FileNotFoundError:
        raise CommandError(f"{path} is not there.") from None
    except BadSheet as error:
        raise CommandError(f"{error}\nrenrakucho provider check {path.parent.name} says in which line.") from error


def _folder_or_path(name: str) -> Path:
    path = Path(name)
    return path.resolve() if (path / "provider.toml").exists() else _folder(name)


def _folder(slug: str) -> Path:
    if not (_root() / slug).is_dir() or not SLUG.fullmatch(slug):
        raise CommandError(f"There is no folder {_root() / slug}.")
    return _root() / slug
