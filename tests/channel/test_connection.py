"""Where this installation sends."""

from dataclasses import replace
from pathlib import Path

import pytest

from renrakucho.channel.channel_table import CHANNELS, local_channel
from renrakucho.channel.connection import NotConnected
from renrakucho.channel.connection_file import forget_connections, load_connections
from renrakucho.channel.weblink.weblink_channel import form_handoff
from renrakucho.sheet.filled import FilledLine, FilledSheet
from tests.sheet.cast import a_sheet

SANDBOX = "http://127.0.0.1:8100"
SECRET = 'secret = "agreed on with the provider"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "connections.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_sandboxs_address_is_filled_in(tmp_path: Path) -> None:
    path = written(tmp_path, f'[a]\nhosts = ["{{sandbox}}"]\n{SECRET}[a.stop]\nentry = "{{sandbox}}/a/stop"\n')
    way = load_connections(path, SANDBOX).connections["a"]
    assert way.entry("stop") == f"{SANDBOX}/a/stop"
    assert way.valid_hours == 48
    with pytest.raises(NotConnected):
        way.entry("start")


def travels(tmp_path: Path, text: str, channel: str = "inbox") -> str | None:
    forget_connections()
    loaded = load_connections(written(tmp_path, text), SANDBOX)
    connection = loaded.connections.get("a")
    return local_channel(connection, a_sheet(channel=channel), "stop") if connection else None


def test_a_web_link_needs_an_entry_for_the_procedure(tmp_path: Path) -> None:
    assert travels(tmp_path, f'[a]\n{SECRET}[a.stop]\nentry = "https://a.example"\n', "weblink") == "weblink"
    assert travels(tmp_path, f'[a]\n{SECRET}[a.start]\nentry = "https://a.example"\n', "weblink") is None
    assert travels(tmp_path, "[a]\ndesk = true\n", "weblink") is None


def test_a_desk_takes_what_the_portal_delivers(tmp_path: Path) -> None:
    assert travels(tmp_path, "[a]\ndesk = true\n") == "inbox"
    assert travels(tmp_path, "[a]\ndesk = false\n") is None


def test_a_channels_own_table_goes_before_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, "pigeon", replace(CHANNELS["inbox"], table=None))
    assert travels(tmp_path, "[a]\ndesk = true\n[a.pigeon]\nfed = true\n") == "pigeon"
    assert travels(tmp_path, "[here.pigeon]\nfed = true\n[a.pigeon]\n") == "pigeon"


def test_a_table_that_cannot_work_does_not_lead_to_a_desk_instead(tmp_path: Path) -> None:
    """Nobody may be reading there."""
    assert travels(tmp_path, '[a]\ndesk = true\n[a.webhook]\nurl = "https://a.example"\n') is None


def test_the_form_leads_to_the_entry_and_over_the_hosts_that_were_named(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f'[a]\n{SECRET}hosts = ["https://b.example", "https://a.example"]\n'
        '[a.stop]\nentry = "https://a.example/x?y=1"\n',
    )
    filled = FilledSheet("a/stop@1", "", "weblink", "Shift_JIS", (FilledLine("N", "名", "髙", "髙"),))
    form = form_handoff(filled, load_connections(path, SANDBOX).connections["a"], "stop")
    assert form.domain == "a.example"
    assert form.hosts == ("https://a.example", "https://b.example")
    assert form.body() == b"N=%FB%FC"
