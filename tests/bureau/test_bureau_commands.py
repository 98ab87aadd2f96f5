"""The first account of the bureau comes from the command line."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from renrakucho.provider.staff import BUREAU, Staff
from renrakucho.provider.staff_invitation import Invitation
from tests.bureau.cast import at_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]


def said(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("option", "role"), [(["--operator"], "operator"), (["--auditor"], "auditor"), ([], "watcher")]
)
def test_an_invitation_into_the_bureau_is_a_link_to_its_pages(option: list[str], role: str) -> None:
    text = said("bureau", "invite", *option)
    assert re.match(r"http://localhost:8000/bureau/join/\S{20,}\n", text)
    made = Invitation.objects.get()
    assert (made.provider, made.role) == (BUREAU, role)


def test_a_desks_role_is_refused_for_the_bureaus_people() -> None:
    at_bureau()
    with pytest.raises(CommandError, match="watcher, operator, auditor"):
        said("staff", "role", "--login", "bureau-operator", "clerk")
    said("staff", "role", "--login", "bureau-operator", "auditor")
    assert Staff.objects.get(login_id="bureau-operator").role == "auditor"


def test_the_trial_login_of_the_bureau_gets_in_with_the_printed_code(
    settings: Any, tmp_path: Path, client: Client
) -> None:
    settings.SANDBOX, settings.VAR = True, tmp_path
    found = re.search(r"事務局: ID bureau パスワード (\S+)", said("sandbox", "staff"))
    assert found
    assert found[1] in said("sandbox", "staff")  # stays from run to run
    client.post("/bureau/login", {"login_id": "bureau", "password": found[1]})
    code = said("sandbox", "code").strip()
    assert re.fullmatch(r"\d{6}", code)
    assert client.post("/bureau/code", {"code": code})["Location"] == "/bureau/"
    assert client.get("/bureau/").status_code == 200


def test_there_is_no_code_outside_a_trial(settings: Any, tmp_path: Path) -> None:
    settings.SANDBOX, settings.VAR = True, tmp_path
    said("sandbox", "staff")
    settings.SANDBOX = False
    with pytest.raises(CommandError):
        said("sandbox", "code")
