"""Serials of nightly files after a restore of the database: no name comes twice with other content."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.utils import timezone

from renrakucho.channel.files.exchange_folder import put_file
from renrakucho.delivery.models import DeliveryBatch
from renrakucho.notice.models import Notice, Status
from tests.delivery.cast_files import connected, dying, entered, files, night, numbers_in, status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    return connected(tmp_path, settings)


def restored() -> Notice:
    """The database as it was before the night: its notice has not left, and no batch has been made."""
    DeliveryBatch.objects.all().delete()
    return entered()


@pytest.mark.parametrize("fetched", [False, True])
def test_after_a_restore_on_the_same_day_no_file_is_overwritten_or_its_name_given_again(
    folder: Path, fetched: bool
) -> None:
    """fetched: the provider has removed its file. The mutant that counts in the database alone gives 000001 again."""
    entered()
    night()
    (first,) = files(folder)
    before = first.read_bytes()
    if fetched:
        first.unlink()
        first.with_name(f"{first.name}.sha256").unlink()
    notice = restored()
    assert "000002" in night()
    assert status(notice) == Status.SENT
    assert numbers_in(files(folder)[-1]) == [notice.number]
    assert fetched or first.read_bytes() == before
    assert fetched == (not first.exists())


def test_a_batch_that_was_numbered_before_the_restore_goes_under_the_next_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = entered()
    dying(monkeypatch, written=False)  # numbered 1 in the database, which was backed up then
    put_file(folder, f"akishima-water-{timezone.localdate():%Y%m%d}-000001.csv", b"of the night that was lost")
    assert "000002" in night()
    assert status(notice) == Status.SENT
    assert [numbers_in(file) for file in files(folder)[1:]] == [[notice.number]]


def test_what_a_provider_writes_into_the_list_of_serials_stops_no_file(folder: Path) -> None:
    folder.mkdir()
    (folder / ".akishima-water.serials").write_bytes(b"000007\n99999999999999\n-3\n\xff\x00\nx" + b"9" * 5000)
    notice = entered()
    assert "000008" in night()
    assert status(notice) == Status.SENT


def test_a_list_of_serials_that_leads_elsewhere_is_not_written_to(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / ".akishima-water.serials").symlink_to(tmp_path / "elsewhere")
    entered()
    with pytest.raises(CommandError):
        night()
    assert not (tmp_path / "elsewhere").exists()
