"""A mover who reads no Japanese gets through in each language: what is not marked as Japanese has no kana."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from renrakucho.mail.models import Mail, MailKind
from renrakucho.mail.mover_mail import read_mail
from renrakucho.provider.folder import provider_folders
from tests import cast
from tests.book.opened import latest_notice, open_book_of
from tests.book_apply.flow import Applicant, typed

OTHERS = [code for code, _name in settings.LANGUAGES if code != "ja"]
KANA = re.compile(r"[ぁ-んァ-ヺ]")
# The service, companies of the directory, examples, and what is quoted or bracketed as it stands on a form or button.
NAMED = re.compile(
    r"引越れんらく帳|[一-龠]+ガス|ヒッコシ|タロウ|あいおい二番町ビル|[（(「『“\"][^（()）「」『』“”\"]*[）)」』”\"]"
)
VOID = {"br", "input", "img", "meta", "link", "hr", "path", "circle", "rect"}


class UnmarkedText(HTMLParser):
    """The texts that no element around them marks as Japanese, and the labels that only assistive technology reads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._languages: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        language = said.get("lang") or (self._languages[-1] if self._languages else "")
        if tag not in VOID:
            self._languages.append("ja" if tag in ("script", "style", "textarea") else language)
        if language != "ja":
            self.texts += [said.get(name) or "" for name in ("aria-label", "title", "alt")]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        if self._languages and self._languages[-1] != "ja":
            self.texts.append(data.strip())


def left_in_japanese(html: str) -> list[str]:
    names = [folder.name for folder in provider_folders(settings.PROVIDERS).values()]
    left = []
    for text in UnmarkedText(html).texts:
        shown = text
        for name in names:
            shown = shown.replace(name, "")
        if KANA.search(NAMED.sub("", shown)):
            left.append(text)
    return list(dict.fromkeys(left))


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_of_the_application_is_left_in_japanese(applicant: Applicant, language: str) -> None:
    applicant.to_check()
    for page in ("", "addresses", "providers", "items", "check"):
        html = applicant.client.get(f"/apply/{page}", {"language": language}).content.decode()
        assert f'<html lang="{language}">' in html
        assert left_in_japanese(html) == []
        assert 'class="foot-translation"' in html


@pytest.mark.django_db
@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("language", OTHERS)
def test_no_page_of_the_book_is_left_in_japanese(client: Client, language: str) -> None:
    start = "water:start:akishima-water"
    notice = latest_notice(open_book_of(client, cast.ALL), start)
    for page in (
        "/book/",
        f"/book/notices/{notice.id}/",
        f"/book/notices/{notice.id}/answers",
        "/todo/ready",
        "/todo/",
    ):
        html = client.get(page, {"language": language}, follow=True).content.decode()
        assert f'<html lang="{language}">' in html
        assert left_in_japanese(html) == []


def test_a_text_that_is_left_in_japanese_is_found() -> None:
    html = '<p>Move <b lang="ja">ひっこし</b> (おところ) <i title="ところ">と<br>place</i></p>'
    assert left_in_japanese(html) == ["ところ", "と"]


def test_a_registration_keeps_the_language_for_its_mails(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.client.get("/apply/check", {"language": "vi"})
    applicant.post("check")
    assert applicant.entries.language == "vi"
    mail = read_mail(Mail.objects.get(kind=MailKind.REGISTRATION))
    assert "お引越しの内容が登録されました" in mail["text"].partition("-" * 40)[2]


def test_a_correction_keeps_the_language_of_the_mails(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.client.get("/apply/check", {"language": "ko"})
    applicant.post("check")
    applicant.client.get("/apply/items", {"language": "ja"})
    applicant.post("items", typed(contact__phone="03-3515-6990", in_book="1"))
    assert applicant.entries.language == "ko"
