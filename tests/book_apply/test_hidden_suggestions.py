"""A confidential move: no page suggests another provider by where it leads."""

from dataclasses import replace

import pytest
from django.test import Client

from renrakucho.faces.book.apply import providers_page
from renrakucho.faces.book.apply.steps import StepRequest
from renrakucho.mover.entries import INDUSTRIES
from tests import cast
from tests.book_apply.flow import Applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
WATER = "water:start:akishima-water"
MORE = "連絡する事業者をふやす"


def offered(page: str) -> set[str]:
    """The industries of which the page offers a provider."""
    return {industry for industry in INDUSTRIES if f'value="{industry}:' in page}


def providers_of(*, confidential: bool) -> str:
    applicant = Applicant(Client())
    applicant.to_providers(["water:leaving", "water:arriving"])
    if confidential:
        applicant.client.post("/hidden-move/", {"confidential": "yes"})
    return str(applicant.get("providers").content.decode())


def test_only_what_was_wished_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered(providers_of(confidential=False)) > {"water", "broadcasting", "credit_card"}
    assert offered(providers_of(confidential=True)) == {"water"}
    found = providers_page._found_offers

    def as_any_other(step: StepRequest) -> providers_page.FoundOffers:
        return found(replace(step, entries=replace(step.entries, confidential=False)))

    monkeypatch.setattr(providers_page, "_found_offers", as_any_other)
    assert offered(providers_of(confidential=True)) > {"water", "broadcasting"}  # the mutant


@pytest.mark.parametrize("page", ["/", "/book/"])
def test_an_opened_book_suggests_nobody(page: str) -> None:
    for confidential in (False, True):
        browser, book = Client(), cast.draft([WATER])
        if confidential:
            session = browser.session
            session["draft"] = str(book.id)
            session.save()
            browser.cookies["sessionid"] = str(session.session_key)
            browser.post("/hidden-move/", {"confidential": "yes"})
        book.refresh_from_db()
        key = cast.access_key_of(book)
        browser.post("/book/login", {"email": cast.EMAIL, "access_key": key})
        assert (MORE in browser.get(page).content.decode()) != confidential
