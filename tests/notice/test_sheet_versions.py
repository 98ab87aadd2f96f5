"""Loading a provider's folder: a version, once loaded, is what it is."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from renrakucho.notice.models import SheetVersion
from renrakucho.notice.sheet_versions import ChangedVersion, load_versions
from renrakucho.provider.folder import provider_folders
from tests.providers.cast import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    root = tmp_path / "installed"
    root.mkdir()
    settings.PROVIDERS = root  # type: ignore[attr-defined]
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A provider's folder, as it came from somebody else."""
    there: Path = shutil.copytree(ROOT / "providers/akishima-water", tmp_path / "came" / "akishima-water")
    return there


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "start.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_version_is_stored_to_the_letter_and_its_folder_copied(folder: Path, root: Path) -> None:
    forms = {version.key.partition("@")[0] for version in load_versions(folder, root)}
    assert forms == {"akishima-water/start", "akishima-water/stop"}
    kept = SheetVersion.objects.get(key="akishima-water/start@1")
    assert kept.text == (folder / "start.toml").read_text("utf-8")
    assert "akishima-water" in provider_folders(root)


def test_loading_again_changes_nothing(folder: Path, root: Path) -> None:
    before = [version.id for version in load_versions(folder, root)]
    assert [version.id for version in load_versions(folder, root)] == before
    assert [version.id for version in load_versions(root / folder.name, root)] == before


def test_a_version_cannot_be_loaded_with_another_text(folder: Path, root: Path) -> None:
    load_versions(folder, root)
    edit(folder, 'title = "', 'title = "新しい')
    with pytest.raises(ChangedVersion):
        load_versions(folder, root)
    assert "新しい" not in SheetVersion.objects.get(key="akishima-water/start@1").text
    assert "新しい" not in (root / "akishima-water/start.toml").read_text("utf-8")
    edit(folder, "version = 1", "version = 2")
    load_versions(folder, root)
    assert SheetVersion.objects.filter(key__startswith="akishima-water/start").count() == 2
    assert "新しい" in (root / "akishima-water/start.toml").read_text("utf-8")


def test_one_changed_form_rejects_the_whole_folder(folder: Path, root: Path) -> None:
    load_versions(folder, root)
    edit(folder, 'title = "', 'title = "新しい')
    stop = folder / "stop.toml"
    stop.write_text(stop.read_text("utf-8").replace("version = ", "version = 9", 1), "utf-8")
    with pytest.raises(ChangedVersion):
        load_versions(folder, root)
    assert SheetVersion.objects.count() == 2


def test_the_command_says_how_to_mend_it(folder: Path, root: Path) -> None:
    out = io.StringIO()
    call_command("provider", "load", str(folder), stdout=out)
    version = SheetVersion.objects.get(key="akishima-water/start@1")
    assert f"loaded: akishima-water/start@1  {version.fingerprint}" in out.getvalue()
    edit(folder, "checked_on = ", "# looked at again\nchecked_on = ")
    with pytest.raises(CommandError, match="version = 2"):
        call_command("provider", "load", str(folder), stdout=io.StringIO())


def test_a_bad_folder_is_not_loaded(folder: Path, root: Path) -> None:
    edit(folder, 'title = "', 'titel = "')
    with pytest.raises(CommandError, match="to put right"):
        call_command("provider", "load", str(folder), stdout=io.StringIO())
    assert not SheetVersion.objects.exists()
    assert not (root / folder.name).exists()
