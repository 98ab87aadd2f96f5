"""Rule cases: rules that differ by area are shown and enforced as they are at the mover's address."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from renrakucho.notice.models import Status
from renrakucho.receipt.notice_view import notice_view
from tests.book.opened import latest_notice, open_book_of, own_items, page_text
from tests.book_apply.flow import USUAL, Applicant

ROOT = Path(__file__).resolve().parents[2]
AKISHIMA = "water:start:akishima-water"
SOURCE = 'source = "https://water.example/"\nchecked_on = 2026-11-22\n'
HERE = '\n[[case]]\nmunicipalities = ["東京都昭島市"]\n'
ELSEWHERE = HERE.replace("昭島市", "八王子市")
PHONE = 'by_phone = "水道部の窓口へ、お名前とお引越しの日をお伝えください。"\n'
LONG_AHEAD = f'[case.window]\nfact = "move.arrive_on"\nearliest_days = 60\n{SOURCE}'
FEE = f"[case.rules]\n{SOURCE}fee = {{ yen = 4400 }}\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(directory: str, tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """Copy Akishima's form for a start into a folder of its own."""
    shutil.copytree(ROOT / "providers", tmp_path / "providers")
    settings.PROVIDERS = str(tmp_path / "providers")  # type: ignore[attr-defined]
    return tmp_path / "providers/akishima-water/start.toml"


def set_case(start: Path, *cases: str) -> None:
    with start.open("a", encoding="utf-8") as file:
        file.writelines(cases)


def test_a_procedure_by_phone_only_is_marked_before_it_is_chosen(start: Path, client: Client) -> None:
    set_case(start, HERE, PHONE, FEE)
    applicant = Applicant(client)
    applicant.to_providers(USUAL)
    page = page_text(applicant.get("providers"))
    assert "この手続は、お電話だけで受け付けています。" in page
    assert "水道部の窓口へ、お名前とお引越しの日をお伝えください。" in page
    assert "お電話で聞かれること: 使用される方のお名前" in page
    assert "手数料: 4,400円" in page


def test_the_notice_page_says_what_to_tell_by_phone_with_the_entered_items(start: Path, client: Client) -> None:
    set_case(start, HERE, PHONE, FEE)
    book = open_book_of(client, [AKISHIMA, "water:stop:tokyo-waterworks"])
    notice = latest_notice(book, AKISHIMA)
    leaf = notice_view(notice)
    assert (leaf.listed, leaf.may_begin, notice.channel) == (True, False, "")
    page = page_text(client.get(reverse("book:leaf", args=[notice.id])))
    assert "水道部の窓口へ、お名前とお引越しの日をお伝えください。" in page
    assert "お電話で聞かれること" in page
    assert "昭和町" in page
    assert "手数料: 4,400円" in page
    assert "自分で手続した" in page
    assert "042-543-6111" in page
    assert "ご連絡事項" in page  # asked by the provider alone
    assert "使用場所の建物名" not in page  # there is none, and none is needed
    assert client.get(f"/book/notices/{notice.id}/answers").status_code == 302
    assert client.post(f"/book/notices/{notice.id}/own-word").status_code == 302
    assert notice_view(notice).own_word_at
    notice.refresh_from_db()
    assert notice.status == Status.NOT_ENTERED


def test_the_book_says_that_a_call_comes_next(start: Path, client: Client) -> None:
    set_case(start, HERE, PHONE)
    open_book_of(client, [AKISHIMA])
    assert "昭島市水道部（開始）は、お電話だけの手続です。お電話でご連絡ください。" in page_text(client.get("/book/"))


def test_a_case_of_another_area_does_not_apply(start: Path, client: Client) -> None:
    set_case(start, ELSEWHERE, PHONE, LONG_AHEAD)
    leaf = notice_view(latest_notice(open_book_of(client, [AKISHIMA]), AKISHIMA))
    assert (leaf.listed, leaf.may_begin, leaf.by_phone) == (False, True, None)


def test_days_outside_the_areas_window_are_refused(start: Path, client: Client) -> None:
    set_case(start, HERE, LONG_AHEAD)
    book = open_book_of(client, [AKISHIMA])
    notice = latest_notice(book, AKISHIMA)
    leaf = notice_view(notice)
    assert leaf.apply_by.last_on == timezone.localdate() + timedelta(days=9 - 60)
    assert not leaf.may_begin
    assert leaf.sheet
    client.post(f"/book/notices/{notice.id}/answers", own_items(notice))
    assert client.get(f"/book/notices/{notice.id}/check").status_code == 302
    notice.refresh_from_db()
    assert notice.status == Status.NOT_ENTERED


def test_a_case_of_the_channel_has_its_own_window(start: Path, client: Client) -> None:
    by_desk = '\n[[case]]\nchannel = "inbox"\n'
    set_case(start, by_desk, LONG_AHEAD)
    assert not notice_view(latest_notice(open_book_of(client, [AKISHIMA]), AKISHIMA)).may_begin


def test_a_repeated_time_slot_is_an_error_at_its_field(start: Path, client: Client) -> None:
    text = start.read_text("utf-8")
    asked = 'ask = "choice"\nchoices = "slots"\n'
    wishes = "".join(f'\n[[blank]]\nname = "w{n}"\nlabel = "立会いの第{n}希望"\n{asked}' for n in (1, 2))
    rules = f'\n[rules]\n{SOURCE}slots = {{ choices = ["午前", "午後"], wishes = 2 }}\n'
    start.write_text(text + wishes + rules, "utf-8")
    notice = latest_notice(open_book_of(client, [AKISHIMA]), AKISHIMA)
    typed = {**own_items(notice), "w1": "午前", "w2": "午前"}
    response = client.post(f"/book/notices/{notice.id}/answers", typed, follow=True)
    assert "ほかの希望とちがう時間帯を、お選びください。" in page_text(response)
    typed["w2"] = "午後"
    assert client.post(f"/book/notices/{notice.id}/answers", typed).headers["Location"].endswith("/check")
