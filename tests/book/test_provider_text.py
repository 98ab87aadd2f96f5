"""Providers' own items in the reader's language, with the Japanese beside them; what is told stays Japanese."""

import pytest
from django.test import Client
from django.utils.translation import override

from renrakucho.notice.notice_form import frozen_form
from renrakucho.page.formatting import spoken_sentence, text_in_both, translated_text
from renrakucho.provider.models import Industry
from tests import cast
from tests.book.opened import confirm, latest_notice, open_book_of, own_items, page_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

START = "water:start:akishima-water"
BOTH = 'Customer number <span class="in-japanese" lang="ja">お客さま番号</span>'


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("ja", "お客さま番号", "お客さま番号"),
        ("en", "お客さま番号", BOTH),
        ("en", "ある会社だけの<欄>", '<span lang="ja">ある会社だけの&lt;欄&gt;</span>'),
    ],
)
def test_a_text_is_shown_translated_with_its_japanese(language: str, text: str, shown: str) -> None:
    with override(language):
        assert text_in_both(text) == shown


def test_no_text_is_no_text_in_any_language() -> None:
    with override("en"):
        assert translated_text("") == ""


@pytest.mark.parametrize(("language", "meaning"), [("ja", ""), ("en", "Water")])
def test_what_is_said_on_the_telephone_is_japanese_and_explained(language: str, meaning: str) -> None:
    with override(language):
        spoken = spoken_sentence("%(industry)s", industry=Industry("water").label)
    assert (spoken.japanese, spoken.translated) == ("水道", meaning)


def test_own_items_are_asked_in_the_readers_language_and_told_in_japanese(client: Client) -> None:
    notice = latest_notice(open_book_of(client, cast.ALL), START)
    address = f"/book/notices/{notice.id}/answers"
    page = client.get(f"{address}?language=en").content.decode()
    assert 'How to pay from now on <span class="in-japanese" lang="ja">今後のお支払方法</span>' in page
    client.post(address, own_items(notice))
    confirm(client, f"/book/notices/{notice.id}/check")
    notice.refresh_from_db()
    page = page_text(client.get(f"/book/notices/{notice.id}/"))
    assert "How to pay from now on 今後のお支払方法" in " ".join(page.split())
    told = {line.label: line.shown for line in frozen_form(notice).lines}
    assert told["今後のお支払方法"] in ("口座振替", "納入通知書")
