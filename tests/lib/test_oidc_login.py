"""Logging in at an OpenID issuer: a real provider in a process of its own, and what a forged one may not do.

A defence in brackets was taken out to see the test fail.
"""

import base64
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey, RSAKey

from renrakucho.lib.oidc import issuer_metadata
from renrakucho.lib.oidc.id_token import LOGOUT_EVENT, verified_logout_subject
from renrakucho.lib.oidc.issuer_metadata import forget_issuers, signing_keys
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable, LoginFault, LoginRejected, OidcIssuer
from renrakucho.lib.oidc.oidc_login import begin_login, finish_login, logout_address
from tests.forged_issuer import BACK, ForgedIssuer, after, forged_issuer
from tests.openid_provider import CLIENT, SECRET, TWO_FACTOR, log_in_there, running_provider


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcIssuer]:
    forget_issuers()
    with running_provider(tmp_path_factory.mktemp("provider"), [BACK]) as address:
        yield OidcIssuer("real", "試験", address, CLIENT, secret=SECRET, allow=("127.0.0.1",), factor_amr=("otp",))
    forget_issuers()


@pytest.fixture
def forged() -> Iterator[ForgedIssuer]:
    with forged_issuer() as made:
        yield made


def brought_back(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def fault_of(forged: ForgedIssuer, pending: Any, issuer: OidcIssuer | None = None, **more: str) -> LoginFault:
    with pytest.raises(LoginRejected) as caught:
        finish_login(issuer or forged.issuer(), pending, forged.answer(pending, **more))
    return caught.value.fault


# --- a real provider


def test_a_login_at_a_real_provider_says_who_it_was(provider: OidcIssuer) -> None:
    address, pending = begin_login(provider, BACK)
    found = finish_login(provider, pending, brought_back(log_in_there(provider.issuer, address, "sato-1")))
    assert (found.issuer, found.subject, found.has_factor) == (provider.issuer, "sato-1", False)


def test_a_second_factor_counts_where_the_settings_name_it(provider: OidcIssuer) -> None:
    for issuer, counts in (
        (provider, True),
        (replace(provider, factor_amr=(), factor_acr=(TWO_FACTOR,)), True),
        (replace(provider, factor_amr=()), False),
    ):
        address, pending = begin_login(issuer, BACK)
        back = log_in_there(issuer.issuer, address, "sato-1", factor=True)
        assert finish_login(issuer, pending, brought_back(back)).has_factor is counts


def test_claims_come_from_the_userinfo_of_a_real_provider(provider: OidcIssuer) -> None:
    issuer = replace(provider, scopes=("name", "birthdate"))
    address, pending = begin_login(issuer, BACK)
    answer = brought_back(log_in_there(issuer.issuer, address, "mover-1"))
    found = finish_login(issuer, pending, answer, with_claims=True)
    assert (found.claims["name"], found.claims["birthdate"]) == ("勅使河原 𠮷右衛門", "1985-04-02")
    assert "勅使河原" not in repr(found)
    assert "address" not in found.claims  # its scope was not asked for


def test_a_no_at_a_real_provider_is_no_login(provider: OidcIssuer) -> None:
    address, pending = begin_login(provider, BACK)
    with pytest.raises(LoginRejected) as caught:
        finish_login(provider, pending, brought_back(log_in_there(provider.issuer, address, "sato-1", refuse=True)))
    assert caught.value.fault == LoginFault.CANCELLED


def test_a_code_of_another_session_is_refused_by_a_real_provider(provider: OidcIssuer) -> None:
    """The thief's own login, with the victim's code put into its answer (PKCE: `code_verifier` in the request)."""
    address, _victim = begin_login(provider, BACK)
    stolen = brought_back(log_in_there(provider.issuer, address, "sato-1"))
    _address, thief = begin_login(provider, BACK)
    with pytest.raises(LoginRejected) as caught:
        finish_login(provider, thief, {**stolen, "state": thief.state})
    assert caught.value.fault == LoginFault.BAD_ANSWER


def test_a_code_opens_once_at_a_real_provider(provider: OidcIssuer) -> None:
    address, pending = begin_login(provider, BACK)
    answer = brought_back(log_in_there(provider.issuer, address, "sato-1"))
    finish_login(provider, pending, answer)
    with pytest.raises(LoginRejected):
        finish_login(provider, pending, answer)


def test_a_wrong_secret_is_the_operators_to_mend(provider: OidcIssuer) -> None:
    issuer = replace(provider, secret="wrong" * 8)
    address, pending = begin_login(issuer, BACK)
    answer = brought_back(log_in_there(issuer.issuer, address, "sato-1"))
    with pytest.raises(IssuerUnusable, match="does not take our client_id"):
        finish_login(issuer, pending, answer)


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_real_provider_takes_a_signed_statement_instead_of_a_secret(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    key = ECKey.generate_key("P-256") if kind == "EC" else RSAKey.generate_key(2048)
    client = {
        "client_secret": None,
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [{**key.as_dict(private=False), "kid": "of-portal"}]},
    }
    with running_provider(tmp_path_factory.mktemp("signed"), [BACK], client=client) as address:
        pem = key.as_pem(private=True).decode()
        issuer = OidcIssuer("real", "試験", address, CLIENT, key=pem, key_id="of-portal", allow=("127.0.0.1",))
        place, pending = begin_login(issuer, BACK)
        assert finish_login(issuer, pending, brought_back(log_in_there(address, place, "sato-1"))).subject == "sato-1"


# --- what comes back in the browser


def test_a_right_answer_of_the_forged_issuer_is_taken(forged: ForgedIssuer) -> None:
    pending = forged.begin()
    assert finish_login(forged.issuer(), pending, forged.answer(pending)).subject == "sato-1"


def test_another_state_is_refused(forged: ForgedIssuer) -> None:
    """(compare_digest of the state)"""
    assert fault_of(forged, forged.begin(), state="x" * 43) == LoginFault.UNKNOWN_STATE


def test_a_login_that_was_begun_long_ago_is_refused(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """(is_over)"""
    pending = forged.begin()
    after(monkeypatch, minutes=10, seconds=2)
    assert fault_of(forged, pending) == LoginFault.UNKNOWN_STATE


def test_an_answer_in_another_issuers_name_is_a_mix_up(forged: ForgedIssuer) -> None:
    """(the check of `iss`)"""
    assert fault_of(forged, forged.begin(), iss="https://honest.example") == LoginFault.OTHER_ISSUER
    assert not any(each.path.startswith("/token") for each in forged.listener.received)  # no code was handed over


def test_an_issuer_that_names_itself_has_to(forged: ForgedIssuer) -> None:
    """(`sends_issuer`)"""
    forged.document = {"authorization_response_iss_parameter_supported": True}
    pending = forged.begin()
    answer = {name: text for name, text in forged.answer(pending).items() if name != "iss"}
    with pytest.raises(LoginRejected) as caught:
        finish_login(forged.issuer(), pending, answer)
    assert caught.value.fault == LoginFault.OTHER_ISSUER


def test_a_login_that_was_begun_at_another_issuer_is_a_mix_up(forged: ForgedIssuer) -> None:
    """(the check of the pending login's issuer)"""
    pending = replace(forged.begin(), issuer="honest")
    assert fault_of(forged, pending) == LoginFault.OTHER_ISSUER


# --- the token


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"nonce": "of another login"}, LoginFault.WRONG_CLAIM),  # (nonce in the registry)
        ({"nonce": None}, LoginFault.WRONG_CLAIM),
        ({"iss": "https://honest.example"}, LoginFault.WRONG_CLAIM),  # (iss in the registry)
        ({"aud": "another-client"}, LoginFault.WRONG_CLAIM),  # (for_us)
        ({"aud": ["portal", "another-client"]}, LoginFault.WRONG_CLAIM),
        ({"azp": "another-client"}, LoginFault.WRONG_CLAIM),  # (by_us)
        ({"exp": 1_700_000_000}, LoginFault.WRONG_CLAIM),  # (exp in the registry)
        ({"exp": None}, LoginFault.WRONG_CLAIM),
        ({"iat": 1_700_000_000}, LoginFault.WRONG_CLAIM),  # (OLDEST_SECONDS)
        ({"iat": 4_000_000_000}, LoginFault.WRONG_CLAIM),  # (iat in the registry)
        ({"sub": None}, LoginFault.WRONG_CLAIM),
        ({"sub": ""}, LoginFault.WRONG_CLAIM),
        ({"sub": ["sato-1"]}, LoginFault.WRONG_CLAIM),
    ],
)
def test_a_token_of_something_else_is_refused(forged: ForgedIssuer, wrong: dict[str, Any], said: LoginFault) -> None:
    pending = forged.begin()
    forged.token = lambda: forged.signed(forged.claims(pending, **wrong))
    assert fault_of(forged, pending) == said


def test_a_token_without_a_signature_is_refused(forged: ForgedIssuer) -> None:
    """(ALGORITHMS)"""
    pending = forged.begin()
    for algorithm in ("none", "None", "NONE", ""):
        forged.token = lambda named=algorithm: f"{part({'alg': named})}.{part(forged.claims(pending))}."  # type: ignore[misc]
        assert fault_of(forged, pending) == LoginFault.BAD_SIGNATURE


def test_a_public_key_is_no_shared_secret(forged: ForgedIssuer) -> None:
    """HS256 with the PEM of the public key as its secret (ALGORITHMS, and the key's own kind)."""
    pending = forged.begin()
    claims = forged.claims(pending)
    for secret in (forged.key.as_pem(private=False), json.dumps(forged.keys[0]).encode()):
        signed = f"{part({'alg': 'HS256', 'kid': 'first'})}.{part(claims)}"
        mac = hmac.digest(secret, signed.encode(), "sha256")
        made = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        forged.token = lambda token=made: token  # type: ignore[misc]
        assert fault_of(forged, pending) == LoginFault.BAD_SIGNATURE


def test_a_key_that_stands_in_the_token_itself_is_not_believed(forged: ForgedIssuer) -> None:
    """(the key comes from the issuer's set alone)"""
    pending, own = forged.begin(), RSAKey.generate_key(2048)
    forged.token = lambda: forged.signed(forged.claims(pending), own, jwk=own.as_dict(private=False))
    assert fault_of(forged, pending) == LoginFault.BAD_SIGNATURE


def test_an_old_login_does_not_count_where_a_new_one_was_asked_for(forged: ForgedIssuer) -> None:
    """(auth_time)"""
    for since in (1_700_000_000, None, "now", True):
        pending = forged.begin(max_age=300)
        forged.token = lambda at=since, of=pending: forged.signed(forged.claims(of, auth_time=at))  # type: ignore[misc]
        assert fault_of(forged, pending) == LoginFault.WEAK_LOGIN


def test_a_login_in_another_way_than_asked_for_is_refused(forged: ForgedIssuer) -> None:
    """(acr)"""
    issuer = forged.issuer(acr_values=(TWO_FACTOR,))
    for context in (None, "urn:example:password", [TWO_FACTOR]):
        pending = forged.begin(issuer)
        forged.token = lambda acr=context, of=pending: forged.signed(forged.claims(of, acr=acr))  # type: ignore[misc]
        assert fault_of(forged, pending, issuer) == LoginFault.WEAK_LOGIN


# --- keys


def test_a_new_key_is_taken_up_and_an_old_one_ends(forged: ForgedIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """(the second look of signing_keys)"""
    pending = forged.begin()
    finish_login(forged.issuer(), pending, forged.answer(pending))
    old, forged.key = forged.key, RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    forged.keys = [forged.key.as_dict(private=False)]
    monkeypatch.setattr(issuer_metadata, "REFETCH_SECONDS", 0)
    pending = forged.begin()
    forged.token = lambda: forged.signed(forged.claims(pending), kid="second")
    assert finish_login(forged.issuer(), pending, forged.answer(pending)).subject == "sato-1"
    pending = forged.begin()
    forged.token = lambda: forged.signed(forged.claims(pending), old)
    assert fault_of(forged, pending) == LoginFault.BAD_SIGNATURE


def test_made_up_key_ids_cause_no_crowd_of_requests(forged: ForgedIssuer) -> None:
    """(REFETCH_SECONDS)"""
    for number in range(20):
        assert signing_keys(forged.issuer(), f"made-up-{number}") == []
    assert len([each for each in forged.listener.received if each.path == "/jwks"]) == 1


def test_a_key_for_encryption_signs_nothing(forged: ForgedIssuer) -> None:
    """Refused by `_may_sign`, and by joserfc too."""
    forged.keys = [{**forged.keys[0], "use": "enc"}]
    assert fault_of(forged, forged.begin()) == LoginFault.BAD_SIGNATURE


# --- the discovery document


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
def test_a_document_leads_to_no_machine_of_this_network(forged: ForgedIssuer, name: str) -> None:
    """SSRF: the issuer's document names an address here, which nothing in the settings allows (safe_request)."""
    forged.document = {name: "https://127.0.0.2:8443/admin"}
    issuer = forged.issuer(allow=("127.0.0.1",))
    pending = forged.begin(issuer)
    with pytest.raises(IssuerUnusable, match="not of the open internet"):
        finish_login(issuer, pending, forged.answer(pending))


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://elsewhere.example/auth"},
        {"authorization_endpoint": "https://user:word@elsewhere.example/"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"end_session_endpoint": ["https://elsewhere.example"]},
        {"response_types_supported": ["id_token"]},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["HS256"]},
    ],
)
def test_a_document_that_cannot_be_used_is_said_to_be_so(forged: ForgedIssuer, wrong: dict[str, Any]) -> None:
    forged.document = wrong
    with pytest.raises(IssuerUnusable):
        begin_login(forged.issuer(), BACK)


def test_an_issuer_that_is_down_is_said_to_be_so(forged: ForgedIssuer) -> None:
    with pytest.raises(IssuerUnusable, match="no connection"):
        begin_login(forged.issuer(issuer="http://127.0.0.1:9"), BACK)
    forged.status = 503
    with pytest.raises(IssuerUnusable, match="503"):
        begin_login(forged.issuer(), BACK)


# --- logging out


def test_the_issuers_own_logout_is_offered_where_there_is_one(forged: ForgedIssuer) -> None:
    led = urlsplit(logout_address(forged.issuer(), "http://localhost:8000/desk/login"))
    assert (led.path, dict(parse_qsl(led.query))["post_logout_redirect_uri"]) == (
        "/end",
        "http://localhost:8000/desk/login",
    )
    forget_issuers()
    forged.document = {"end_session_endpoint": None}
    assert logout_address(forged.issuer(), "http://localhost:8000/desk/login") == ""


def test_a_logout_token_names_whom_and_an_id_token_does_not(forged: ForgedIssuer) -> None:
    """(`events`, and no nonce)"""
    pending = forged.begin()
    ends: dict[str, Any] = {"events": {LOGOUT_EVENT: {}}, "nonce": None}
    assert verified_logout_subject(forged.issuer(), forged.signed(forged.claims(pending, **ends))) == "sato-1"
    wrongs: list[dict[str, Any]] = [{"events": None, "nonce": None}, {"events": {LOGOUT_EVENT: {}}}, {"events": ["x"]}]
    for wrong in wrongs:
        with pytest.raises(LoginRejected):
            verified_logout_subject(forged.issuer(), forged.signed(forged.claims(pending, **wrong)))
