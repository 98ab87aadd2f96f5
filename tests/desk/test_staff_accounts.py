"""Invitations and the care for accounts: a link opens once, and one administrator always stays."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from renrakucho.delivery.deliver_mail import send_due_staff_mails
from renrakucho.provider.audit_log import AuditAction, AuditEntry
from renrakucho.provider.staff import Staff
from renrakucho.provider.staff_invitation import VALID_DAYS, Invitation
from renrakucho.provider.staff_mail import StaffMail
from tests.desk.cast import AKISHIMA, PASSWORD, administrator, clerk, seated

pytestmark = pytest.mark.django_db
GOOD = "長い合言葉-correct-horse"
JOINING = {"name": "鈴木", "login_id": "suzuki", "password": GOOD, "again": GOOD}


def invited(browser: Client, **typed: str) -> str:
    """The path of the link that the next page shows."""
    answer = browser.post("/desk/staff/invite", {"role": "clerk", "note": "鈴木さん", **typed})
    assert answer["Location"] == "/desk/staff/link"
    return link_on(browser)


def link_on(browser: Client) -> str:
    page = browser.get("/desk/staff/link").content.decode()
    found = re.search(r"<code>([^<]+)</code>", page)
    assert found
    return urlsplit(found[1]).path


def test_an_invited_person_makes_an_account_and_logs_in(client: Client) -> None:
    path = invited(seated(administrator()), role="reader")
    assert "「閲覧」として登録します" in client.get(path).content.decode()
    assert client.post(path, JOINING)["Location"] == "/desk/login"
    staff = Staff.objects.get(login_id="suzuki")
    assert (staff.provider, staff.role, staff.name) == (AKISHIMA, "reader", "鈴木")
    client.post("/desk/login", {"login_id": "suzuki", "password": GOOD})
    assert client.get("/desk/").status_code == 200


def test_an_invitation_is_used_up(client: Client) -> None:
    path = invited(seated(administrator()))
    client.post(path, JOINING)
    for answer in (client.get(path), client.post(path, {**JOINING, "login_id": "second"})):
        assert answer.status_code == 404
        assert "このリンクは使えません" in answer.content.decode()
    assert not Staff.objects.filter(login_id="second").exists()


def test_the_link_is_shown_once_and_kept_as_a_hash() -> None:
    browser = seated(administrator())
    token = invited(browser).rsplit("/", 1)[1]
    assert browser.get("/desk/staff/link")["Location"] == "/desk/staff"
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(browser.session.items())


@pytest.mark.parametrize("how", ["too late", "taken back", "made up"])
def test_an_unknown_or_ended_invitation_is_refused(client: Client, how: str) -> None:
    browser = seated(administrator())
    path = invited(browser)
    if how == "too late":
        Invitation.objects.update(valid_until=timezone.now() - timedelta(seconds=1))
    elif how == "taken back":
        browser.post(f"/desk/staff/invitations/{Invitation.objects.get().id}/end")
    else:
        path += "x"
    assert client.post(path, JOINING).status_code == 404
    assert not Staff.objects.filter(login_id="suzuki").exists()


def test_an_invitation_is_valid_for_seven_days() -> None:
    invited(seated(administrator()))
    left = Invitation.objects.get().valid_until - timezone.now()
    assert timedelta(days=VALID_DAYS - 1) < left <= timedelta(days=VALID_DAYS) == timedelta(days=7)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"password": "short", "again": "short"}, "短すぎます"),
        ({"again": GOOD + "!"}, "2回のパスワードがちがいます"),
        ({"login_id": "鈴木"}, "半角英数字"),
        ({"login_id": "akishima-chief"}, "使われています"),
        ({"login_id": ""}, "ログインIDをお決めください"),
        ({"name": ""}, "お名前をご入力ください"),
        ({"name": "鈴\x00木"}, "目に見えない文字"),
    ],
)
def test_an_invalid_registration_is_explained_and_the_link_stays_valid(
    client: Client, typed: dict[str, str], says: str
) -> None:
    path = invited(seated(administrator()))
    answer = client.post(path, {**JOINING, **typed})
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert client.post(path, JOINING).status_code == 302


def test_an_invitation_is_mailed_and_its_text_is_dropped(mailoutbox: list[EmailMessage], client: Client) -> None:
    path = invited(seated(administrator()), address="suzuki@example.jp")
    assert "suzuki@example.jp" not in str(list(StaffMail.objects.values()))
    assert send_due_staff_mails("test") == 1
    assert send_due_staff_mails("test") == 0
    (mail,) = mailoutbox
    assert (mail.to, path in mail.body) == (["suzuki@example.jp"], True)
    assert StaffMail.objects.get().sealed is None


def test_without_an_address_nothing_is_mailed() -> None:
    invited(seated(administrator()))
    assert not StaffMail.objects.exists()


def test_a_bad_address_stays_in_its_field() -> None:
    browser = seated(administrator())
    led = browser.post("/desk/staff/invite", {"role": "clerk", "note": "鈴木さん", "address": "鈴木"})
    page = browser.get(led["Location"]).content.decode()
    assert "メールアドレスの形がちがいます" in page
    assert 'value="鈴木さん"' in page
    assert not Invitation.objects.exists()


def test_a_forgotten_password_is_renewed_by_a_link_that_ends_all_sessions(client: Client) -> None:
    staff = clerk()
    left_open = seated(staff)
    chief = seated(administrator())
    first = chief.post(f"/desk/staff/{staff.id}/password")
    assert first["Location"] == "/desk/staff/link"
    old = link_on(chief)
    chief.post(f"/desk/staff/{staff.id}/password")
    path = link_on(chief)
    assert client.get(old).status_code == 404  # a newer one makes it void
    assert "ログインID「akishima-1」" in client.get(path).content.decode()
    client.post(path, {"password": GOOD, "again": GOOD})
    assert left_open.get("/desk/").status_code == 302
    client.post("/desk/login", {"login_id": "akishima-1", "password": PASSWORD})
    assert client.get("/desk/").status_code == 302
    client.post("/desk/login", {"login_id": "akishima-1", "password": GOOD})
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(("what", "typed"), [("role", {"role": "clerk"}), ("close", {})])
def test_the_last_administrator_stays(what: str, typed: dict[str, str]) -> None:
    chief = administrator()
    clerk("closed", role="administrator")
    Staff.objects.filter(login_id="closed").update(is_active=False)  # cannot help anybody
    administrator("yokosuka-chief", provider="yokosuka-water")  # is none of this desk
    browser = seated(chief)
    page = browser.post(f"/desk/staff/{chief.id}/{what}", typed, follow=True).content.decode()
    assert "最後の「管理者」です" in page
    chief.refresh_from_db()
    assert (chief.role, chief.is_active) == ("administrator", True)
    assert not AuditEntry.objects.exclude(deed=AuditAction.LOGGED_IN).exists()


def test_one_of_two_administrators_may_be_closed() -> None:
    chief, second = administrator(), administrator("second")
    browser = seated(chief)
    browser.post(f"/desk/staff/{second.id}/role", {"role": "reader"})
    assert Staff.objects.get(id=second.id).role == "reader"
    browser.post(f"/desk/staff/{second.id}/role", {"role": "administrator"})
    browser.post(f"/desk/staff/{chief.id}/close")
    assert not Staff.objects.get(id=chief.id).is_active


def test_a_closed_account_is_logged_out_and_can_be_reopened() -> None:
    staff = clerk()
    browser, chief = seated(staff), seated(administrator())
    chief.post(f"/desk/staff/{staff.id}/close")
    assert browser.get("/desk/").status_code == 302
    chief.post(f"/desk/staff/{staff.id}/reopen")
    assert browser.get("/desk/").status_code == 302  # the old session stays ended
    assert seated(Staff.objects.get(id=staff.id)).get("/desk/").status_code == 200


def test_an_unknown_role_changes_nothing() -> None:
    staff = clerk()
    seated(administrator()).post(f"/desk/staff/{staff.id}/role", {"role": "king"})
    assert Staff.objects.get(id=staff.id).role == "clerk"


def test_every_act_of_an_administrator_is_logged() -> None:
    chief, staff = administrator(), clerk()
    browser = seated(chief)
    invited(browser)
    for what, typed in (("role", {"role": "reader"}), ("close", {}), ("close", {}), ("reopen", {})):
        browser.post(f"/desk/staff/{staff.id}/{what}", typed)
    done = list(AuditEntry.objects.order_by("id").values_list("deed", "staff__name", "whom__name", "word"))
    assert done == [
        ("invited", "田中", None, "clerk"),
        ("role_changed", "田中", "佐藤", "reader"),
        ("closed", "田中", "佐藤", ""),
        ("reopened", "田中", "佐藤", ""),
    ]
