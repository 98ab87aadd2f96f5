"""renrakucho provider new, check, try, form: from nothing to a folder that nothing is wrong with."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from renrakucho.notice.folder_check import check_folder
from renrakucho.notice.sample_movers import SAMPLES
from sandbox.clock import now_in_japan
from sandbox.routes import Sandbox
from tests.inspection.cast import STOP, a_browser, own_of
from tests.inspection.site import Site, serving
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
    open_still = [str(finding) for finding in check_folder(root / "momiji", golden=False)]
    assert open_still
    for path in (root / "momiji").iterdir():
        text = path.read_text("utf-8").replace('page = "…"', 'page = "https://momiji.example/"')
        text = text.replace('kana = "…"', 'kana = "モミジ"').replace('english = "…"', 'english = "Momiji"')
        text = text.replace("directory_ids = []", 'directory_ids = ["momiji"]' if industry == "water" else "")
        path.write_text(text.replace('"…"', '"もみじ"'), "utf-8")
    out = run("check", "momiji", "--write")
    assert out.count("written: ") == len(forms)
    assert "nothing to put right: momiji" in out
    assert check_folder(root / "momiji") == []
    assert run("check", "--write") == "nothing to put right: momiji\n"


def test_what_is_commented_out_in_a_new_form_is_right_too(root: Path) -> None:
    run("new", "momiji", "--industry", "water")
    for path in (root / "momiji").glob("st*.toml"):
        lines = path.read_text("utf-8").splitlines()
        inside = [line.removeprefix("# ") if "=" in line or "# [" in line else line for line in lines]
        path.write_text("\n".join(inside).replace('"…"', '"もみじ"'), "utf-8")
        assert "[window]" in inside
        assert "[rules]" in inside
    told = [finding for finding in check_folder(root / "momiji", golden=False) if finding.path.name != "provider.toml"]
    assert told == []


def test_a_folder_that_is_there_is_left_alone(root: Path) -> None:
    run("new", "momiji", "--industry", "water")
    (root / "momiji/stop.toml").write_text("mine")
    with pytest.raises(CommandError, match="nothing was changed"):
        run("new", "momiji", "--industry", "gas")
    assert (root / "momiji/stop.toml").read_text() == "mine"


@pytest.mark.parametrize("slug", ["Momiji", "../momiji", "momiji_life", "-momiji"])
def test_an_invalid_slug_is_refused(root: Path, slug: str) -> None:
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


def test_an_unknown_provider_is_named(root: Path) -> None:
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
    assert (
        "契約名義 (SHIMEI) cannot have 𠮷 (U+20BB7), 葛\U000e0100 (U+845B U+E0100) of «𠮷野家　葛\U000e0100乃»" in out
    )
    assert "«吉野家　葛乃» is offered instead" in out
    assert "TATEMONO [建物名] = «»" in out


@pytest.mark.parametrize("slug", FOLDERS)
def test_every_form_can_be_tried(slug: str) -> None:
    paths = list((ROOT / "providers" / slug).glob("*.golden"))
    assert paths
    for path in paths:
        assert run("try", slug, path.stem).count("\n== ") == len(SAMPLES)


# --- form


@pytest.fixture
def site(tmp_path: Path, settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr("renrakucho.notice.form_inspection_run.SiteBrowser", lambda _portal: a_browser())
    with serving(Sandbox(tmp_path, now_in_japan)) as site:
        settings.SANDBOX_URL = site.url  # type: ignore[attr-defined]
        yield site


def test_a_live_form_is_compared_with_its_sheet(site: Site) -> None:
    out = run("form", "kawasaki-water", "stop", "--hand-over")
    assert out.startswith("水道使用中止届  kawasaki-water/stop@1\n")
    assert "■ 直すところ" not in out
    assert [asked.method for asked in site.asked] == ["POST"]


def test_all_forms_of_a_provider_are_inspected_and_what_is_wrong_is_counted(site: Site) -> None:
    site.twist.replace = {'maxlength="13"': 'maxlength="9"'}
    out = io.StringIO()
    with pytest.raises(CommandError, match="2 to mend") as error:
        call_command("provider", "form", "kawasaki-water", "--json", stdout=out)
    assert error.value.returncode == 1
    stop, start = json.loads(out.getvalue())
    assert (stop["sheet"], start["sheet"]) == ("kawasaki-water/stop@1", "kawasaki-water/start@1")
    (finding,) = [each for each in start["findings"] if each["level"] == "mend"]
    assert (start["mend"], finding["code"], finding["found"]) == (1, "length-short", 'maxlength="9"')
    assert "longest = 9" in finding["mend"]


def test_send_reaches_the_done_page_with_own_answers(site: Site) -> None:
    own = [f"--own={name}={text}" for name, text in own_of(STOP).items()]
    out = run("form", "kawasaki-water", "stop", "--send", *own)
    assert "○ 戻りリンクは、正しく署名されています" in out
    assert [asked.path.rsplit("/", 1)[-1] for asked in site.asked] == ["stop", "confirm", "done"]


def test_the_key_of_a_test_site_is_another_one(site: Site, tmp_path: Path) -> None:
    key = tmp_path / "test.key"
    key.write_text("another\n")
    own = [f"--own={name}={text}" for name, text in own_of(STOP).items()]
    with pytest.raises(CommandError, match="1 to mend"):
        run("form", "kawasaki-water", "stop", "--send", f"--test-key={key}", *own)


def test_a_real_site_gets_no_application_without_the_key_of_its_test_site(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.SANDBOX_URL = "https://water.example"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="Give --test-key"):
        run("form", "kawasaki-water", "stop", "--send")
    with pytest.raises(CommandError, match="cannot be read"):
        run("form", "kawasaki-water", "stop", "--send", f"--test-key={tmp_path / 'nothing'}")


def test_a_site_that_does_not_answer_is_another_status(settings: pytest.FixtureRequest) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"  # type: ignore[attr-defined]
    with pytest.raises(CommandError) as error:
        run("form", "kawasaki-water", "stop")
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("akishima-water",), "no web link among its forms"),
        (("kawasaki-water", "stop", "--send", "--own=1"), "NAME=VALUE is needed"),
    ],
)
def test_an_inspection_that_cannot_begin_says_why(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run("form", *words)
