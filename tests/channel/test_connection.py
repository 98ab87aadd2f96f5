"""Where this installation sends."""

from dataclasses import replace
from pathlib import Path

import pytest

from renrakucho.channel.channel_table import CHANNELS, local_channel
from renrakucho.channel.connection import BadConnections, NotConnected, load_connections
from renrakucho.channel.weblink.weblink_channel import form_handoff
from renrakucho.sheet.filled import FilledLine, FilledSheet
from tests.sheet.cast import a_sheet

SANDBOX = "http://127.0.0.1:8100"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "connections.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_sandboxs_address_is_filled_in(tmp_path: Path) -> None:
    path = written(tmp_path, '[a]\nhosts = ["{sandbox}"]\n[a.stop]\nentry = "{sandbox}/a/stop"\n')
    way = load_connections(path, SANDBOX)["a"]
    assert way.entry("stop") == f"{SANDBOX}/a/stop"
    assert way.valid_hours == 48
    with pytest.raises(NotConnected):
        way.entry("start")


def travels(tmp_path: Path, text: str, channel: str = "inbox") -> str | None:
    load_connections.cache_clear()
    return local_channel(load_connections(written(tmp_path, text), SANDBOX)["a"], a_sheet(channel=channel), "stop")


def test_a_web_link_needs_an_entry_for_the_procedure(tmp_path: Path) -> None:
    assert travels(tmp_path, '[a.stop]\nentry = "https://a.example"\n', "weblink") == "weblink"
    assert travels(tmp_path, '[a.start]\nentry = "https://a.example"\n', "weblink") is None
    assert travels(tmp_path, "[a]\ndesk = true\n", "weblink") is None


def test_a_desk_takes_what_the_portal_delivers(tmp_path: Path) -> None:
    assert travels(tmp_path, "[a]\ndesk = true\n") == "inbox"
    assert travels(tmp_path, "[a]\ndesk = false\n") is None


def test_a_channels_own_table_goes_before_the_desk_once_it_is_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pigeon = replace(CHANNELS["inbox"], ready=lambda table: bool(table.get("fed")))
    monkeypatch.setitem(CHANNELS, "pigeon", pigeon)
    assert travels(tmp_path, "[a]\ndesk = true\n[a.pigeon]\nfed = true\n") == "pigeon"
    assert travels(tmp_path, "[a]\ndesk = true\n[a.pigeon]\nfed = false\n") == "inbox"
    assert travels(tmp_path, "[here.pigeon]\nfed = true\n[a.pigeon]\n") == "pigeon"


def test_a_table_of_an_unknown_channel_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConnections, match="ravens"):
        travels(tmp_path, "[a.ravens]\n")


@pytest.mark.parametrize("text", ["[a\n", "a = 1\n", "[a]\ndsek = true\n", "[a]\nstop = 1\n"])
def test_a_mistake_in_the_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConnections):
        load_connections(written(tmp_path, text), SANDBOX)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConnections, match="nowhere"):
        load_connections(tmp_path / "nowhere.toml", SANDBOX)


def test_the_form_leads_to_the_entry_and_over_the_hosts_that_were_named(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[a]\nhosts = ["https://b.example", "https://a.example"]\n[a.stop]\nentry = "https://a.example/x?y=1"\n',
    )
    filled = FilledSheet("a/stop@1", "", "weblink", "Shift_JIS", (FilledLine("N", "名", "髙", "髙"),))
    form = form_handoff(filled, load_connections(path, SANDBOX)["a"], "stop")
    assert form.domain == "a.example"
    assert form.hosts == ("https://a.example", "https://b.example")
    assert form.body() == b"N=%FB%FC"
