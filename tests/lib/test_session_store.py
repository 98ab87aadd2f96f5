"""Session store: the table has no value that opens a session, and cookies end with the browser."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from renrakucho.lib import session_store
from renrakucho.lib.session_store import KEPT_ON_DEVICE, SessionStore

pytestmark = pytest.mark.django_db


def stored_session(**values: str) -> str:
    session = SessionStore()
    session.update(values or {"name": "a text"})
    session.create()
    assert session.session_key
    return session.session_key


def test_a_session_is_found_by_its_key_and_by_nothing_that_is_stored() -> None:
    keys = [stored_session(name=str(each)) for each in range(20)]
    stored = list(Session.objects.values_list("session_key", flat=True))
    assert [SessionStore(key).get("name") for key in keys] == [str(each) for each in range(20)]
    assert [value for value in stored if SessionStore(value).get("name")] == []
    assert not set(keys) & set(stored)
    assert all(len(value) == 40 for value in stored)


def test_without_the_hash_each_stored_value_opens_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_store, "session_key_hash", lambda key: key)
    for each in range(3):
        stored_session(name=str(each))
    stored = Session.objects.values_list("session_key", flat=True)
    assert sorted(str(SessionStore(value)["name"]) for value in stored) == ["0", "1", "2"]


def test_a_session_from_before_opens_nothing_neither_by_its_key_nor_by_its_row() -> None:
    old = db.SessionStore()
    old["name"] = "a text"
    old.create()
    assert SessionStore(old.session_key).get("name") is None


def test_a_new_key_ends_the_old_one_at_once() -> None:
    old = stored_session()
    session = SessionStore(old)
    session.cycle_key()
    session.save()
    assert SessionStore(old).get("name") is None
    assert SessionStore(session.session_key)["name"] == "a text"
    assert Session.objects.count() == 1


def test_a_flushed_session_is_deleted() -> None:
    session = SessionStore(stored_session())
    session.flush()
    assert Session.objects.count() == 0
    SessionStore("x" * 32).delete()
    SessionStore().delete()


def test_an_expired_session_opens_nothing_and_is_cleared() -> None:
    key = stored_session()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert SessionStore(key).get("name") is None
    assert SessionStore().exists(key)
    SessionStore.clear_expired()
    assert not SessionStore().exists(key)


def test_a_cookie_ends_with_the_browser_however_long_its_session_lives() -> None:
    session = SessionStore()
    session.set_expiry(1800)
    assert session.get_expire_at_browser_close()
    assert session.get_expiry_age() == 1800
    session[KEPT_ON_DEVICE] = True
    assert not session.get_expire_at_browser_close()


def test_the_portal_uses_this_store() -> None:
    assert session_store.__name__ == settings.SESSION_ENGINE
    assert settings.CSRF_COOKIE_AGE is None
    assert settings.LANGUAGE_COOKIE_AGE is None
