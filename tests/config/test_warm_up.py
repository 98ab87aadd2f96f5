"""Cache warm-up: look-ups are ready before the first mover asks."""

import logging

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from renrakucho.address import place_lookup, place_tables
from renrakucho.address.models import Edition
from renrakucho.address.name_search import name_index
from renrakucho.config.warm_up import warm_up
from renrakucho.coverage.provider_lookup import providers_at


def test_look_ups_query_nothing_after_the_warm_up(
    client: Client, directory: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    warm_up()
    with django_assert_num_queries(0):
        (town,) = place_lookup.towns_at("2060041")
        assert providers_at(town.municipality_code, town.town, "water").offices
        assert name_index().find("atago", 1)


@pytest.mark.django_db
def test_the_portal_starts_without_a_directory(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Edition.objects.all().delete()
    monkeypatch.setattr(place_tables.place_tables, "_good_until", 0.0)
    with caplog.at_level(logging.INFO):
        warm_up()
    assert "the directory cannot be read yet: NoDirectory" in caplog.text
    place_tables.place_tables.ask_again()
