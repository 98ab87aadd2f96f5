"""Look-ups are ready before the first mover asks."""

import logging

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from renrakucho.address import atlas, lookup
from renrakucho.address.models import Edition
from renrakucho.config.warm import warm
from renrakucho.coverage.search import providers_at
from renrakucho.faces.directory.place.names import names


def test_after_warming_nothing_is_read_any_more(
    client: Client, directory: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    warm()
    with django_assert_num_queries(0):
        (town,) = lookup.towns_at("2060041")
        assert providers_at(town.municipality_code, town.town, "water").offices
        assert names().find("atago", 1)


@pytest.mark.django_db
def test_without_a_directory_the_portal_starts_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Edition.objects.all().delete()
    monkeypatch.setattr(atlas.atlas, "_good_until", 0.0)
    with caplog.at_level(logging.INFO):
        warm()
    assert "the directory cannot be read yet: NoDirectory" in caplog.text
    atlas.atlas.ask_again()
