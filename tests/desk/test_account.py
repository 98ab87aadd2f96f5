"""One's own password, mail and sessions."""

import pytest
from django.test import Client

from renrakucho.provider.audit_log import AuditEntry
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_invitation import Invitation
from renrakucho.provider.staff_mail import StaffMail
from tests.desk.cast import PASSWORD, administrator, clerk, seated

pytestmark = pytest.mark.django_db
GOOD = "長い合言葉-correct-horse"


def change(browser: Client, old: str = PASSWORD, new: str = GOOD, again: str = GOOD) -> tuple[int, str]:
    answer = browser.post("/desk/me/password", {"old_password": old, "password": new, "again": again})
    return answer.status_code, answer.content.decode()


def test_a_new_password_keeps_this_session_and_ends_the_others() -> None:
    staff = clerk()
    here, elsewhere = seated(staff), seated(staff)
    assert change(here)[0] == 302
    assert "パスワードを変えました" in here.get("/desk/me").content.decode()
    assert elsewhere.get("/desk/").status_code == 302
    assert Staff.objects.get(id=staff.id).check_password(GOOD)


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", GOOD, GOOD, "いまのパスワードとちがいます"),
        (PASSWORD, "short", "short", "短すぎます"),
        (PASSWORD, GOOD, GOOD + "!", "2回のパスワードがちがいます"),
        (PASSWORD, "x" * 129, "x" * 129, "128文字まで"),
        ("", "", "", "いまのパスワードをご入力ください"),
    ],
)
def test_an_invalid_password_change_is_explained(old: str, new: str, again: str, says: str) -> None:
    staff = clerk()
    status, page = change(seated(staff), old, new, again)
    assert (status, says in page) == (422, True)
    assert GOOD not in page
    assert Staff.objects.get(id=staff.id).check_password(PASSWORD)


def test_after_five_wrong_passwords_the_right_one_is_refused() -> None:
    staff = clerk()
    browser = seated(staff)
    assert [change(browser, "wrong")[0] for _try in range(5)] == [422] * 5
    status, page = change(browser)
    assert (status, "短い間に何度も試された" in page) == (429, True)
    assert Staff.objects.get(id=staff.id).check_password(PASSWORD)


def test_the_right_password_does_not_count_whatever_is_wrong_with_the_new_one() -> None:
    staff = clerk()
    browser = seated(staff)
    assert [change(browser, PASSWORD, "short", "short")[0] for _try in range(7)] == [422] * 7
    assert change(browser)[0] == 302


def test_logging_out_everywhere_ends_every_session() -> None:
    staff = clerk()
    here, elsewhere = seated(staff), seated(staff)
    answer = here.post("/desk/logout-everywhere")
    assert (answer["Location"], answer["Clear-Site-Data"]) == ("/desk/login", '"cache"')
    assert [browser.get("/desk/").status_code for browser in (here, elsewhere)] == [302, 302]
    assert seated(Staff.objects.get(id=staff.id)).get("/desk/").status_code == 200


def test_mail_is_turned_on_and_off_and_its_address_is_sealed() -> None:
    staff = clerk()
    browser = seated(staff)
    browser.post("/desk/me/mail", {"address": "sato@example.jp", "mail_password": PASSWORD})
    assert 'value="sato@example.jp"' in browser.get("/desk/me").content.decode()
    assert "sato@example.jp" not in str(Staff.objects.values().get())
    browser.post("/desk/me/mail", {"address": "", "mail_password": PASSWORD})
    assert Staff.objects.get(id=staff.id).address is None
    assert list(AuditEntry.objects.order_by("id").values_list("deed", flat=True)) == ["mail_set", "mail_ended"]


def test_a_bad_address_stays_in_its_field() -> None:
    browser = seated(clerk())
    page = browser.post("/desk/me/mail", {"address": "佐藤", "mail_password": PASSWORD}).content.decode()
    assert 'value="佐藤"' in page
    assert "メールアドレスの形がちがいます" in page


@pytest.mark.parametrize("page", ["/desk/me/mail", "/desk/staff/invite"])
def test_a_mistyped_address_is_asked_about_as_a_movers_is(page: str) -> None:
    staff = administrator()
    browser = seated(staff)
    for typed, meant in (
        ("a@gmial.com", "a@gmail.com"),
        ("a@docomo.ne.jo", "a@docomo.ne.jp"),
        ("a@nifty.con", "a@nifty.com"),
    ):
        form = {"address": typed, "role": "clerk", "mail_password": PASSWORD}
        shown = browser.post(page, form, follow=True).content.decode()
        assert f'name="take.address" value="{meant}"' in shown
        assert f'name="sure.address" id="id_sure.address" value="{typed}"' in shown
        assert (
            Staff.objects.get(id=staff.id).mail_address(),
            Invitation.objects.count(),
            StaffMail.objects.count(),
        ) == ("", 0, 0)
    taken = browser.post(page, form | {"take.address": meant}, follow=True)
    assert "打ちまちがい" not in taken.content.decode()
    insisted = browser.post(page, form | {"sure.address": typed}, follow=True)
    assert "打ちまちがい" not in insisted.content.decode()
    if page == "/desk/me/mail":
        assert Staff.objects.get(id=staff.id).mail_address() == typed
    else:
        assert Invitation.objects.count() == StaffMail.objects.count() == 2
