"""Where this installation sends."""

from pathlib import Path

import pytest

from renrakucho.channel.connection import BadConnections, NotConnected, connections
from renrakucho.channel.weblink.carry import carry
from renrakucho.sheet.filled import Filled, Line

SANDBOX = "http://127.0.0.1:8100"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "connections.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_sandbox_stands_for_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, '[a]\nhosts = ["{sandbox}"]\n[a.stop]\nentry = "{sandbox}/a/stop"\n')
    way = connections(path, SANDBOX)["a"]
    assert way.entry("stop") == f"{SANDBOX}/a/stop"
    assert way.reaches("weblink", "stop")
    assert not way.reaches("weblink", "start")
    with pytest.raises(NotConnected):
        way.entry("start")


def test_a_desk_takes_every_procedure(tmp_path: Path) -> None:
    way = connections(written(tmp_path, "[a]\ndesk = true\n"), SANDBOX)["a"]
    assert way.reaches("inbox", "stop")
    assert not way.reaches("weblink", "stop")


@pytest.mark.parametrize("text", ["[a\n", "a = 1\n", "[a]\ndsek = true\n", "[a]\nstop = 1\n"])
def test_a_mistake_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConnections):
        connections(written(tmp_path, text), SANDBOX)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadConnections, match="nowhere"):
        connections(tmp_path / "nowhere.toml", SANDBOX)


def test_the_form_leads_to_the_entry_and_over_the_hosts_that_were_named(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[a]\nhosts = ["https://b.example", "https://a.example"]\n[a.stop]\nentry = "https://a.example/x?y=1"\n',
    )
    filled = Filled("a/stop@1", "", "weblink", "Shift_JIS", (Line("N", "名", "髙", "髙"),))
    form = carry(filled, connections(path, SANDBOX)["a"], "stop")
    assert form.domain == "a.example"
    assert form.hosts == ("https://a.example", "https://b.example")
    assert form.body() == b"N=%FB%FC"
