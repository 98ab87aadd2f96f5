"""`renrakucho provider new|check|try|form|load`: for whoever writes a provider's folder. Only `load` has a database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.lib.noun_command import NounCommand, bilingual
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


class Command(NounCommand):
    """Begins, checks, tries and loads a provider's folder."""

    help = bilingual("つなぐ事業者のフォルダー", "a provider's folder: begin, check, try out, load")

    def add_verbs(self) -> None:
        """new, check, try, form, load."""
        slug = bilingual("フォルダー名", "the folder's name, such as akishima-water")
        new = self.add_verb("new", self._new, bilingual("フォルダーを作り始める", "begin a folder"))
        new.add_argument("slug", help=slug)
        new.add_argument("--industry", choices=INDUSTRIES, required=True, help=bilingual("業種", "the industry"))
        new.add_argument(
            "--channel",
            choices=("inbox", "weblink"),
            default="inbox",
            help=bilingual("つなぎ方", "how its notices travel"),
        )
        check = self.add_verb(
            "check",
            self._check,
            bilingual("まちがいを行で示す", "name the file and line of every mistake; of all where none is named"),
        )
        check.add_argument("slug", nargs="*", help=slug)
        check.add_argument(
            "--write",
            action="store_true",
            help=bilingual("golden ファイルを書き直す", "write the golden files anew"),
        )
        tried = self.add_verb(
            "try",
            self._try,
            bilingual("届くとおりの様式を示す", "show a form as it would arrive, for movers hard to write down"),
        )
        tried.add_argument("slug", help=slug)
        tried.add_argument("procedure", choices=PROCEDURES, help=bilingual("手続", "the procedure"))
        form = self.add_verb(
            "form",
            self._form,
            bilingual("実際の受付画面と照らし合わせる", "hold a web link's sheet against the provider's live form"),
        )
        add_inspection_arguments(form)
        load = self.add_verb(
            "load",
            self._load,
            bilingual("様式の版を控える", "store the versions of forms; a stored one never changes"),
        )
        load.add_argument(
            "folder",
            nargs="*",
            help=bilingual("フォルダー。なければすべて", "a slug, or the path of a folder; all where none is named"),
        )

    def _new(self, *, slug: str, industry: str, channel: Any, **options: Any) -> None:
        if not SLUG.fullmatch(slug):
            raise CommandError(f"{slug!r} is not made of small letters, digits and single hyphens.")
        try:
            written = scaffold_folder(_root() / slug, industry, channel, timezone.localdate())
        except FileExistsError:
            raise CommandError(f"{_root() / slug} is there already; nothing was changed.") from None
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(f"Fill in each «…», then: renrakucho provider check {slug}")

    def _check(self, *, slug: list[str], write: bool, **options: Any) -> None:
        self._check_folders([_folder(each) for each in slug] or _folders(), write)

    def _check_folders(self, folders: list[Path], write: bool) -> None:
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
                golden, content = golden_path(sheet, folder), golden_content(sheet)
                if not golden.exists() or golden.read_bytes() != content:
                    golden.write_bytes(content)
                    self.stdout.write(f"written: {golden}")

    def _try(self, *, slug: str, procedure: str, **options: Any) -> None:
        sheet = _read(_folder(slug) / f"{procedure}.toml")
        for line in dry_run_lines(sheet):
            self.stdout.write(line)

    def _form(self, **options: Any) -> None:
        folder = _folder(options["slug"])
        paths = [folder / f"{name}.toml" for name in PROCEDURES if options["procedure"] in (None, name)]
        try:
            done = run_inspection([_read(path) for path in paths if path.exists()], options)
        except NotInspected as error:
            raise CommandError(str(error)) from error
        self.stdout.write(done.text)
        if done.status:
            raise CommandError(f"{done.to_mend} to mend", returncode=done.status)

    def _load(self, *, folder: list[str], **options: Any) -> None:
        folders = [_folder_or_path(name) for name in folder] or _folders()
        self._check_folders(folders, write=False)
        for path in folders:
            try:
                versions = load_versions(path, _root())
            except ChangedVersion as error:
                raise CommandError(
                    f"{error}, and notices may have been written with it. Nothing of {path.name} was loaded: "
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
