"""Disclosure receipts: the time to chain, sign and check many events, and whether every flipped bit shows.

Run as `python -m benchmarks.disclosure [--events N] [--sample N]`.
"""

import argparse
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from renrakucho.standard.disclosure_check import NotADisclosure, check_disclosure
from renrakucho.standard.disclosure_signature import canonical_bytes, chain_events, public_jwk, sign_document

KINDS = ("entered", "sent", "audit:seen", "audit:printed", "accepted")


def receipt(count: int, private: bytes) -> bytes:
    """A signed receipt with so many events."""
    events = [
        {
            "event_time": f"2026-11-28T14:00:00.{number % 1_000_000:06}+09:00",
            "event_type": KINDS[number % len(KINDS)],
            "notice": f"{number // 5:012}",
            "entity_id": "provider:akishima-water",
            "role": "clerk",
            "means": "",
        }
        for number in range(count)
    ]
    document = {"document": "disclosure", "purposes": [{"value": "髙﨑 太郎"}], "events": chain_events(events)}
    return canonical_bytes(sign_document(document, private))


def is_found(source: bytes, keys: dict[str, Any]) -> bool:
    """Whether a changed receipt is refused."""
    try:
        return bool(check_disclosure(source, keys).mistakes)
    except NotADisclosure:
        return True


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=10, help="events of the receipt whose every bit is flipped")
    asked = parser.parse_args()
    key = Ed25519PrivateKey.generate()
    keys = {"keys": [public_jwk(key.public_key().public_bytes_raw())]}
    begun = time.perf_counter()
    whole = receipt(asked.events, key.private_bytes_raw())
    made = time.perf_counter()
    check = check_disclosure(whole, keys)
    checked = time.perf_counter()
    print(
        f"{check.events} events, {len(whole) / 1e6:.0f} MB: "
        f"made in {made - begun:.1f} s, checked in {checked - made:.1f} s"
    )
    print(f"mistakes: {len(check.mistakes)}, trusted: {check.trusted}")
    sample = receipt(asked.sample, key.private_bytes_raw())
    missed = 0
    for at in range(len(sample)):
        for bit in range(8):
            changed = bytearray(sample)
            changed[at] ^= 1 << bit
            missed += not is_found(bytes(changed), keys)
    print(f"{len(sample) * 8} bits flipped one by one, {missed} not found")


if __name__ == "__main__":
    main()
