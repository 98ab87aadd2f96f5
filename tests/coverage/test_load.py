from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from renrakucho.address import edition_cache, japan_post, place_lookup
from renrakucho.address.edition_cache import EditionCache, NoDirectory
from renrakucho.address.models import Edition
from renrakucho.address.written import table_cache
from renrakucho.coverage import edition_loader as loading
from renrakucho.coverage.edition_loader import PreparedEdition, directory_fingerprint, load_edition, write_edition
from renrakucho.coverage.models import Coverage
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.provider.models import Provider
from tests.coverage.cast import change_line, copied_directory, line_of

pytestmark = pytest.mark.django_db


def ignore(text: str) -> None:
    pass


def test_an_edition_that_is_loaded_is_not_loaded_again(directory: str) -> None:
    said: list[str] = []
    assert load_edition(loading_directory(), said.append) == directory
    assert said == [f"edition {directory} is loaded already"]


def loading_directory() -> Path:
    return Path(__file__).resolve().parents[2] / "directory"


def test_writing_an_edition_twice_gives_the_same_rows(directory: str, prepared_directory: PreparedEdition) -> None:
    before = (Coverage.objects.count(), Provider.objects.count())
    said: list[str] = []
    write_edition(prepared_directory, said.append)
    assert (Coverage.objects.count(), Provider.objects.count()) == before
    assert Edition.objects.count() == 1
    assert f"provider: {before[1]}" in "\n".join(said)


def test_a_load_that_fails_leaves_the_old_edition(
    directory: str, prepared_directory: PreparedEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*given: object, **named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Edition.objects, "create", break_off)
    with pytest.raises(OSError, match="disk full"):
        write_edition(prepared_directory, ignore)
    assert Edition.objects.get().id == directory
    assert providers_at("13207", "", "water").offices[0].provider_id == "akishima-water"


def test_faulty_tables_are_refused_before_anything_is_written(directory: str, tmp_path: Path) -> None:
    copy = copied_directory(tmp_path)
    line = line_of(copy / "providers.csv", id="tokyo-gas")
    change_line(copy / "providers.csv", line, ",gas,", ",heat,")
    with pytest.raises(CommandError, match=f"providers.csv:{line}: industry"):
        call_command("directory", "load", str(copy))
    assert Edition.objects.get().id == directory


def test_a_changed_table_is_a_new_edition_that_look_ups_see(
    directory: str, prepared_directory: PreparedEdition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert providers_at("13207", "", "water").offices[0].provider == "昭島市水道"
    copy = copied_directory(tmp_path)
    line = line_of(copy / "providers.csv", id="akishima-water")
    change_line(copy / "providers.csv", line, "昭島市水道", "昭島市水道部")
    assert directory_fingerprint(copy) != directory
    monkeypatch.setattr(loading, "freeze_index", lambda sections: prepared_directory.towns)  # packing takes seconds
    monkeypatch.setattr(japan_post, "postal_entries", lambda: iter(()))
    load_edition(copy, ignore)
    assert providers_at("13207", "", "water").offices[0].provider == "昭島市水道部"
    assert place_lookup.towns_at("2060041")[0].town == "愛宕"


def test_a_look_up_before_the_first_load_raises_no_directory() -> None:
    Edition.objects.all().delete()
    with pytest.raises(NoDirectory):
        EditionCache(lambda: 1)()


def test_the_table_of_written_addresses_comes_with_the_directory(
    directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RENRAKUCHO_VAR", str(tmp_path))
    monkeypatch.setattr(table_cache, "build_table", lambda source: b"{}")  # building takes seconds
    for _ in range(2):
        call_command("directory", "load")
    assert table_cache.table_path().exists()
    assert capsys.readouterr().out.count("table of written addresses") == 1
    table_cache.default_table.cache_clear()


def test_the_edition_is_asked_for_every_ten_seconds(
    directory: str, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(edition_cache, "time", SimpleNamespace(monotonic=lambda: now))
    cache = EditionCache(object)
    value = cache()
    now = 1009.9
    with django_assert_num_queries(0):
        assert cache() is value
    now = 1010.0
    with django_assert_num_queries(1):
        assert cache() is value
