"""The master key is changed while everything runs, and nothing is lost on the way."""

import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from renrakucho.lib import master_keyring
from renrakucho.lib.master_keyring import (
    SESSION_PLACES,
    index_hash,
    key_fingerprint,
    seal_with_master_key,
    use_sealing_key,
)
from renrakucho.lib.period_keyring import open_text, seal_as_text
from renrakucho.lib.sealing import SealBroken, keyed_hash, open_bytes
from renrakucho.lib.session_store import SessionStore
from renrakucho.mover import master_key_rotation
from renrakucho.mover.book import begin_draft, entries_of, open_with_access_key, register_draft
from renrakucho.mover.disclosure_key import disclosure_signing_key
from renrakucho.mover.entries import MoveEntries
from renrakucho.mover.master_key_check import WrongMasterKey, check_master_key
from renrakucho.mover.master_key_rotation import SEALED_COLUMNS, RotationCount, _rewrap_row
from renrakucho.mover.models import Book, MasterKeyFingerprint
from renrakucho.provider.staff import Staff, open_for_owner, seal_for_owner
from renrakucho.provider.staff_mail import StaffMail
from renrakucho.provider.system_key import IdempotentResponse

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "0a" * 32, "b1" * 32
EMAIL = "taro@example.jp"


@pytest.fixture(autouse=True)
def _keyring() -> Iterator[None]:
    before = dict(master_keyring._index_keys)
    yield
    use_sealing_key("")
    master_keyring._index_keys.clear()
    master_keyring._index_keys.update(before)


def use_keys(settings: Any, *keys: str) -> None:
    settings.MASTER_KEY = ",".join(keys)
    settings.MASTER_KEY_FILE = None


def fill_every_column() -> tuple[str, str]:
    """One row of everything that the master key seals. Returns the book's access key and the session's name."""
    check_master_key()
    access_key = register_draft(begin_draft(MoveEntries(items={"contact.email": EMAIL})), EMAIL)
    staff = Staff.objects.create(login_id="a-1", provider="akishima-water", name="佐藤")
    staff.factor = seal_for_owner(staff.id, "factor", "SECRET")
    staff.address = seal_for_owner(staff.id, "address", "desk@example.jp")
    staff.save()
    mail = StaffMail(kind="invitation", about=staff.id, created_at=timezone.now(), due_at=timezone.now())
    mail.sealed = seal_for_owner(mail.id, "mail", {"to": "desk@example.jp"})
    mail.save(force_insert=True)
    row = IdempotentResponse(provider="x", what_hash="x", asked_hash="x", answered_at=timezone.now())
    row.answer = seal_with_master_key({"number": "1"}, row.id.bytes)
    row.save(force_insert=True)
    disclosure_signing_key()
    session = SessionStore()
    for place in SESSION_PLACES:
        session[f"sealed for {place.decode()}"] = seal_as_text({"typed": "千代田区"}, place)
    session["plain"] = "a text"
    session.create()
    assert session.session_key
    return access_key, session.session_key


def rotated(settings: Any) -> str:
    use_keys(settings, OLD, NEW)
    said = StringIO()
    call_command("master_key", "rotate", grace=0.0, stdout=said)
    return said.getvalue()


def opened_with(text: str) -> list[str]:
    """The columns and sessions of which something opens with this key."""
    key, found = bytes.fromhex(text), []
    for column in SEALED_COLUMNS:
        for row in column.model._default_manager.exclude(**{column.field: None}):
            try:
                open_bytes(bytes(getattr(row, column.field)), key=key, aad=column.place(row))
                found.append(column.field)
            except SealBroken:
                pass
    for session in Session.objects.all():
        for name, value in session.get_decoded().items():
            for place in SESSION_PLACES if name.startswith("sealed") else ():
                try:
                    open_bytes(b64decode(value), key=key, aad=place)
                    found.append(name)
                except SealBroken:
                    pass
    return sorted(found)


EVERYTHING = sorted(
    [*(column.field for column in SEALED_COLUMNS), *(f"sealed for {place.decode()}" for place in SESSION_PLACES)]
)


@pytest.mark.django_db
def test_after_a_rotation_the_old_key_opens_nothing_and_the_new_one_everything(settings: Any) -> None:
    use_keys(settings, OLD)
    access_key, session_key = fill_every_column()
    assert opened_with(OLD) == EVERYTHING
    said = rotated(settings)
    assert "mover_book.wrapped_key: 1 (1 " in said
    assert opened_with(OLD) == []
    assert opened_with(NEW) == EVERYTHING
    use_keys(settings, NEW)
    check_master_key()
    book = open_with_access_key(EMAIL, access_key)  # its hashes are still those of before
    assert entries_of(book).items["contact.email"] == EMAIL
    staff = Staff.objects.get()
    assert staff.factor
    assert open_for_owner(staff.id, "factor", staff.factor) == "SECRET"
    session = SessionStore(session_key)
    assert open_text(session["sealed for session"], b"session") == {"typed": "千代田区"}
    assert session["plain"] == "a text"
    use_keys(settings, OLD)
    with pytest.raises(WrongMasterKey):
        check_master_key()


@pytest.mark.django_db
def test_blind_indexes_stay_what_they_were_before_there_was_an_index_key(settings: Any) -> None:
    use_keys(settings, OLD)
    assert index_hash("email:taro@example.jp") == keyed_hash(OLD, "email:taro@example.jp")
    check_master_key()
    rotated(settings)
    use_keys(settings, NEW)
    assert index_hash("email:taro@example.jp") == keyed_hash(OLD, "email:taro@example.jp")


@pytest.mark.django_db
def test_a_second_rotation_changes_nothing(settings: Any) -> None:
    use_keys(settings, OLD)
    fill_every_column()
    rotated(settings)
    before = bytes(Book.objects.get().wrapped_key)
    assert "mover_book.wrapped_key: 1 (0 " in rotated(settings)
    assert bytes(Book.objects.get().wrapped_key) == before


@pytest.mark.django_db
def test_both_keys_open_during_the_change_and_the_new_one_seals(settings: Any) -> None:
    use_keys(settings, OLD)
    fill_every_column()
    before = begin_draft()
    use_keys(settings, OLD, NEW)
    master_key_rotation.switch_sealing_key()
    after = begin_draft()
    assert entries_of(before) == entries_of(after)
    with pytest.raises(SealBroken):
        open_bytes(bytes(after.wrapped_key), key=bytes.fromhex(OLD), aad=after.id.bytes)
    use_sealing_key(key_fingerprint(OLD))  # a process that has not heard of it yet
    assert entries_of(after) == entries_of(before)


@pytest.mark.django_db
def test_what_opens_with_no_key_is_left_and_named(settings: Any) -> None:
    use_keys(settings, OLD)
    fill_every_column()
    lost = begin_draft()
    Book.objects.filter(id=lost.id).update(wrapped_key=b"\x01 sealed with a key that nobody has any more")
    sealed = bytes(Book.objects.get(id=lost.id).wrapped_key)
    with pytest.raises(CommandError, match=r"mover_book.wrapped_key: 1\b"):
        rotated(settings)
    assert bytes(Book.objects.get(id=lost.id).wrapped_key) == sealed
    assert opened_with(OLD) == []
    with pytest.raises(CommandError):
        call_command("master_key", "retire", stdout=StringIO())
    call_command("master_key", "retire", leave_broken=True, stdout=StringIO())
    assert bytes(Book.objects.get(id=lost.id).wrapped_key) == sealed


@pytest.mark.django_db
def test_a_row_that_is_written_meanwhile_is_not_overwritten(settings: Any) -> None:
    use_keys(settings, OLD)
    fill_every_column()
    staff = Staff.objects.get()
    Staff.objects.update(factor=seal_for_owner(staff.id, "factor", "ANOTHER"))
    use_keys(settings, OLD, NEW)
    count = RotationCount("factor")
    _rewrap_row(next(column for column in SEALED_COLUMNS if column.field == "factor"), staff, count)
    assert (count.seen, count.changed) == (1, 0)
    assert open_for_owner(staff.id, "factor", Staff.objects.get().factor or b"") == "ANOTHER"


@pytest.mark.django_db
def test_one_key_in_a_variable_is_refused_with_a_sentence(settings: Any) -> None:
    use_keys(settings, OLD)
    check_master_key()
    with pytest.raises(CommandError, match="RENRAKUCHO_MASTER_KEY"):
        call_command("master_key", "rotate", grace=0.0)


@pytest.mark.django_db
def test_the_file_gets_the_new_key_and_loses_the_old_one(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "master_key"
    path.write_text(OLD)
    settings.MASTER_KEY, settings.MASTER_KEY_FILE = OLD, path
    monkeypatch.setattr(master_keyring, "_file", master_keyring._KeyFile())
    access_key, _session = fill_every_column()
    call_command("master_key", "rotate", grace=0.0, stdout=StringIO())
    first, second = path.read_text().split()
    assert first == OLD
    assert path.stat().st_mode & 0o777 == 0o600
    call_command("master_key", "retire", stdout=StringIO())
    assert path.read_text() == second
    assert opened_with(OLD) == []
    assert open_with_access_key(EMAIL, access_key)  # this process has read the file again


@pytest.mark.django_db
def test_retiring_before_a_rotation_is_refused(settings: Any) -> None:
    use_keys(settings, OLD)
    fill_every_column()
    use_keys(settings, OLD, NEW)
    with pytest.raises(CommandError, match="rotate"):
        call_command("master_key", "retire", stdout=StringIO())
    assert opened_with(OLD) == EVERYTHING
    assert MasterKeyFingerprint.objects.get().fingerprint == key_fingerprint(OLD)


def test_a_sealed_text_of_a_session_has_a_place_that_a_rotation_finds() -> None:
    with pytest.raises(ValueError, match="SESSION_PLACES"):
        seal_as_text({}, b"somewhere else")


def test_everything_that_the_master_key_seals_is_known_to_the_rotation() -> None:
    """A new caller needs its column in SEALED_COLUMNS or its place in SESSION_PLACES, and then its file here."""
    sealing = re.compile(
        r"\b(?:seal_with_master_key|seal_for_period|seal_as_text|seal_for_owner|wrap_key|wrap_for_period)\("
    )
    package = ROOT / "renrakucho"
    found = {
        str(path.relative_to(package)) for path in package.rglob("*.py") if sealing.search(path.read_text("utf-8"))
    }
    assert found == {
        "account/session_values.py",
        "faces/api/idempotency.py",
        "faces/book/saved_forms.py",
        "lib/master_keyring.py",
        "lib/period_keyring.py",
        "lib/sealing.py",
        "mover/book.py",
        "mover/disclosure_key.py",
        "mover/period_key_rotation.py",
        "page/pending_login.py",
        "provider/staff.py",
        "provider/staff_mail.py",
        "provider/two_factor.py",
    }


PROGRAM = Path(__file__).with_name("rotation_program.py")
BOOKS, KILLED_AFTER = 45, (1, 7, 13, 25, 44)  # batches of ten


@pytest.mark.slow
def test_a_rotation_that_is_killed_again_and_again_ends_well(migrated_database: str, tmp_path: Path) -> None:
    def run(*words: str, keys: str) -> int:
        environment = {
            **os.environ,
            "DATABASE_URL": migrated_database,
            "RENRAKUCHO_VAR": str(tmp_path),
            "RENRAKUCHO_MASTER_KEY": keys,
            "RENRAKUCHO_SANDBOX": "1",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "renrakucho.config.settings",
        }
        return subprocess.run([sys.executable, PROGRAM, *words], env=environment, check=False).returncode

    assert run("prepare", str(BOOKS), keys=OLD) == 0
    for rows in KILLED_AFTER:
        assert run("rotate", str(rows), keys=f"{OLD},{NEW}") == 9
        assert run("open", keys=f"{OLD},{NEW}") == 0
    assert run("rotate", str(10**6), keys=f"{OLD},{NEW}") == 0
    assert run("open", keys=NEW) == 0
    assert run("open", keys=OLD) == 1
