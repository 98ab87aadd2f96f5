"""Hash chain over the audit log: whatever is done to it behind the program's back is found."""

import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, models, transaction
from django.utils import timezone

from renrakucho.lib.identifiers import new_uuid7
from renrakucho.provider import audit_chain, audit_log
from renrakucho.provider.audit_chain import link_older_entries, retire_entries, verify_chain
from renrakucho.provider.audit_link import AuditLink, chain_head, kept_heads
from renrakucho.provider.audit_log import (
    AuditAction,
    AuditEntry,
    command_line_user,
    log_action,
    log_command,
    log_notice_actions,
    log_operation,
)
from renrakucho.provider.staff import Staff
from renrakucho.provider.system_key import SystemKey
from tests.provider.cast import commit_links, committed

pytestmark = pytest.mark.django_db
COLUMNS = [field.column for field in AuditEntry._meta.concrete_fields]


@pytest.fixture(autouse=True)
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_HEAD_FILE = str(tmp_path / "audit_head")
    return tmp_path / "audit_head"


def clerk(login_id: str) -> Staff:
    return Staff.objects.create_staff(login_id=login_id, provider="here", name=login_id, password="x" * 12)


def chain(entries: int = 5) -> list[AuditEntry]:
    staff = clerk("one")
    for _number in range(entries):
        log_action(staff, AuditAction.ROLE_CHANGED, whom=staff, word="clerk")
    commit_links()
    return list(AuditEntry.objects.order_by("id"))


def unguard(*tables: str) -> None:
    """What somebody with all rights on the database does first."""
    commit_links()
    with connection.cursor() as cursor:
        for table in tables or ("provider_auditentry", "provider_auditlink"):
            for kind in ("change", "truncate") if connection.vendor == "postgresql" else ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {table}_no_{kind}{on}")


def said() -> str:
    return "\n".join(str(each) for each in verify_chain().findings if "trigger" not in each.english)


def other_value(field: "models.Field[Any, Any]", row: AuditEntry) -> Any:
    values: dict[str, Any] = {
        "id": new_uuid7(),
        "staff": clerk("two"),
        "whom": None,
        "key": SystemKey.objects.create(
            provider="here", name="k", hashed="k", may_read=True, may_answer=False, created_at=timezone.now()
        ),
        "deed": AuditAction.CLOSED,
        "done_at": row.done_at + timedelta(microseconds=1),
    }
    return values.get(field.name, "changed")


def test_a_log_as_it_was_written_is_whole() -> None:
    chain()
    report = verify_chain()
    assert (report.findings, report.entries, report.head.number) == ((), 5, 5)
    assert [link.chain_hash for link in AuditLink.objects.order_by("number")] == chain_hashes()


def chain_hashes() -> list[str]:
    """The chain as the program computes it, to compare with the database's triggers."""
    hashes = ["0" * 64]
    for number, entry in enumerate(AuditEntry.objects.order_by("id"), 1):
        hashes.append(audit_chain._chain_hash(hashes[-1], number, entry.id.hex, entry.seal))
    return hashes[1:]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found(column: str) -> None:
    row = chain()[2]
    unguard()
    field = next(field for field in AuditEntry._meta.concrete_fields if field.column == column)
    AuditEntry.objects.filter(id=row.id).update(**{field.name: other_value(field, row)})
    assert ("entry 3 was removed" if column == "id" else "entry 3 was changed") in said()


def test_removing_an_entry_is_found_and_removing_its_link_too() -> None:
    rows = chain()
    unguard()
    AuditEntry.objects.filter(id=rows[2].id).delete()
    assert "entry 3 was removed" in said()
    AuditLink.objects.filter(id=rows[2].id).delete()
    assert "the entries 3 to 3 were removed" in said()


def test_an_entry_removed_at_once_is_missed() -> None:
    """Before any worker has seen it: its link was made in its own transaction."""
    chain(2)
    log_command(AuditAction.CLOSED)
    unguard("provider_auditentry")
    AuditEntry.objects.filter(deed=AuditAction.CLOSED).delete()
    log_command(AuditAction.CLOSED)
    commit_links()
    assert "entry 3 was removed" in said()


def test_without_the_link_at_once_nobody_would_miss_it() -> None:
    """The mutant: no trigger links, as if a worker did it some seconds later."""
    chain(2)
    drop_linking()
    log_command(AuditAction.CLOSED)
    unguard("provider_auditentry")
    AuditEntry.objects.filter(deed=AuditAction.CLOSED).delete()
    assert said() == ""


def drop_linking() -> None:
    commit_links()
    on = " ON provider_auditentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER provider_auditentry_link{on}")


def test_an_inserted_entry_is_found() -> None:
    chain()
    columns = ", ".join(map(str, COLUMNS))
    values = {"id": f"'{new_uuid7().hex}'", "seal": f"'{'0' * 64}'"}
    made_up = ", ".join(values.get(str(column), str(column)) for column in COLUMNS)
    first = "SELECT id FROM provider_auditlink WHERE number = 1"
    with connection.cursor() as cursor:
        row = f"SELECT {made_up} FROM provider_auditentry WHERE id = ({first})"
        cursor.execute(f"INSERT INTO provider_auditentry ({columns}) {row}")
    commit_links()
    assert "entry 6 was changed" in said()


def test_an_entry_written_while_the_trigger_was_away_is_found() -> None:
    chain()
    drop_linking()
    log_command(AuditAction.CLOSED)
    assert "it was written while the database made none" in said()
    assert "the trigger provider_auditentry_link is missing" in str(verify_chain().findings)


def test_entries_that_changed_places_are_found() -> None:
    rows = chain()
    unguard()
    for number, row in ((99, rows[1]), (2, rows[2]), (3, rows[1])):
        AuditLink.objects.filter(id=row.id).update(number=number)
    assert "link 2 does not follow from the one before" in said()


def test_without_the_hash_before_a_changed_place_would_not_be_found(
    heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: a chain of links that do not know each other."""
    real = audit_chain._chain_hash
    monkeypatch.setattr(audit_chain, "_chain_hash", lambda _before, _number, entry, held: real("", 0, entry, held))
    rows = chain()
    unguard()
    for link in AuditLink.objects.all():
        AuditLink.objects.filter(id=link.id).update(chain_hash=real("", 0, link.id.hex, link.entry_hash))
    heads.unlink()
    for number, row in ((99, rows[1]), (2, rows[2]), (3, rows[1])):
        AuditLink.objects.filter(id=row.id).update(number=number)
    assert said() == ""


def test_a_tail_that_was_cut_off_shows_by_the_head_kept_outside(heads: Path) -> None:
    rows = chain()
    unguard()
    last = [rows[3].id, rows[4].id]
    AuditEntry.objects.filter(id__in=last).delete()
    AuditLink.objects.filter(id__in=last).delete()
    assert "the log reached number 5, and ends at 3" in said()
    heads.unlink()
    assert said() == ""  # nothing within the database can know


def cut_after_an_act() -> str:
    """An act is committed, and somebody with all rights on the database removes its entry and link at once, before any
    round of a worker; what is found.
    """
    unguard()
    with committed():
        log_command(AuditAction.CLOSED)
    newest = AuditLink.objects.latest("number")
    AuditEntry.objects.filter(id=newest.id).delete()
    newest.delete()
    return said()


def test_an_entry_that_is_removed_with_its_link_at_once_is_missed() -> None:
    chain(2)
    assert "the log reached number 3, and ends at 2" in cut_after_an_act()


def test_without_the_head_at_the_commit_nobody_would_miss_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the worker alone keeps heads, some seconds later."""
    chain(2)
    monkeypatch.setattr(audit_log, "keep_head_after_commit", lambda: None)
    assert cut_after_an_act() == ""


def test_many_entries_of_one_act_keep_one_head_and_none_where_it_was_undone() -> None:
    staff = clerk("one")
    with committed() as called:
        log_notice_actions(staff, AuditAction.SEEN, ["1", "2"])
        log_action(staff, AuditAction.LOGGED_IN)
    assert len(called) == 1
    assert [head.number for head in kept_heads()] == [3]
    with committed() as called, suppress(LookupError), transaction.atomic():
        log_action(staff, AuditAction.LOGGED_OUT)
        raise LookupError
    assert called == []


def test_a_head_is_written_into_the_file_that_another_process_has_just_cut(
    heads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain(1)
    opened = os.open

    def cut_meanwhile(path: Path, *options: int) -> int:
        descriptor = opened(path, *options)
        monkeypatch.setattr(os, "open", opened)
        replaced = heads.with_name("shorter")
        replaced.write_bytes(heads.read_bytes())
        replaced.replace(heads)
        return descriptor

    log_command(AuditAction.CLOSED)
    monkeypatch.setattr(os, "open", cut_meanwhile)
    commit_links()
    assert kept_heads()[-1] == chain_head()


def test_a_log_that_was_written_anew_with_the_key_shows_by_the_head_kept_outside() -> None:
    rows = chain()
    kept = chain_head()
    unguard()
    AuditLink.objects.all().delete()
    AuditEntry.objects.filter(id=rows[2].id).delete()
    drop_linking()
    log_command(AuditAction.CLOSED)
    link_older_entries()
    assert chain_head().number == kept.number
    assert "link 5 is not what was kept outside" in said()


def test_retention_leaves_number_and_hash_and_the_log_stays_whole() -> None:
    long_ago = timezone.now() - timedelta(days=400)
    staff = clerk("old")
    for _number in range(3):
        AuditEntry.objects.create(provider="here", staff=staff, deed=AuditAction.SEEN, done_at=long_ago)
    log_command(AuditAction.CLOSED)
    commit_links()
    assert retire_entries(timezone.now() - timedelta(days=365)) == 3
    commit_links()
    assert retire_entries(timezone.now() - timedelta(days=365)) == 0
    report = verify_chain()
    assert (report.findings, report.entries, report.retired, report.head.number) == ((), 2, 3, 5)


def test_retention_cannot_reach_what_is_younger_than_90_days() -> None:
    staff = clerk("old")
    for days in (89, 1):
        done_at = timezone.now() - timedelta(days=days)
        AuditEntry.objects.create(provider="here", staff=staff, deed=AuditAction.SEEN, done_at=done_at)
    commit_links()
    assert retire_entries(timezone.now()) == 0
    assert AuditEntry.objects.count() == 2


def test_a_forged_word_of_retention_excuses_nothing() -> None:
    rows = chain()
    unguard()
    log_command(AuditAction.RETIRED, about="5")
    AuditEntry.objects.filter(deed=AuditAction.RETIRED).update(seal="1" * 64)
    AuditEntry.objects.filter(id=rows[0].id).delete()
    assert "entry 1 was removed" in said()


def test_entries_from_before_there_were_seals_are_taken_into_the_chain() -> None:
    drop_linking()
    log_command(AuditAction.CLOSED)
    log_command(AuditAction.CLOSED)
    unguard("provider_auditentry")
    AuditEntry.objects.update(seal="")
    assert [link_older_entries(), link_older_entries()] == [2, 0]
    assert said() == ""


def test_the_command_says_what_it_found_and_ends_with_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    rows = chain()
    call_command("audit", "verify")
    assert f"head: 5:{chain_head().chain_hash}" in capsys.readouterr().out
    unguard("provider_auditentry")
    AuditEntry.objects.filter(id=rows[0].id).update(number="123")
    with pytest.raises(CommandError, match="places are wrong"):
        call_command("audit", "verify")
    out = capsys.readouterr().out
    assert "entry 1 was changed" in out
    assert "renrakucho django migrate" in out


def test_the_command_compares_with_a_head_that_is_given(capsys: pytest.CaptureFixture[str], heads: Path) -> None:
    chain()
    call_command("audit", "head")
    head = capsys.readouterr().out.strip()
    heads.unlink()
    call_command("audit", "verify", head=[head])
    with pytest.raises(CommandError):
        call_command("audit", "verify", head=[f"7:{'a' * 64}"])
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        call_command("audit", "verify", head=["seven"])


def test_an_act_on_the_command_line_bears_the_users_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "alice")
    log_operation(None, AuditAction.PAUSED, about="here/fax")
    assert AuditEntry.objects.get().os_user == "root (sudo: alice)"


@pytest.mark.parametrize(
    ("number", "caller", "name"),
    [(0, "alice", "bob (sudo: alice)"), (0, "bob", "bob"), (0, "", "bob"), (1000, "alice", "bob")],
)
def test_only_root_says_for_whom_it_acts(monkeypatch: pytest.MonkeyPatch, number: int, caller: str, name: str) -> None:
    """Anybody can set the variable that sudo sets."""
    monkeypatch.setattr("os.getuid", lambda: number)
    monkeypatch.setattr("pwd.getpwuid", lambda _number: SimpleNamespace(pw_name="bob"))
    monkeypatch.setenv("SUDO_USER", caller)
    assert command_line_user() == name


def test_texts_are_cut_to_what_their_columns_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pwd.getpwuid", lambda _number: SimpleNamespace(pw_name="u" * 90))
    log_operation(None, AuditAction.PAUSED, about="a" * 110, said="s" * 210)
    log_action(clerk("one"), AuditAction.CLOSED, about="a" * 110)
    log_command(AuditAction.CLOSED, about="a" * 110)
    entries = AuditEntry.objects.order_by("id")
    assert [len(entry.about) for entry in entries] == [100, 100, 100]
    assert [len(entry.said) for entry in entries] == [200, 0, 0]
    assert [len(entry.os_user) for entry in entries] == [80, 0, 80]
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "v" * 90)
    assert len(command_line_user()) == 80
