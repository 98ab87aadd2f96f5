"""Login issuers of connections.toml: whom they log in, what movers prove by them, and every mistake by its line."""

from pathlib import Path

import pytest

from renrakucho.channel.connection_review import LoadedConnections, review_connections
from renrakucho.channel.login_issuer import ClaimSource

ROOT = Path(__file__).resolve().parents[2]
HEAD = """[issuers.card]
name = "カードでログイン"
issuer = "https://id.example"
client_id = "portal"
secret = "a-secret-that-both-sides-know"
"""
LINE = 6  # the first line behind the head


def reviewed(text: str) -> LoadedConnections:
    return review_connections(HEAD + text, ROOT, sandbox="", letters="localhost:25", trial=False)


def test_movers_prove_by_it_what_it_says() -> None:
    text = '[issuers.card.movers]\nname = {claims = ["family_name", "given_name"], scopes = ["profile"]}\n'
    found = reviewed(text)
    assert found.findings == ()
    issuer = found.issuers["card"]
    assert issuer.movers == (ClaimSource("name", ("family_name", "given_name"), ("profile",)),)
    assert (issuer.proves(["name"]), issuer.proves(["name", "address"]), issuer.proves([])) == (True, False, True)
    assert not issuer.serves("akishima-water")
    assert hash(issuer)


def test_an_issuer_for_staff_alone_proves_nothing_of_movers() -> None:
    issuer = reviewed('desks = ["akishima-water"]\n').issuers["card"]
    assert (issuer.movers, issuer.proves([]), issuer.sources(["name"])) == ((), False, ())


@pytest.mark.parametrize(
    ("text", "line", "english"),
    [
        ("movers = true\n", 0, "movers is not a table"),
        ("[issuers.card.movers]\n", 0, "name is missing: an address alone proves nobody"),
        ('[issuers.card.movers]\naddress = {claims = ["address"]}\n', 0, "name is missing"),
        ('[issuers.card.movers]\nname = ["name"]\n', 1, "name is not a table"),
        ("[issuers.card.movers]\nname = {claims = []}\n", 1, "claims is empty"),
        ('[issuers.card.movers]\nname = {claim = ["name"]}\n', 1, "a claim has no 'claim'; did you mean 'claims'?"),
        ('[issuers.card.movers]\nname = {claims = ["name"]}\nnmae = {claims = ["x"]}\n', 2, "has no 'nmae'"),
    ],
)
def test_a_mistake_is_named_by_its_line(text: str, line: int, english: str) -> None:
    found = reviewed(text)
    (finding,) = found.findings
    assert (finding.line, finding.provider, finding.severity) == (LINE + line, "issuers.card", "error")
    assert english in finding.english
    assert "card" not in found.issuers


def test_an_issuer_that_logs_nobody_in_is_a_warning() -> None:
    (finding,) = reviewed("").findings
    assert (finding.severity, finding.line) == ("warning", 1)
    assert "desks, bureau or movers" in finding.english
