"""connections.toml is checked by line, and one provider's mistake takes no other along."""

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from renrakucho.channel.connection import BadConnections
from renrakucho.channel.connection_review import ConnectionFinding, LoadedConnections, review_connections
from renrakucho.channel.table_faults import is_published

ROOT = Path(__file__).resolve().parents[2]
WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SECRET = 'secret = "agreed on with the provider"'
GOOD = f"""[good]
{SECRET}
hosts = ["https://good.example"]
[good.stop]
entry = "https://good.example/stop"

[bad]
"""
LINE_OF_BAD = 7
WEBHOOK = f'[bad.webhook]\nurl = "https://a.example"\nsecret = "{WEBHOOK_SECRET}"\n'
LINK = f'{SECRET}\n[bad.stop]\nentry = "https://a.example"\n'


def reviewed(text: str, folder: Path = ROOT, trial: bool = False) -> LoadedConnections:
    return review_connections(text, folder, sandbox="http://localhost:8100", letters="localhost:25", trial=trial)


def finding_of(text: str, folder: Path = ROOT) -> ConnectionFinding:
    """The only finding of a text; the good provider before it stays connected."""
    found = reviewed(GOOD + text, folder)
    assert set(found.connections) == {"good"}
    (finding,) = found.findings
    assert (finding.provider, finding.severity) == ("bad", "error")
    assert found.faulty == {"bad"}
    return finding


@pytest.mark.parametrize(
    ("text", "line", "english"),
    [
        ('secret = "short"\n[bad.stop]\nentry = "https://a.example"\n', 1, "secret has fewer than 24 characters"),
        ('[bad.stop]\nentry = "https://a.example"\n', 1, "a web link without a secret"),
        (LINK.replace("https:", "http:"), 3, "entry does not begin with https://"),
        (LINK.replace("https://a.example", "http://localhost:8100"), 3, "entry does not begin with https://"),
        (LINK.replace("https://a.example", "https:///stop"), 3, "entry is not a URL"),
        (LINK.replace("https://a.example", "a.example/stop"), 3, "entry is not a URL"),
        (LINK.replace("https://a.example", "https://a.example:port"), 3, "entry is not a URL"),
        (LINK.replace('entry = "https://a.example"', ""), 2, "'entry' is missing"),
        (LINK.replace('"https://a.example"', "17"), 3, "entry is not a text"),
        (f'hosts = ["a.example"]\n{LINK}', 1, "hosts is not a URL"),
        (f'hosts = ["https://a.example; script-src *"]\n{LINK}', 1, "hosts is not a URL"),
        (f'hosts = ["https://a.example/path"]\n{LINK}', 1, "hosts is scheme and host"),
        (f'hosts = "https://a.example"\n{LINK}', 1, "hosts is not a list"),
        (f"valid_hours = -48\n{LINK}", 1, "valid_hours is not between 1 and 8784"),
        (f"valid_hours = 0\n{LINK}", 1, "valid_hours is not between 1 and 8784"),
        (f"valid_hours = 8785\n{LINK}", 1, "valid_hours is not between 1 and 8784"),
        (f'valid_hours = "48"\n{LINK}', 1, "valid_hours is not a number"),
        ("desk = 1\n", 1, "desk is not true or false"),
        ("dsek = true\n", 1, "a provider has no 'dsek'; did you mean 'desk'?"),
        ("stop = 1\n", 1, "stop is not a table"),
        ("[bad.wbehook]\n", 1, "did you mean 'webhook'?"),
        ("[bad.weblink]\n", 1, "no table of its own"),
        ('[bad.relay]\npeer = "kansai"\n', 1, "no table of its own"),
        ("desk = true\n[bad.inbox]\nx = 1\n", 3, "the table has no 'x'"),
        ("[bad.pull]\nurl = 'https://a.example'\n", 2, "the table has no 'url'"),
        (WEBHOOK.replace("https:", "http:"), 2, "url does not begin with https://"),
        (WEBHOOK.replace("https://a.example", "a.example"), 2, "url is not a URL"),
        (WEBHOOK.replace('url = "https://a.example"', ""), 1, "'url' is missing"),
        (WEBHOOK.replace(WEBHOOK_SECRET, "whsec_c2hvcnQ="), 3, "whsec_ and base64 of 24 bytes"),
        (WEBHOOK.replace("whsec_", ""), 3, "whsec_ and base64 of 24 bytes"),
        (WEBHOOK.replace(f'"{WEBHOOK_SECRET}"', "[]"), 3, "whsec_ and base64 of 24 bytes"),
        (WEBHOOK.replace(f'"{WEBHOOK_SECRET}"', f'["{WEBHOOK_SECRET}", "x"]'), 3, "whsec_ and base64 of 24 bytes"),
        (WEBHOOK.replace(f'"{WEBHOOK_SECRET}"', "[1]"), 3, "whsec_ and base64 of 24 bytes"),
        (f'{WEBHOOK}allow = ["somewhere"]\n', 4, "allow holds what is no network"),
        (f'{WEBHOOK}allow = "10.0.0.0/8"\n', 4, "allow is not a list"),
        (f'{WEBHOOK}ca = "/nowhere/authority.pem"\n', 4, "holds no certificates that can be read"),
        ('[bad.files]\nfolder = "exchange"\n', 2, "folder does not begin with /"),
        ('[bad.files]\nfolder = "/etc/hostname/x"\n', 2, "cannot be made either"),
        ('[bad.files]\nfolder = "/etc/hostname"\n', 2, "folder is none that can be written to"),
        ('[bad.files]\nfolder = "/tmp"\nencoding = "EUC-JP"\n', 3, "encoding is not one of UTF-8, Shift_JIS"),
        ('[bad.fax]\nnumber = "119"\nserver = "hylafax://localhost"\n', 2, "not a telephone number"),
        ('[bad.fax]\nnumber = "0475-00-0000"\nserver = "localhost"\n', 3, "neither hylafax://… nor mail://…"),
        ('[bad.fax]\nnumber = "0475-00-0000"\n', 1, "'server' is missing"),
        ('[bad.fax]\nnumber = 81475000000\nserver = "hylafax://localhost"\n', 2, "number is not a text"),
        ('secret = {env = "NO_SUCH_ONE"}\n[bad.stop]\nentry = "https://a.example"\n', 1, "cannot be read from"),
        ('secret = {file = "nowhere"}\n[bad.stop]\nentry = "https://a.example"\n', 1, "cannot be read from nowhere"),
        ('secret = {fiel = "nowhere"}\n[bad.stop]\nentry = "https://a.example"\n', 1, "secret is one of"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_by_line(text: str, line: int, english: str) -> None:
    finding = finding_of(text)
    assert english in finding.english
    assert finding.line == LINE_OF_BAD + line
    assert finding.japanese
    assert not finding.japanese.isascii()


def test_no_sentence_quotes_a_secret() -> None:
    finding = finding_of('secret = "hunter2"\n[bad.stop]\nentry = "https://a.example"\n')
    assert "hunter2" not in f"{finding.japanese}{finding.english}"


def test_a_value_that_is_no_table_takes_nobody_along() -> None:
    found = reviewed("bad = 1\n" + GOOD.replace("[bad]\n", ""))
    assert set(found.connections) == {"good"}
    assert [(each.line, each.provider) for each in found.findings] == [(1, "bad")]


def test_a_default_that_cannot_work_is_named_at_its_own_line() -> None:
    found = reviewed(f'[here.webhook]\nallow = ["somewhere"]\n{GOOD}{WEBHOOK}')
    assert set(found.connections) == {"good"}
    assert [(each.line, each.provider) for each in found.findings] == [(2, "bad")]


def test_a_default_of_an_unknown_channel_is_named() -> None:
    found = reviewed("[here.wbehook]\n" + GOOD.replace("[bad]\n", ""))
    assert set(found.connections) == {"good"}
    assert [(each.line, each.provider, each.severity) for each in found.findings] == [(1, "here", "error")]


def test_a_provider_without_any_way_is_a_warning() -> None:
    found = reviewed("[a]\n")
    assert set(found.connections) == {"a"}
    assert [each.severity for each in found.findings] == ["warning"]


def test_a_folder_that_the_first_night_makes_is_a_warning(tmp_path: Path) -> None:
    found = reviewed(f'[a.files]\nfolder = "{tmp_path}/new"\n')
    assert set(found.connections) == {"a"}
    assert [each.severity for each in found.findings] == ["warning"]


def test_two_peers_with_one_url_are_both_left_out() -> None:
    peer = f'name = "関西"\nurl = "https://kansai.example"\n{SECRET}\n'
    third = peer.replace("kansai", "kyushu")
    found = reviewed(f"[peers.a]\n{peer}[peers.b]\n{peer}[peers.c]\n{third}")
    assert set(found.peers) == {"c"}
    assert [(each.line, each.provider) for each in found.findings] == [(3, "peers.a"), (7, "peers.b")]
    assert found.faulty == {"peers.a", "peers.b"}


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(BadConnections, match=r"^2: .* / this is no TOML"):
        reviewed("[a]\ndesk = True\n")


def test_a_secret_is_read_from_a_file_or_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").write_text("kept in a file beside it\n")
    (tmp_path / "link").chmod(0o600)
    monkeypatch.setenv("A_WEBHOOKS_SECRET", WEBHOOK_SECRET)
    monkeypatch.setenv("THE_FAX_LINE", "hylafax://someone:word@localhost")
    found = reviewed(
        'a.stop.entry = "https://a.example"\na.secret = {file = "link"}\n'
        '[b.webhook]\nurl = "https://b.example"\nsecret = [{env = "A_WEBHOOKS_SECRET"}]\n'
        '[here.fax]\nserver = {env = "THE_FAX_LINE"}\n[c.fax]\nnumber = "0475-00-0000"\n'
        f'[peers.d]\nname = "関西"\nurl = "https://d.example"\nsecret = {{file = "{tmp_path}/link"}}\n',
        tmp_path,
    )
    assert found.findings == ()
    assert found.connections["a"].secret == found.peers["d"].secret == "kept in a file beside it"
    assert found.connections["b"].tables["webhook"]["secret"] == [WEBHOOK_SECRET]
    assert found.connections["c"].tables["fax"]["server"] == "hylafax://someone:word@localhost"
    assert set(found.beside) == {tmp_path / "link"}


def test_a_secret_file_that_others_can_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "link").write_text("kept in a file beside it\n")
    (tmp_path / "link").chmod(0o644)
    found = reviewed('a.stop.entry = "https://a.example"\na.secret = {file = "link"}\n', tmp_path)
    assert set(found.connections) == {"a"}
    (finding,) = found.findings
    assert (finding.line, finding.severity) == (2, "warning")
    assert "other users can read link" in finding.english


def sandbox_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "sandbox/*.toml"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split()]


def secrets_in(table: dict[str, object]) -> list[str]:
    found = [each for value in table.values() if isinstance(value, dict) for each in secrets_in(value)]
    return found + [str(value) for name, value in table.items() if name == "secret"]


def test_every_published_secret_is_known_as_one() -> None:
    published = list(tomllib.loads((ROOT / "sandbox/secrets.toml").read_text("utf-8")).values())
    for path in sandbox_files():
        published += secrets_in(tomllib.loads(path.read_text("utf-8")))
    assert len(published) > 20
    assert [secret for secret in published if not is_published(secret)] == []


def test_published_secrets_are_refused_outside_a_trial() -> None:
    text = (ROOT / "sandbox/connections.toml").read_text("utf-8").replace("{sandbox}", "https://sandbox.example")
    text += (ROOT / "sandbox/relay/kanto.toml").read_text("utf-8")
    assert [each for each in reviewed(text, trial=True).findings if each.severity == "error"] == []
    found = reviewed(text)
    assert set(found.connections) == {"akishima-water", "chosei-water"}
    assert found.peers == {}
    assert {each.english for each in found.findings} == {
        "secret is one of the sandbox's, which everybody can read; agree on one with the other side"
    }


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root, as whom tests may run, can write everywhere
    assert "none that can be written to" in finding_of(f'[bad.files]\nfolder = "{tmp_path}"\n').english
