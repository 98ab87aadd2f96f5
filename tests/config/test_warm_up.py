"""Cache warm-up: look-ups are ready before the first mover asks."""

import logging
import os
import signal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from renrakucho.address import place_lookup, place_tables
from renrakucho.address.models import Edition
from renrakucho.address.name_search import name_index
from renrakucho.config import master_key_gate
from renrakucho.config.management.commands.worker import end_on_another_key
from renrakucho.config.warm_up import warm_up, watch_master_key
from renrakucho.coverage.provider_lookup import providers_at
from renrakucho.mover.master_key_check import check_master_key
from renrakucho.mover.models import MasterKeyFingerprint


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


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_a_process_that_does_not_know_the_new_master_key_ends_with_a_sentence(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_master_key()
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction is on it
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            MasterKeyFingerprint.objects.update(fingerprint="of a newer key")

    assert "別のマスターキー" in watch_master_key(wait)
    assert waited == [10.0] * 3


@pytest.mark.django_db
def test_a_worker_that_does_not_know_the_new_master_key_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: ended.append(number))
    end_on_another_key()
    assert ended == []
    MasterKeyFingerprint.objects.update(fingerprint="of a newer key")
    end_on_another_key()
    assert ended == [signal.SIGTERM]


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_a_portal_that_could_not_compare_the_key_opens_no_page_before_it_has(client: Client, settings: Any) -> None:
    """The mutant without the gate answers 200 with the other key."""
    check_master_key()
    right = settings.MASTER_KEY
    master_key_gate.close_until_checked()
    settings.MASTER_KEY = "5c" * 32
    assert client.get("/desk/login").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert master_key_gate.is_key_unchecked()
    settings.MASTER_KEY = right
    assert client.get("/desk/login").status_code == 200
    assert not master_key_gate.is_key_unchecked()
