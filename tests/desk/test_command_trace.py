"""What is done on the command line to accounts and keys is in the audit log of the desk that it concerns."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.management import call_command

from renrakucho.provider.audit_log import AuditAction, AuditEntry, command_line_user
from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.provider.system_key import SystemKey
from renrakucho.provider.two_factor import enable_two_factor
from tests.desk.cast import AKISHIMA, administrator, clerk, seated

pytestmark = pytest.mark.django_db
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PASSWORD = "another long passphrase"


def typing(*words: str) -> Callable[[], None]:
    def run() -> None:
        with patch("renrakucho.faces.desk.management.commands.staff.getpass", lambda _prompt: PASSWORD):
            call_command(*words)

    return run


COMMANDS = [
    (("staff", "role", "--login", "one", "reader"), AuditAction.ROLE_CHANGED, AKISHIMA),
    (("staff", "close", "--login", "one"), AuditAction.CLOSED, AKISHIMA),
    (("staff", "reset", "--login", "one"), AuditAction.FACTOR_RESET, AKISHIMA),
    (("staff", "password", "--login", "one"), AuditAction.PASSWORD_CHANGED, AKISHIMA),
    (("staff", "add", "--login", "new", "--provider", AKISHIMA, "--name", "新人"), AuditAction.ACCOUNT_MADE, AKISHIMA),
    (("staff", "invite", "--provider", AKISHIMA), AuditAction.INVITED, AKISHIMA),
    (("bureau", "invite", "--operator"), AuditAction.INVITED, BUREAU),
    (("keys", "make", "--provider", AKISHIMA, "--name", "CIS"), AuditAction.KEY_MADE, AKISHIMA),
]


@pytest.mark.parametrize(("words", "action", "provider"), COMMANDS, ids=lambda value: " ".join(value[:2]))
def test_the_act_stands_in_the_log_with_the_users_name(
    words: tuple[str, ...], action: AuditAction, provider: str
) -> None:
    one = clerk("one")
    enable_two_factor(one, SECRET, 0)
    before = AuditEntry.objects.count()
    typing(*words)()
    (entry,) = AuditEntry.objects.order_by("id")[before:]
    assert (entry.deed, entry.provider, entry.staff) == (action, provider, None)
    assert entry.os_user == command_line_user()
    if "--login" in words:
        assert entry.whom == Staff.objects.get(login_id=words[words.index("--login") + 1])


def test_revoking_a_key_does_too() -> None:
    call_command("keys", "make", "--provider", AKISHIMA, "--name", "CIS")
    made = AuditEntry.objects.get(deed=AuditAction.KEY_MADE)
    call_command("keys", "revoke", str(SystemKey.objects.get().id))
    closed = AuditEntry.objects.get(deed=AuditAction.KEY_CLOSED)
    assert (closed.about, closed.os_user) == (made.about, made.os_user) == ("CIS", command_line_user())


def test_the_desks_log_page_shows_it() -> None:
    clerk("one")
    call_command("staff", "close", "--login", "one")
    shown = seated(administrator()).get("/desk/record").text
    assert f"サーバーのコマンド ({command_line_user()})" in shown
