"""Identity login: what an OpenID issuer has verified of a person, compared with the contract holder as entered.

Kept is which issuer, when, which claims were the same, and a hash of the subject; never the claims. With another name
or address entered since, nothing is proved any more: what was compared is kept as a hash under the book's own key.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from renrakucho.address.written.folding import kanji_key
from renrakucho.address.written.parse import parse_address
from renrakucho.fact.catalogue import CLAIM_FACTS, HOLDER_NAME, Facts
from renrakucho.lib.kana import to_katakana
from renrakucho.lib.oidc.oidc_login import VerifiedLogin
from renrakucho.mover.book import entries_of, hash_for_book
from renrakucho.mover.facts import facts_of
from renrakucho.mover.models import Book, IdentityLogin

ClaimResult = Literal["same", "different", "not_said"]
_LONGEST = 300  # characters of a claim; no name and no address is longer
_NAME, _ADDRESS = CLAIM_FACTS["name"], CLAIM_FACTS["address"]
_BETWEEN = re.compile(r"[\s\u3000・･,，、.．'’-]+")


@dataclass(frozen=True)
class LoginProof:
    """Proof by a login of the holder as entered: by which issuer, when, and which claims."""

    issuer_name: str
    at: datetime
    matched: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The inverse of from_json."""
        return {"issuer_name": self.issuer_name, "at": self.at.isoformat(), "matched": list(self.matched)}

    @classmethod
    def from_json(cls, source: Mapping[str, Any]) -> "LoginProof":
        return cls(source["issuer_name"], datetime.fromisoformat(source["at"]), tuple(source["matched"]))


def compare_and_keep(
    book: Book, issuer: str, issuer_name: str, login: VerifiedLogin, sources: Mapping[str, Collection[str]]
) -> dict[str, ClaimResult]:
    """Compare what the login says with what is entered, claim by claim, and keep the proof where the name is the same.
    Without that nothing is kept, and an earlier proof stands. sources: the issuer's own claims, by verified claim.
    """
    facts = facts_of(entries_of(book))
    results: dict[str, ClaimResult] = {}
    for claim, names in sources.items():
        said = [_claim_text(login.claims.get(name)) for name in names]
        results[claim] = _compare(claim, said, facts) if all(said) else "not_said"
    if results.get(HOLDER_NAME) == "same":
        matched = {claim: _facts_hash(book, claim, facts) for claim, result in results.items() if result == "same"}
        IdentityLogin.objects.update_or_create(
            book=book,
            issuer=issuer,
            defaults={
                "issuer_name": issuer_name,
                "subject_hash": hash_for_book(book, "subject", f"{login.issuer}\n{login.subject}"),
                "logged_in_at": timezone.now(),
                "matched": matched,
            },
        )
    return results


def login_proof(book: Book, facts: Facts, asked: Collection[str] = ()) -> LoginProof | None:
    """The newest login that proves all that is asked of a holder with these facts, and always their name; None: there
    is none.
    """
    for login in book.identity_logins.order_by("-logged_in_at"):
        matched = tuple(claim for claim, kept in login.matched.items() if kept == _facts_hash(book, claim, facts))
        if {HOLDER_NAME, *asked} <= set(matched):
            return LoginProof(login.issuer_name, login.logged_in_at, matched)
    return None


def _compare(claim: str, said: list[str], facts: Facts) -> ClaimResult:
    entered = _compared_text(claim, facts)
    if claim == HOLDER_NAME:
        other_order = "".join(_name_key(facts.get(name, "")) for name in _NAME[::-1])
        is_same = bool(entered) and _name_key("".join(said)) in (entered, other_order)
    else:
        is_same = bool(entered) and _address_key("".join(said)) == entered
    return "same" if is_same else "different"


def _compared_text(claim: str, facts: Facts) -> str:
    """The text that is entered for the claim, as it is compared; empty: nothing that could be."""
    if claim == HOLDER_NAME:
        parts = [_name_key(facts.get(name, "")) for name in _NAME]
        return "".join(parts) if all(parts) else ""
    return _address_key("".join(facts.get(name, "") for name in _ADDRESS))


def _name_key(text: str) -> str:
    """A name without width, kana and case, in one shape of each kanji (髙 and 高), and without what stands between."""
    return to_katakana(kanji_key(_BETWEEN.sub("", text))).casefold()


def _address_key(text: str) -> str:
    """An address down to its house, however it is written; empty where it is not understood as far."""
    read = parse_address(text)
    if read.level != "exact" or read.alternatives:
        return ""
    return "\n".join((read.municipality_code, read.town, read.chome, read.block, read.number))


def _claim_text(value: Any) -> str:
    """A claim's text. An address may be an object (OpenID Connect Core 1.0, 5.1.1)."""
    if isinstance(value, dict):
        parts = [value.get(name) for name in ("region", "locality", "street_address")]
        value = value.get("formatted") or "".join(part for part in parts if isinstance(part, str))
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _facts_hash(book: Book, claim: str, facts: Facts) -> str:
    return hash_for_book(book, f"claim:{claim}", _compared_text(claim, facts))
