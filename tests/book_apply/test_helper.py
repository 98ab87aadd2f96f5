"""Who enters the move: the mover by default, or a helper who is named to providers as such."""

from dataclasses import replace

import pytest

from renrakucho.channel.files.files_channel import batch_rows
from renrakucho.channel.message import message_document
from renrakucho.delivery.delivery_task import FIRST_DELIVERY, DeliveryTask
from renrakucho.fact.helper import Helper
from renrakucho.mail.models import Mail
from renrakucho.mail.mover_mail import read_mail
from renrakucho.mover.book import draft_by_id, entries_of
from renrakucho.mover.entries import MoveEntries
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice
from renrakucho.sheet.assurance import Assurance, assurance_text
from renrakucho.standard.schemas import wrong_places
from tests import cast
from tests.book_apply.flow import Applicant, read

pytestmark = pytest.mark.django_db

WATER = "water:stop:akishima-water"
TYPED = {"role": "landlord", "name": "昭和管理株式会社", "phone": "0425441111", "relation": "管理会社"}
HELPER = Helper("landlord", "昭和管理株式会社", "042-544-1111", "管理会社")
SAID = "ご本人ではありません: 大家・管理会社の方　昭和管理株式会社　関係: 管理会社　042-544-1111"


def test_the_mover_is_the_default_and_is_asked_nothing(applicant: Applicant) -> None:
    applicant.to_check()
    assert "入力している方 引っ越す本人" in read(applicant.get("check"))
    assert 'name="role"' not in applicant.get("items").content.decode()


def test_a_helper_says_who_they_are(applicant: Applicant) -> None:
    applicant.to_check()
    assert applicant.post("helper", TYPED).headers["Location"] == "/apply/check"
    draft = draft_by_id(applicant.client.session["draft"])
    assert entries_of(draft).helper == HELPER
    assert "大家・管理会社の方 昭和管理株式会社" in read(applicant.get("check"))
    applicant.post("check")
    draft.refresh_from_db()
    assert entries_of(draft).helper == HELPER  # registered with the book
    assert "大家・管理会社の方が入力しています" in read_mail(Mail.objects.get())["text"]
    assert "昭和管理" not in read_mail(Mail.objects.get())["text"]  # no words of whoever entered it go to a mailbox


@pytest.mark.parametrize(
    ("missing", "said"), [("name", "お名前を入れてください"), ("phone", "電話番号を入れてください")]
)
def test_a_helper_has_a_name_and_a_telephone(applicant: Applicant, missing: str, said: str) -> None:
    applicant.to_check()
    assert said in read(applicant.post("helper", {**TYPED, missing: ""}))


def test_whoever_is_the_mover_after_all_leaves_no_name(applicant: Applicant) -> None:
    applicant.to_check()
    applicant.post("helper", TYPED)
    applicant.post("helper", {**TYPED, "role": "self", "phone": "x"})
    assert entries_of(draft_by_id(applicant.client.session["draft"])).helper is None


@pytest.mark.usefixtures("directory")
def test_the_provider_reads_it_on_every_way() -> None:
    """Mutant: without `helper` in assurance_of no channel names anybody."""
    book = cast.registered(replace(cast.leaving_akishima([WATER]), helper=HELPER))
    notice: Notice = book.notices.get()
    keep_draft(notice, answers={"visit": "希望しない"})
    message = DeliveryTask(enter_notice(notice), FIRST_DELIVERY).message()
    assert message.filled.assurance
    assert SAID in assurance_text(message.filled.assurance)  # desk, paper, fax and CSV show these lines
    assert SAID in batch_rows([message], "UTF-8").decode("utf-8-sig")
    document = message_document(message)
    assert document["assurance"]["entered_by"] == HELPER.as_json()
    assert wrong_places("notice", document) == []
    peers = Assurance.from_json(document["assurance"], "関東れんらく帳")
    assert peers.helper == HELPER


def test_a_role_of_a_later_version_is_read_as_somebody_else() -> None:
    told = Assurance.from_json({"entered_by": {"role": "robot", "name": "R2"}})
    assert "ご本人でない方　R2" in assurance_text(told)


def test_entries_of_before_have_no_helper() -> None:
    old = MoveEntries().as_json()
    del old["helper"]
    assert MoveEntries.from_json(old).helper is None
    assert MoveEntries.from_json(MoveEntries(helper=HELPER).as_json()).helper == HELPER
