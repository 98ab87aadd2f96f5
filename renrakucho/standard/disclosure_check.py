"""Verification of a disclosure receipt, without a network or a database: form, chain, digest, signature, and key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from renrakucho.lib.errors import InvalidInput
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.strict_json import AmbiguousJson, parse_strict_json
from renrakucho.standard.disclosure_signature import (
    broken_links,
    canonical_bytes,
    document_digest,
    is_signed_by,
    key_thumbprint,
)


class NotADisclosure(InvalidInput):
    """The bytes are no disclosure receipt, or no set of keys."""


@dataclass
class DisclosureCheck:
    """The result. `mistakes`: why it is not to be trusted. `trusted`: its key is one of those that were given."""

    events: int = 0
    key: str = ""
    trusted: bool = False
    mistakes: list[BothLanguages] = field(default_factory=list)


def check_disclosure(source: bytes, keys: Mapping[str, Any] | None, earlier: bytes | None = None) -> DisclosureCheck:
    """Check the bytes of a file. keys: the portal's set of keys (JWK Set); None: the key in the file is taken, and
    `trusted` stays False. earlier: a receipt that was had before, whose events all have to be there still.

    Raises NotADisclosure.
    """
    document = _read(source)
    events, proof = document["events"], document["proof"]
    check = DisclosureCheck(len(events), str(proof.get("key", {}).get("kid", "")))
    if source.rstrip(b"\n") != canonical_bytes(document):
        check.mistakes.append(
            BothLanguages("ファイルの書きかたが変えられています。", "The file is not in its canonical form.")
        )
    for place in broken_links(events):
        check.mistakes.append(
            BothLanguages(
                f"{place}番めの記録が、変えられたか、並べかえられたか、その前の記録が抜かれています。",
                f"Event {place} was altered or moved, or the one before it is missing.",
            )
        )
    digest = document_digest(document)
    if proof.get("digest") != digest:
        check.mistakes.append(
            BothLanguages("内容が、署名されたときとちがいます。", "The content is not what was signed.")
        )
    _check_key(check, proof, digest, keys)
    if earlier is not None and not _continues(events, _read(earlier)["events"]):
        check.mistakes.append(
            BothLanguages(
                "前の開示記録にあった記録が、なくなったか、変わっています。",
                "Events of the earlier receipt are missing or differ.",
            )
        )
    return check


def read_keys(source: bytes) -> dict[str, Any]:
    """A JWK Set, or a single key as a set. Raises NotADisclosure."""
    try:
        keys = parse_strict_json(source.decode())
    except (ValueError, AmbiguousJson, RecursionError) as error:
        raise NotADisclosure("no keys") from error
    if isinstance(keys, dict) and "x" in keys:
        keys = {"keys": [keys]}
    if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
        raise NotADisclosure("no keys")
    return keys


def _check_key(check: DisclosureCheck, proof: Mapping[str, Any], digest: str, keys: Mapping[str, Any] | None) -> None:
    jwk = proof.get("key", {})
    if keys is not None:
        named = [key for key in keys["keys"] if isinstance(key, dict) and key.get("kid") == check.key]
        jwk, check.trusted = (named[0], True) if named else ({}, False)
        if not named:
            check.mistakes.append(
                BothLanguages(
                    "署名した鍵が、渡された公開鍵の中にありません。", "The key that signed is not among the keys given."
                )
            )
            return
    try:
        is_named = key_thumbprint(jwk) == check.key
    except (KeyError, TypeError, rfc8785.CanonicalizationError):
        is_named = False
    if not (is_named and is_signed_by(digest, str(proof.get("signature", "")), jwk)):
        check.trusted = False
        check.mistakes.append(BothLanguages("署名が合いません。", "The signature does not fit."))


def _continues(events: list[Any], earlier: list[Any]) -> bool:
    hashes = {event.get("hash") for event in _without_chain(events)}
    return all(event.get("hash") in hashes for event in _without_chain(earlier))


def _without_chain(events: list[Any]) -> list[dict[str, Any]]:
    """The events by what they say: a later event of another notice moves no number."""
    kept = ({name: event[name] for name in event if name not in _CHAIN} for event in events)
    return [{"hash": canonical_bytes(event)} for event in kept]


_CHAIN = ("number", "previous_hash", "hash")


def _read(source: bytes) -> dict[str, Any]:
    try:
        document = parse_strict_json(source.decode())
        canonical_bytes(document)
    except (ValueError, AmbiguousJson, RecursionError, rfc8785.CanonicalizationError) as error:
        raise NotADisclosure("no JSON document") from error
    is_receipt = isinstance(document, dict) and document.get("document") == "disclosure"
    if not is_receipt or not isinstance(document.get("events"), list) or not isinstance(document.get("proof"), dict):
        raise NotADisclosure("no disclosure receipt")
    if not all(isinstance(event, dict) for event in document["events"]) or not isinstance(
        document["proof"].get("key", {}), dict
    ):
        raise NotADisclosure("no disclosure receipt")
    return dict(document)
