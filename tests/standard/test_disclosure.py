"""Disclosure receipts: each change is found, by the program and by the one in the documentation."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from renrakucho.standard import disclosure_check
from renrakucho.standard.disclosure_check import NotADisclosure, check_disclosure, read_keys
from renrakucho.standard.disclosure_signature import (
    broken_links,
    canonical_bytes,
    chain_events,
    document_digest,
    public_jwk,
    sign_document,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KINDS = ("entered", "sent", "audit:seen", "accepted")


def keys(*private: Ed25519PrivateKey) -> dict[str, Any]:
    return {"keys": [public_jwk(key.public_key().public_bytes_raw()) for key in private]}


def document(*kinds: str) -> dict[str, Any]:
    events = [{"event_time": f"2026-11-28T14:0{at}:00+09:00", "event_type": kind} for at, kind in enumerate(kinds)]
    return {"document": "disclosure", "purposes": [{"value": "髙﨑 𠮷"}], "events": chain_events(events)}


def signed(*kinds: str, key: Ed25519PrivateKey = KEY) -> bytes:
    return canonical_bytes(sign_document(document(*(kinds or KINDS)), key.private_bytes_raw()))


def mistakes(source: bytes, *private: Ed25519PrivateKey) -> list[str]:
    return [mistake.english for mistake in check_disclosure(source, keys(*(private or (KEY,)))).mistakes]


def is_found(source: bytes) -> bool:
    """Whether a changed file is refused, in whichever way."""
    try:
        return bool(mistakes(source))
    except NotADisclosure:
        return True


def test_a_genuine_receipt_is_trusted_with_the_published_key() -> None:
    check = check_disclosure(signed(), keys(OTHER, KEY))
    assert (check.mistakes, check.trusted, check.events) == ([], True, 4)


def test_without_keys_nothing_is_trusted() -> None:
    check = check_disclosure(signed(), None)
    assert (check.mistakes, check.trusted) == ([], False)


def test_a_receipt_signed_by_somebody_else_is_refused() -> None:
    assert mistakes(signed(key=OTHER)) == ["The key that signed is not among the keys given."]


def test_a_borrowed_name_of_a_key_does_not_help() -> None:
    forged = json.loads(signed(key=OTHER))
    forged["proof"]["key"]["kid"] = keys(KEY)["keys"][0]["kid"]
    assert mistakes(canonical_bytes(forged)) == [
        "The content is not what was signed.",
        "The signature does not fit.",
    ]


def test_every_bit_that_is_flipped_is_found() -> None:
    whole = signed("entered")
    for at in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[at] ^= 1 << bit
            assert is_found(bytes(changed)), (at, bit)


@pytest.mark.parametrize(
    ("events", "broken"),
    [
        (lambda links: links[1:], [1, 2, 3]),
        (lambda links: [links[0], *links[2:]], [2, 3]),
        (lambda links: [links[1], links[0], *links[2:]], [1, 2, 3]),
        (lambda links: [*links[:2], {**links[2], "event_type": "sent"}, links[3]], [3]),
        (lambda links: links, []),
    ],
)
def test_a_missing_moved_or_altered_event_is_named(events: Any, broken: list[int]) -> None:
    assert broken_links(events(document(*KINDS)["events"])) == broken


def test_an_event_that_its_own_portal_dropped_is_found_in_the_chain() -> None:
    """Signed again with the right key: the signature holds, and the chain does not."""
    cut = document(*KINDS)
    del cut["events"][2]
    source = canonical_bytes(sign_document(cut, KEY.private_bytes_raw()))
    assert mistakes(source) == ["Event 3 was altered or moved, or the one before it is missing."]


def test_a_chain_that_was_made_anew_is_found_by_an_earlier_receipt() -> None:
    earlier, later = signed(*KINDS), signed("entered", "sent", "accepted")
    assert mistakes(later) == []
    check = check_disclosure(later, keys(KEY), earlier)
    assert [mistake.english for mistake in check.mistakes] == ["Events of the earlier receipt are missing or differ."]
    assert check_disclosure(signed(*KINDS, "returned"), keys(KEY), earlier).mistakes == []


def test_without_the_check_of_the_chain_the_dropped_event_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant."""
    monkeypatch.setattr(disclosure_check, "broken_links", lambda events: [])
    cut = document(*KINDS)
    del cut["events"][2]
    assert mistakes(canonical_bytes(sign_document(cut, KEY.private_bytes_raw()))) == []


def test_without_the_check_of_the_signature_a_forged_receipt_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant."""
    forged = json.loads(signed())
    forged["purposes"] = []
    forged["proof"]["digest"] = document_digest(forged)
    assert mistakes(canonical_bytes(forged)) == ["The signature does not fit."]
    monkeypatch.setattr(disclosure_check, "is_signed_by", lambda *parts: True)
    assert mistakes(canonical_bytes(forged)) == []


@pytest.mark.parametrize("source", [b"", b"[]", b"{}", b"\xff", b'{"document":"disclosure","events":[1],"proof":{}}'])
def test_what_is_no_receipt_is_said_to_be_none(source: bytes) -> None:
    with pytest.raises(NotADisclosure):
        check_disclosure(source, None)


def test_a_single_key_is_a_set_of_one() -> None:
    one = keys(KEY)["keys"][0]
    assert read_keys(json.dumps(one).encode()) == {"keys": [one]}
    with pytest.raises(NotADisclosure):
        read_keys(b"[]")


def test_the_verifier_of_the_documentation_agrees(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "disclosure.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "verify.py").write_text(program, "utf-8")
    (tmp_path / "keys.json").write_text(json.dumps(keys(OTHER, KEY)))
    for source, said in (
        (signed(), "genuine"),
        (signed().replace(b"sent", b"lost"), ""),
        (signed(key=OTHER), "genuine"),
    ):
        (tmp_path / "receipt.json").write_bytes(source)
        run = subprocess.run(
            [sys.executable, "verify.py", "receipt.json", "keys.json"], cwd=tmp_path, capture_output=True, text=True
        )
        assert run.stdout.strip() == said
        assert (run.returncode == 0) == bool(said)
