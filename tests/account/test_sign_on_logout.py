"""Logging out after single sign-on: here, at the issuer, and by the issuer's word."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.lib.oidc.id_token import LOGOUT_EVENT
from renrakucho.provider.audit_log import AuditAction
from tests.account.sign_on_cast import SLUG, deeds, is_in, linked, signed_on
from tests.desk.cast import clerk
from tests.forged_issuer import ForgedIssuer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_whoever_logs_out_here_is_told_of_the_login_there(forged: ForgedIssuer) -> None:
    linked(clerk(), forged.address)
    browser, _back = signed_on(forged)
    page = browser.post("/desk/logout", follow=True).content.decode()
    assert "には、まだログインしています" in page
    assert f"{forged.address}/end?client_id=portal" in page
    assert not is_in(browser)


def logout_token(forged: ForgedIssuer, **more: Any) -> str:
    claims = {**forged.claims(forged.begin()), "nonce": None, "events": {LOGOUT_EVENT: {}}, "jti": "1", **more}
    return forged.signed({name: value for name, value in claims.items() if value is not None})


def test_the_issuer_can_log_a_person_out(forged: ForgedIssuer) -> None:
    linked(clerk(), forged.address)
    browser, _back = signed_on(forged)
    wrong = logout_token(forged, aud="another-client")
    assert Client().post(f"/desk/sso/{SLUG}/logout", {"logout_token": wrong}).status_code == 400
    assert Client().post(f"/desk/sso/{SLUG}/logout").status_code == 400
    assert is_in(browser)
    token = logout_token(forged)
    assert Client(enforce_csrf_checks=True).post(f"/desk/sso/{SLUG}/logout", {"logout_token": token}).status_code == 200
    assert not is_in(browser)
    assert deeds()[-1] == AuditAction.SIGN_ON_ENDED
