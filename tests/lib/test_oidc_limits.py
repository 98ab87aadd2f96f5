"""Limits of a login at an OpenID issuer: each time, length and status is held by its number."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from joserfc.jwk import ECKey

from renrakucho.lib.oidc import id_token, issuer_metadata, oidc_login
from renrakucho.lib.oidc.client_assertion import client_assertion
from renrakucho.lib.oidc.issuer_metadata import forget_issuers, signing_keys
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, LoginFault, LoginRejected
from renrakucho.lib.oidc.oidc_login import PendingLogin, finish_login
from tests.forged_issuer import BACK, ForgedIssuer, forged_issuer

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


@pytest.fixture
def forged(monkeypatch: pytest.MonkeyPatch) -> Iterator[ForgedIssuer]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with forged_issuer() as made:
        yield made


def fault_of(forged: ForgedIssuer, pending: PendingLogin, **answer: str) -> LoginFault | None:
    """Why the login is refused; None: it is believed."""
    try:
        finish_login(forged.issuer(), pending, forged.answer(pending, **answer))
    except LoginRejected as error:
        return error.fault
    return None


@pytest.mark.parametrize(
    ("claim", "believed", "refused", "fault"),
    [
        ("exp", -59, -60, LoginFault.WRONG_CLAIM),  # a clock may differ by a minute
        ("iat", 60, 61, LoginFault.WRONG_CLAIM),
        ("iat", -660, -661, LoginFault.WRONG_CLAIM),  # ten minutes, and the minute
        ("auth_time", -360, -361, LoginFault.WEAK_LOGIN),  # the five minutes that were asked for, and the minute
    ],
)
def test_a_time_of_a_token_holds_to_the_second(
    forged: ForgedIssuer, claim: str, believed: int, refused: int, fault: LoginFault
) -> None:
    for after, said in ((believed, None), (refused, fault)):
        pending = forged.begin(max_age=300)
        token = forged.signed(forged.claims(pending, **{claim: SECONDS + after}))
        forged.token = lambda token=token: token  # type: ignore[misc]
        assert fault_of(forged, pending) == said


def test_a_login_is_waited_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    pending = PendingLogin("forged", "state", "nonce", "verifier", BACK, SECONDS)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=10))
    assert not pending.is_over()
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=10, microseconds=1))
    assert pending.is_over()


@pytest.mark.parametrize(("length", "fault"), [(255, None), (256, LoginFault.WRONG_CLAIM)])
def test_a_subject_has_at_most_255_characters(forged: ForgedIssuer, length: int, fault: LoginFault | None) -> None:
    pending = forged.begin()
    forged.token = lambda: forged.signed(forged.claims(pending, sub="s" * length))
    assert fault_of(forged, pending) == fault


def test_a_token_has_at_most_32_kibibytes(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert id_token.LONGEST_TOKEN == 32_768
    for more, fault in ((0, None), (-1, LoginFault.BAD_SIGNATURE)):
        pending = forged.begin()
        token = forged.token()
        forged.token = lambda token=token: token  # type: ignore[misc]
        monkeypatch.setattr(id_token, "LONGEST_TOKEN", len(token) + more)
        assert fault_of(forged, pending) == fault


@pytest.mark.parametrize(
    ("length", "fault"), [(0, LoginFault.BAD_ANSWER), (1, None), (4096, None), (4097, LoginFault.BAD_ANSWER)]
)
def test_a_code_has_at_most_4096_characters(forged: ForgedIssuer, length: int, fault: LoginFault | None) -> None:
    assert fault_of(forged, forged.begin(), code="c" * length) == fault


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_what_its_operator_has_to_mend_is_no_fault_of_the_person(forged: ForgedIssuer, status: int) -> None:
    pending = forged.begin()
    forged.status = status
    with pytest.raises(IssuerUnusable):
        fault_of(forged, pending)


@pytest.mark.parametrize("status", [201, 400, 402, 404, 499])
def test_another_status_than_200_is_no_login(forged: ForgedIssuer, status: int) -> None:
    pending = forged.begin()
    forged.status = status
    assert fault_of(forged, pending) == LoginFault.BAD_ANSWER


def test_state_nonce_and_verifier_are_as_long_as_they_have_to_be(forged: ForgedIssuer) -> None:
    """32 random bytes each; PKCE's verifier 48 (RFC 7636, 4.1: 43 to 128 characters)."""
    pending = forged.begin()
    assert [len(text) for text in (pending.state, pending.nonce, pending.verifier)] == [43, 43, 64]


def test_a_signed_statement_is_good_for_a_minute(forged: ForgedIssuer) -> None:
    issuer = forged.issuer(secret="", key=ECKey.generate_key("P-256").as_pem(private=True).decode())
    _header, claims, _signature = client_assertion(issuer, "https://there.example/token", SECONDS).split(".")
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert (said["iat"], said["exp"]) == (SECONDS, SECONDS + 60)


def test_keys_are_kept_for_an_hour_and_an_unknown_one_is_looked_for_once_a_minute(
    forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_issuers()
    asked = []
    for now, key_id in ((0, "first"), (59.9, "new"), (60, "new"), (61, "new"), (3659.9, "first"), (3660, "first")):
        monkeypatch.setattr(issuer_metadata, "time", SimpleNamespace(monotonic=lambda now=now: 1_000 + now))
        signing_keys(forged.issuer(), key_id)
        asked.append(sum(each.path == "/jwks" for each in forged.listener.received))
    assert asked == [1, 1, 2, 2, 2, 3]


def test_a_person_waits_for_a_request_for_five_seconds_and_a_document_has_256_kibibytes() -> None:
    assert (issuer_metadata.REQUEST_SECONDS, issuer_metadata.LARGEST_DOCUMENT) == (5, 262_144)
    assert oidc_login.PENDING_SECONDS == 600
