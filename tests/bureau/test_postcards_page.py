"""Postcards at the bureau: an operator makes and takes a batch, an auditor sees it, each once and audited."""

from typing import Any

import pytest

from renrakucho.notice.postcard import PostcardBatch
from renrakucho.provider.audit_log import AuditEntry
from tests import cast
from tests.bureau.cast import auditor, operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


@pytest.fixture
def _switched_on(settings: Any) -> None:
    settings.POSTCARD_SENDER = "〒100-0001 東京都千代田区千代田1-1 ひっこし事務局"


@pytest.mark.usefixtures("_switched_on")
def test_an_operator_makes_a_batch_and_takes_its_pdf() -> None:
    cast.book()
    browser = operator()
    assert "待っているはがき: 1枚" in browser.get("/bureau/postcards").content.decode()
    asked = browser.post("/bureau/acts/postcards").content.decode()
    assert "待っているはがきは1枚です" in asked
    assert not PostcardBatch.objects.exists()
    done = browser.post("/bureau/acts/postcards", {"confirmed": "yes"}, follow=True).content.decode()
    assert "1枚の束を作りました" in done
    again = browser.post("/bureau/acts/postcards", {"confirmed": "yes"}, follow=True).content.decode()
    assert "待っているはがきはありません" in again
    batch = PostcardBatch.objects.get()
    answer = browser.post(f"/bureau/postcards/{batch.id}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert browser.get(f"/bureau/postcards/{batch.id}").status_code == 405


@pytest.mark.usefixtures("_switched_on")
def test_an_auditor_sees_batches_and_takes_none() -> None:
    cast.book()
    operator().post("/bureau/acts/postcards", {"confirmed": "yes"})
    batch = PostcardBatch.objects.get()
    browser = auditor()
    page = browser.get("/bureau/postcards").content.decode()
    assert "山本" in page
    assert "PDFを取り出す" not in page
    assert "髙﨑" not in page
    assert browser.post(f"/bureau/postcards/{batch.id}").status_code == 403
    assert browser.post("/bureau/acts/postcards", {"confirmed": "yes"}).status_code == 403
    assert not AuditEntry.objects.filter(deed="postcard_taken").exists()
    assert "元の住所へのはがきを作った" in browser.get("/bureau/record").content.decode()


@pytest.mark.usefixtures("_switched_on")
def test_an_empty_batch_says_so() -> None:
    book = cast.book()
    browser = operator()
    browser.post("/bureau/acts/postcards", {"confirmed": "yes"})
    batch = PostcardBatch.objects.get()
    book.delete()
    page = browser.post(f"/bureau/postcards/{batch.id}", follow=True).content.decode()
    assert "出すはがきは残っていません" in page


def test_switched_off_it_says_how_to_switch_it_on_and_makes_nothing() -> None:
    browser = operator()
    page = browser.get("/bureau/postcards").content.decode()
    assert "RENRAKUCHO_POSTCARD_SENDER" in page
    assert "はがき</a>" not in browser.get("/bureau/").content.decode()
    refused = browser.post("/bureau/acts/postcards", {"confirmed": "yes"})
    assert (refused.status_code, PostcardBatch.objects.count()) == (422, 0)
