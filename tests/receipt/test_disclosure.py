"""Disclosure of a book: what was told, to whom, who opened it, in which role, and never a clerk's name."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from renrakucho.mover.disclosure_key import disclosure_public_keys, disclosure_signing_key, rotate_disclosure_key
from renrakucho.mover.master_key_rotation import SEALED_COLUMNS
from renrakucho.mover.models import DisclosureKey
from renrakucho.provider.audit_log import AuditAction, log_key_reads
from renrakucho.provider.system_key import create_key
from renrakucho.receipt import disclosure, disclosure_receipt
from renrakucho.receipt.disclosure import disclosure_of
from renrakucho.receipt.disclosure_receipt import published_keys, signed_disclosure
from renrakucho.receipt.evidence import StaffActor, SystemActor
from renrakucho.receipt.models import Receipt, ReceiptAuthor, ReceiptKind
from renrakucho.receipt.mover_actions import withdraw_notice
from renrakucho.receipt.provider_actions import mark_opened, open_at_desk
from renrakucho.standard.disclosure_check import check_disclosure
from renrakucho.standard.disclosure_signature import canonical_bytes
from tests import cast
from tests.receipt.cast import accept_notice, answered, export_notice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def test_each_item_and_each_opening_is_disclosed_in_order() -> None:
    notice, staff = sent()
    staff.name = "佐藤花子"
    staff.save()
    for _again in range(2):
        open_at_desk(notice, StaffActor(staff))
    mark_opened(notice, SystemActor("core-system"))
    export_notice(notice, staff, AuditAction.PRINTED)
    accept_notice(notice, staff, "A-1")
    (told,) = disclosure_of(notice.book).notices
    assert (told.name, told.told_at) == ("昭島市水道部", notice.written_at)
    assert "髙﨑" in "".join(line.shown for line in told.lines)
    happened = [(event.kind, event.entity, event.role, event.means) for event in told.events]
    assert happened == [
        ("entered", "mover", "", ""),
        ("sent", "portal", "", "inbox"),
        ("seen", "akishima-water", "clerk", ""),
        ("seen", "akishima-water", "clerk", ""),
        ("opened", "akishima-water", "system", "core-system"),
        ("printed", "akishima-water", "clerk", ""),
        ("accepted", "akishima-water", "clerk", ""),
    ]
    text = canonical_bytes(signed_disclosure(disclosure_of(notice.book))).decode()
    assert "佐藤花子" not in text
    assert staff.login_id not in text


def test_the_first_read_by_each_key_is_disclosed_with_its_name() -> None:
    notice, _staff = sent()
    key, _text = create_key(notice.provider, "core-system", may_read=True, may_answer=False)
    for action in (AuditAction.LISTED_TO_KEY, AuditAction.READ_BY_KEY, AuditAction.READ_BY_KEY):
        log_key_reads(key.provider, key.id, action, [notice.number])
    (told,) = disclosure_of(notice.book).notices
    read = [(event.kind, event.role, event.means) for event in told.events if event.kind.endswith("key")]
    assert read == [("listed_to_key", "system", "core-system"), ("read_by_key", "system", "core-system")]


def test_an_opening_that_the_audit_log_does_not_have_is_disclosed_from_its_receipt() -> None:
    notice, staff = sent()
    Receipt.objects.create(
        notice=notice, kind=ReceiptKind.OPENED, by=ReceiptAuthor.PROVIDER, staff=staff, recorded_at=timezone.now()
    )
    export_notice(notice, staff, AuditAction.PRINTED)
    (told,) = disclosure_of(notice.book).notices
    assert [event.kind for event in told.events][-2:] == ["opened", "printed"]


def test_who_did_it_is_named_by_their_part() -> None:
    named = [disclosure_receipt._entity(entity) for entity in ("", "mover", "portal", "akishima-water")]
    assert named == ["bureau", "mover", "portal", "provider:akishima-water"]


def test_a_company_has_the_name_that_it_was_told_under(monkeypatch: pytest.MonkeyPatch) -> None:
    notice, _staff = sent()
    monkeypatch.setattr(disclosure, "provider_name", lambda _slug: "あとで変わった名前")
    (told,) = disclosure_of(notice.book).notices
    assert (told.name, told.is_withdrawn) == ("昭島市水道部", False)
    withdraw_notice(notice)
    assert disclosure_of(notice.book).notices[0].is_withdrawn


def test_a_book_that_told_nothing_discloses_nothing() -> None:
    assert disclosure_of(cast.book()).notices == ()
    assert disclosure_of(answered().book).notices == ()


def test_another_books_notices_are_not_in_it() -> None:
    mine, _staff = sent()
    (told,) = disclosure_of(mine.book).notices
    assert told.notice == mine
    assert disclosure_of(cast.book()).notices == ()


def test_a_receipt_is_checked_with_the_published_keys_and_grows_from_an_earlier_one() -> None:
    notice, staff = sent()
    earlier = canonical_bytes(signed_disclosure(disclosure_of(notice.book)))
    open_at_desk(notice, StaffActor(staff))
    later = canonical_bytes(signed_disclosure(disclosure_of(notice.book)))
    check = check_disclosure(later, published_keys(), earlier)
    assert (check.mistakes, check.trusted) == ([], True)


def test_a_key_that_was_replaced_stays_published_and_signs_no_more() -> None:
    first = disclosure_signing_key()
    assert disclosure_signing_key() == first
    old = disclosure_public_keys()
    rotate_disclosure_key()
    assert disclosure_signing_key() != first
    assert disclosure_public_keys()[1:] == old
    assert DisclosureKey.objects.filter(signs=True).count() == 1
    assert any(column.model is DisclosureKey for column in SEALED_COLUMNS)


def test_the_command_says_in_words_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notice, _staff = sent()
    file, key = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_bytes(canonical_bytes(signed_disclosure(disclosure_of(notice.book))))
    key.write_text(json.dumps(published_keys()))
    call_command("disclosure", "verify", str(file), "--key", str(key))
    assert "as they were signed" in capsys.readouterr().out
    with pytest.raises(CommandError) as unknown:
        call_command("disclosure", "verify", str(file))
    assert unknown.value.returncode == 2
    file.write_bytes(file.read_bytes().replace("髙".encode(), "高".encode()))
    with pytest.raises(CommandError) as changed:
        call_command("disclosure", "verify", str(file), "--key", str(key))
    assert changed.value.returncode == 1
    assert "The content is not what was signed." in capsys.readouterr().out
