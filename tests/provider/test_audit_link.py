"""The head of the audit log in its file outside the database."""

from pathlib import Path
from typing import Any

import pytest

from renrakucho.provider import audit_link
from renrakucho.provider.audit_link import chain_head, kept_heads, read_head
from renrakucho.provider.audit_log import AuditAction, AuditEntry, log_command
from tests.provider.cast import commit_links, committed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heads(settings: Any, tmp_path: Path) -> Path:
    settings.AUDIT_HEAD_FILE = str(tmp_path / "audit_head")
    return tmp_path / "audit_head"


def test_the_file_of_heads_is_its_owners_alone_and_stays_short(heads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_link, "_HEADS_KEPT", 3)
    for _times in range(7):
        log_command(AuditAction.CLOSED)
        commit_links()
    assert heads.stat().st_mode & 0o777 == 0o600
    assert [head.number for head in kept_heads()] == [5, 6, 7]
    assert kept_heads()[-1] == chain_head()


def test_a_head_that_cannot_be_written_stops_no_act(settings: Any, tmp_path: Path) -> None:
    settings.AUDIT_HEAD_FILE = str(tmp_path / "no folder" / "audit_head")
    with committed():
        log_command(AuditAction.CLOSED)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(("before", "kept"), [(1_999, 2_000), (2_100, 1_000)])
def test_a_thousand_heads_are_kept_outside_at_least(heads: Path, before: int, kept: int) -> None:
    """The file is cut when it has twice as many lines, of the length of the newest one."""
    heads.write_text("".join(f"1:{'a' * 64}\n" for _number in range(before)))
    log_command(AuditAction.CLOSED)
    commit_links()
    assert (len(kept_heads()), kept_heads()[-1]) == (kept, chain_head())


@pytest.mark.parametrize("text", ["", "1", f"1:{'a' * 63}", f"1:{'a' * 65}", f"x:{'a' * 64}", f":{'a' * 64}"])
def test_what_is_no_head_is_none(text: str) -> None:
    assert read_head(text) is None
