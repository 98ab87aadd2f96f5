"""A number is verified by the code that its office reads back, and by nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from renrakucho.channel.outcome import OutcomeKind
from renrakucho.delivery import address_verification
from renrakucho.delivery.address_verification import (
    NoAddress,
    WrongCode,
    addresses_of_channel,
    awaits_verification,
    confirm_address,
    is_address_verified,
    send_test_page,
)
from renrakucho.delivery.models import VerifiedAddress
from renrakucho.notice.connected_providers import local_connections
from tests.channel.hfaxd_in_play import Exchange
from tests.delivery.cast import CHANNEL, PROVIDER, connect, entered, office

pytestmark = pytest.mark.django_db

CODE = "48291370"


@pytest.fixture
def exchange(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    monkeypatch.setattr(address_verification, "_new_code", lambda: CODE)
    with office(settings, tmp_path, *[("DONE", "")] * 9, proved=False) as made:
        yield made


def proved() -> bool:
    return is_address_verified(PROVIDER, CHANNEL, local_connections()[PROVIDER].tables[CHANNEL])


def test_the_code_that_is_read_back_verifies_the_number(exchange: Exchange) -> None:
    assert send_test_page(PROVIDER, CHANNEL).kind == OutcomeKind.UNDER_WAY
    assert len(exchange.documents) == 1
    assert not proved()
    confirm_address(PROVIDER, CHANNEL, CODE)
    assert proved()


def test_a_changed_number_has_to_be_verified_again(exchange: Exchange, settings: Any, tmp_path: Path) -> None:
    send_test_page(PROVIDER, CHANNEL)
    confirm_address(PROVIDER, CHANNEL, CODE)
    connect(settings, tmp_path, exchange.server, "+81425000001")
    assert not proved()
    with pytest.raises(NoAddress):
        confirm_address(PROVIDER, CHANNEL, CODE)


def test_five_wrong_codes_end_a_test_page(exchange: Exchange) -> None:
    send_test_page(PROVIDER, CHANNEL)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as raised:
            confirm_address(PROVIDER, CHANNEL, "00000000")
        assert raised.value.left == left
    with pytest.raises(WrongCode) as raised:
        confirm_address(PROVIDER, CHANNEL, CODE)
    assert raised.value.left == 0
    assert not proved()
    send_test_page(PROVIDER, CHANNEL)
    confirm_address(PROVIDER, CHANNEL, CODE)
    assert proved()


def test_only_the_latest_page_verifies(exchange: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    send_test_page(PROVIDER, CHANNEL)
    monkeypatch.setattr(address_verification, "_new_code", lambda: "11111111")
    send_test_page(PROVIDER, CHANNEL)
    with pytest.raises(WrongCode):
        confirm_address(PROVIDER, CHANNEL, CODE)
    assert len(exchange.jobs) == 2


def test_a_code_works_once_and_is_not_stored(exchange: Exchange) -> None:
    send_test_page(PROVIDER, CHANNEL)
    assert CODE not in str(VerifiedAddress.objects.values())
    confirm_address(PROVIDER, CHANNEL, CODE)
    with pytest.raises(NoAddress):
        confirm_address(PROVIDER, CHANNEL, CODE)


def test_a_test_page_expires_after_thirty_days(exchange: Exchange) -> None:
    send_test_page(PROVIDER, CHANNEL)
    VerifiedAddress.objects.update(tried_at=timezone.now() - timedelta(days=30))
    with pytest.raises(NoAddress):
        confirm_address(PROVIDER, CHANNEL, CODE)
    VerifiedAddress.objects.update(tried_at=timezone.now() - timedelta(days=29, hours=23))
    confirm_address(PROVIDER, CHANNEL, CODE)
    assert proved()


def test_a_code_has_eight_digits(settings: Any, tmp_path: Path) -> None:
    codes = {address_verification._new_code() for _each in range(20)}
    assert len(codes) > 1
    assert all(re.fullmatch("[0-9]{8}", code) for code in codes)


@pytest.mark.usefixtures("directory")
def test_waiting_notices_are_due_after_verification(exchange: Exchange) -> None:
    notice = entered()
    assert awaits_verification(notice)
    assert [each.waiting for each in addresses_of_channel(CHANNEL)] == [1]
    send_test_page(PROVIDER, CHANNEL)
    assert confirm_address(PROVIDER, CHANNEL, CODE) == 1
    assert not awaits_verification(notice)
    assert [each.waiting for each in addresses_of_channel(CHANNEL)] == [0]


def test_a_desk_needs_no_verification(settings: Any) -> None:
    assert is_address_verified("yokosuka-water", "inbox", {})


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("fax", *words)
    return capsys.readouterr().out


def test_no_test_page_goes_out_without_a_phone_number_to_call(exchange: Exchange, settings: Any) -> None:
    settings.CONTACT = ""
    with pytest.raises(CommandError, match="RENRAKUCHO_CONTACT"):
        call_command("fax", "try", PROVIDER)
    assert exchange.heard == []


def test_the_command_verifies_a_number(exchange: Exchange, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.CONTACT = "事務局 03-0000-0000"
    assert "未確認" in said(capsys, "numbers")
    assert "+81425000000" in said(capsys, "try", PROVIDER)
    assert "届きました" in said(capsys, "numbers")
    with pytest.raises(CommandError, match="あと4回"):
        call_command("fax", "confirm", PROVIDER, "11111111")
    assert "確認しました" in said(capsys, "confirm", PROVIDER, "４８２９-1370")
    assert re.search("確認済", said(capsys, "numbers"))


def test_the_command_names_missing_settings(exchange: Exchange, settings: Any) -> None:
    settings.CONTACT = "事務局 03-0000-0000"
    with pytest.raises(CommandError, match="connections"):
        call_command("fax", "try", "yokosuka-water")
    with pytest.raises(CommandError, match="try"):
        call_command("fax", "confirm", PROVIDER, CODE)


def test_numbers_are_verified_without_a_code_only_in_a_demo(exchange: Exchange, settings: Any) -> None:
    with pytest.raises(CommandError):
        call_command("sandbox", "numbers")
    assert not proved()
    settings.SANDBOX = True
    call_command("sandbox", "numbers")
    assert proved()
