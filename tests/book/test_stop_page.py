"""The page that a postcard leads to: short, without a login, and what movers read of cards beforehand."""

from typing import Any

import pytest
from django.test import Client

from renrakucho.mover.models import Book
from renrakucho.notice.postcard import Postcard, read_postcard
from tests import cast
from tests.book_apply.flow import Applicant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]
SENDER = "〒100-0001 東京都千代田区千代田1-1 ひっこし事務局"


def test_the_code_of_a_card_stops_everything_by_a_press(settings: Any) -> None:
    settings.POSTCARD_SENDER = SENDER
    book = cast.book()
    code = read_postcard(Postcard.objects.select_related("book").get(book=book)).code
    browser = Client()
    page = browser.get("/stop").content.decode()
    assert "はがきに書いてある12文字" in page
    assert Book.objects.get(id=book.id).disavowed_at is None
    settings.POSTCARD_SENDER = ""  # a card that was sent works still
    done = browser.post("/stop", {"text": f"{code[:4]}-{code[4:8]}-{code[8:]}"}).content.decode()
    assert "すべて止めました" in done
    assert Book.objects.get(id=book.id).disavowed_at


def test_a_wrong_code_is_said_beside_the_field_and_nothing_typed_is_lost() -> None:
    answer = Client().post("/stop", {"text": "2222-2222-2222"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "この文字に当たるはがきはありません" in page
    assert "2222-2222-2222" in page


def check_page(*, confidential: bool = False) -> str:
    applicant = Applicant(Client())
    applicant.to_check()
    if confidential:
        applicant.client.post("/hidden-move/", {"confidential": "yes"})
    return applicant.client.get("/apply/check").content.decode()


def test_a_mover_reads_of_the_card_before_registering(settings: Any) -> None:
    assert "はがき" not in check_page()
    settings.POSTCARD_SENDER = SENDER
    page = check_page()
    assert "登録があったことを知らせるはがき" in page
    assert "すべてを止められます" in page


def test_a_mover_in_hiding_reads_that_there_is_none(settings: Any) -> None:
    settings.POSTCARD_SENDER = SENDER
    assert "はがきは送りません" in check_page(confidential=True)
    assert "元の住所へ送りません" in Client().get("/hidden-move/").content.decode()
