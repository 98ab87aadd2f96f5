"""What docs/relay.md starts two portals with."""

import re

from renrakucho.channel.connection_file import load_connections
from renrakucho.notice.folder_check import check_folder
from renrakucho.provider.folder import provider_folders
from tests.providers.cast import ROOT

HERE = ROOT / "sandbox/relay"


def test_the_demo_provider_is_valid_and_says_that_its_form_is_a_model() -> None:
    (folder,) = provider_folders(HERE / "providers").values()
    assert folder.path
    assert check_folder(folder.path) == []
    assert all("見くらべていない" in path.read_text("utf-8") for path in folder.path.glob("st*.toml"))
    assert folder.phones == ()  # none was found with a source


def test_both_portals_know_each_other() -> None:
    (kansai,) = load_connections(HERE / "kanto.toml", "").peers.values()
    (kanto,) = load_connections(HERE / "kansai.toml", "").peers.values()
    assert kansai.secret == kanto.secret
    commands = (ROOT / "docs/relay.md").read_text("utf-8")
    assert f"PORT={kansai.url.rpartition(':')[2]} " in commands
    assert kanto.url == "http://localhost:8000"
    assert set(load_connections(HERE / "kansai.toml", "").connections) == {"osaka-water"}


def test_the_commands_name_what_is_there() -> None:
    commands = (ROOT / "docs/relay.md").read_text("utf-8")
    assert all((ROOT / path).exists() for path in re.findall(r"sandbox/[a-z./]+", commands))
