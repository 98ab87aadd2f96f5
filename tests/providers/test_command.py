"""renrakucho provider new, check, try: from nothing to a folder that nothing is wrong with."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from renrakucho.notice.folder_check import check
from renrakucho.notice.sample_movers import SAMPLES
from tests.providers.cast import FOLDERS, ROOT


@pytest.fixture
def root(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.PROVIDERS = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("provider", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("channel", ["inbox", "weblink"])
@pytest.mark.parametrize(("industry", "forms"), [("water", ["start", "stop"]), ("insurance", ["change"])])
def test_a_new_folder_needs_only_what_is_left_open(root: Path, channel: str, industry: str, forms: list[str]) -> None:
    out = run("new", "momiji", "--industry", industry, "--channel", channel)
    assert "renrakucho provider check momiji" in out
    assert sorted(path.stem for path in (root / "momiji").iterdir()) == sorted(["provider", *forms])
    open_still = [str(finding) for finding in check(root / "momiji", golden=False)]
    assert open_still
    for path in (root / "momiji").iterdir():
        text = path.read_text("utf-8").replace('page = "…"', 'page = "https://momiji.example/"')
        text = text.replace('kana = "…"', 'kana = "モミジ"').replace('english = "…"', 'english = "Momiji"')
        text = text.replace("directory_ids = []", 'directory_ids = ["momiji"]' if industry == "water" else "")
        path.write_text(text.replace('"…"', '"もみじ"'), "utf-8")
    out = run("check", "momiji", "--write")
    assert out.count("written: ") == len(forms)
    assert "nothing to put right: momiji" in out
    assert check(root / "momiji") == []
    assert run("check", "--write") == "nothing to put right: momiji\n"


def test_what_is_commented_out_in_a_new_form_is_right_too(root: Path) -> None:
    run("new", "momiji", "--industry", "water")
    for path in (root / "momiji").glob("st*.toml"):
        lines = path.read_text("utf-8").splitlines()
        inside = [line.removeprefix("# ") if "=" in line or "# [" in line else line for line in lines]
        path.write_text("\n".join(inside).replace('"…"', '"もみじ"'), "utf-8")
        assert "[window]" in inside
        assert "[rules]" in inside
    told = [finding for finding in check(root / "momiji", golden=False) if finding.path.name != "provider.toml"]
    assert told == []


def test_a_folder_that_is_there_is_left_alone(root: Path) -> None:
    run("new", "momiji", "--industry", "water")
    (root / "momiji/stop.toml").write_text("mine")
    with pytest.raises(CommandError, match="nothing was changed"):
        run("new", "momiji", "--industry", "gas")
    assert (root / "momiji/stop.toml").read_text() == "mine"


@pytest.mark.parametrize("slug", ["Momiji", "../momiji", "momiji_life", "-momiji"])
def test_a_name_that_is_none(root: Path, slug: str) -> None:
    with pytest.raises(CommandError):
        call_command("provider", "new", "--industry", "water", "--", slug)
    assert list(root.iterdir()) == []


def test_mistakes_are_printed_with_file_and_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("new", "momiji", "--industry", "insurance")
    with pytest.raises(CommandError, match="to put right"):
        call_command("provider", "check", "momiji")
    assert "momiji/change.toml:1: … still has to be filled in\n" in capsys.readouterr().out


def test_golden_files_are_not_written_while_something_is_wrong(root: Path) -> None:
    run("new", "momiji", "--industry", "insurance")
    with pytest.raises(CommandError):
        run("check", "momiji", "--write")
    assert not list((root / "momiji").glob("*.golden"))


def test_who_is_not_there(root: Path) -> None:
    for words in (("check", "nobody"), ("try", "nobody", "stop"), ("check", "..")):
        with pytest.raises(CommandError, match="There is no folder"):
            run(*words)
    run("new", "momiji", "--industry", "water")
    with pytest.raises(CommandError, match=r"change\.toml is not there"):
        run("try", "momiji", "change")
    (root / "momiji/stop.toml").write_text("title = 1")
    with pytest.raises(CommandError, match="says in which line"):
        run("try", "momiji", "stop")


def test_a_form_is_shown_as_it_would_arrive() -> None:
    out = run("try", "tokyo-waterworks", "stop")
    assert [line.split()[1].rstrip(":") for line in out.splitlines() if line.startswith("== ")] == list(SAMPLES)
    assert "SHIMEI [契約名義] = «髙﨑　弥栄子»  6 characters, 12 bytes" in out
    assert "SEISAN [ご希望の清算方法] = «3»  (あとから届く払込票)  1 characters, 1 bytes" in out
    assert "SHIMEI=%93%8C%8B%9E%81%40%91%BE%98Y" in out
    assert "契約名義 (SHIMEI) cannot have 𠮷 (U+20BB7), \U000e0100 (U+E0100) of «𠮷野家　葛\U000e0100乃»" in out
    assert "«吉野家　葛乃» is offered instead" in out
    assert "TATEMONO [建物名] = «»" in out


@pytest.mark.parametrize("slug", FOLDERS)
def test_every_form_can_be_tried(slug: str) -> None:
    for path in (ROOT / "providers" / slug).glob("*.golden"):
        assert run("try", slug, path.stem).count("\n== ") == len(SAMPLES)
