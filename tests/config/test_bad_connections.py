"""A mistake in connections.toml shows its provider as not connected, and no page breaks by it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client

from renrakucho.channel.connection_file import forget_connections
from renrakucho.delivery.deliver_notices import deliver_due_notices
from renrakucho.notice.connected_providers import channel_for, is_connection_faulty, loaded_connections
from renrakucho.notice.connection_check import connection_findings
from renrakucho.notice.models import Notice, Status
from renrakucho.notice.notice_form import keep_draft
from renrakucho.receipt.mover_actions import enter_notice, hand_over_notice, withdraw_notice
from tests import cast
from tests.book_apply.flow import USUAL, Applicant, typed
from tests.desk.cast import clerk
from tests.every_page.cast import mover_with
from tests.receipt.cast import accept_notice, answers_of

pytestmark = pytest.mark.django_db
SECRET = "agreed on with the provider"
LINK = 'stop.entry = "https://a.example"\nstart.entry = "https://a.example"\nchange.entry = "https://a.example"\n'
WEBHOOK = 'webhook = {url = "https://a.example", secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}\n'
# Each stands below [<provider>], for every provider that the sandbox plays.
BAD = {
    "no channel of this name": 'wbehook.url = "https://a.example"\n',
    "no key of this name": "dsek = true\n",
    "a key of another kind": "desk = 1\n",
    "a procedure that is no table": "stop = 1\n",
    "a procedure without an entry": f'secret = "{SECRET}"\nstop.entri = "x"\n',
    "a short secret": f'secret = "short"\n{LINK}',
    "no secret": LINK,
    "no host": f'secret = "{SECRET}"\n{LINK}'.replace("https://a.example", "https://"),
    "no scheme": f'secret = "{SECRET}"\n{LINK}'.replace("https://", ""),
    "no port": f'secret = "{SECRET}"\n{LINK}'.replace("a.example", "a.example:port"),
    "hosts of another kind": f'secret = "{SECRET}"\nhosts = 1\n{LINK}',
    "a host that is none": f'secret = "{SECRET}"\nhosts = ["https://a b"]\n{LINK}',
    "negative hours": f'secret = "{SECRET}"\nvalid_hours = -1\n{LINK}',
    "hours beyond any calendar": f'secret = "{SECRET}"\nvalid_hours = 99999999999\n{LINK}',
    "a secret in no file": f'secret = {{file = "nowhere"}}\n{LINK}',
    "a secret in no variable": f'secret = {{env = "NO_SUCH_ONE"}}\n{LINK}',
    "a webhook without TLS": WEBHOOK.replace("https:", "http:"),
    "a webhook without a secret": 'desk = true\nwebhook = {url = "https://a.example"}\n',
    "a webhook's secret that is none": WEBHOOK.replace("whsec_", ""),
    "a network that is none": WEBHOOK.replace("}", ', allow = ["here"]}'),
    "an authority that is not there": WEBHOOK.replace("}", ', ca = "/nowhere"}'),
    "a fax number that is none": 'fax = {number = "119", server = "hylafax://localhost"}\n',
    "a fax server that is none": 'fax = {number = "0475-00-0000", server = "localhost"}\n',
    "a folder that cannot be": 'files = {folder = "/etc/hostname/x"}\n',
    "an encoding that is none": 'files = {folder = "/tmp", encoding = "EUC-JP"}\n',
    "a web link's own table": "weblink = {}\n",
    "a peer by hand": 'relay = {peer = "kansai"}\n',
}
WHOLE = {"no TOML": "[a\n", "empty": "", "here is no table": "here = 1\n", "peers are none": "peers = 1\n"}
SLUGS = [slug for slug in tomllib.loads(Path(installed.CONNECTIONS).read_text("utf-8")) if slug != "here"]


def bad_file(first: int) -> str:
    """Every provider with another mistake, beginning with this one."""
    kinds = list(BAD.values())
    return "".join(f"[{slug}]\n{kinds[(first + number) % len(kinds)]}" for number, slug in enumerate(SLUGS, start=1))


FILES = {**WHOLE, **{f"mistakes from {first}": bad_file(first) for first in (0, 7, 14, 21)}}


def test_every_mistake_stands_in_one_of_the_files() -> None:
    assert [kind for kind, text in BAD.items() if not any(text in file for file in FILES.values())] == []


@pytest.fixture(autouse=True)
def _afresh(directory: str) -> Iterator[None]:
    yield
    forget_connections()


def entered(notice: Notice) -> Notice:
    keep_draft(notice, answers=answers_of(notice))
    return enter_notice(notice)


def a_book() -> tuple[Client, list[Notice]]:
    """A mover's browser, and notices before, on and after their way."""
    chosen = [offer for offer in cast.ALL if "electricity" not in offer and "gas:start" not in offer]
    reader, pages = mover_with(chosen, "mover")
    reader.client.raise_request_exception = False
    notices = {offer: Notice.objects.get(id=page.split("/")[3]) for offer, page in pages.items()}
    hand_over_notice(notices["water:stop:tokyo-waterworks"])
    withdraw_notice(hand_over_notice(notices["gas:stop:tokyo-gas"]))
    entered(notices["water:start:akishima-water"])
    return reader.client, list(notices.values())


def mover_addresses(notices: list[Notice]) -> list[str]:
    inner = ("", "answers", "check", "handover", "carry", "withdraw")
    return ["/book/", "/book/sequence", *(f"/book/notices/{each.id}/{page}" for each in notices for page in inner)]


PUBLIC = ("/", "/links", "/search", "/directory", "/apply/", "/apply/addresses", "/apply/providers", "/apply/items",
          "/apply/check", "/api/v1/openapi.json", "/relay/v1/providers", "/standard/")  # fmt: skip


def posted(client: Client, notices: list[Notice]) -> Iterator[tuple[str, int]]:
    for notice in notices:
        for page in ("answers", "check", "handover", "own-word", "another", "again", "withdraw"):
            address = f"/book/notices/{notice.id}/{page}"
            yield address, client.post(address, {"seen": "x", "instead": "1"}).status_code
    yield "/book/sequence", client.post("/book/sequence", {"shown": f"{notices[0].id}:x"}).status_code


@pytest.mark.parametrize("kind", FILES)
def test_no_page_of_a_mover_breaks(kind: str, settings: Any, tmp_path: Path) -> None:
    applicant = Applicant(Client(raise_request_exception=False))
    applicant.to_check()
    client, notices = a_book()
    path = tmp_path / "connections.toml"
    path.write_text(FILES[kind], "utf-8")
    settings.CONNECTIONS, settings.TRIAL_CONNECTIONS = str(path), False
    answers = [(address, client.get(address).status_code) for address in mover_addresses(notices)]
    answers += [(address, applicant.client.get(address).status_code) for address in PUBLIC]
    answers += list(posted(client, notices))
    assert [(address, status) for address, status in answers if status >= 500] == []
    assert not loaded_connections().connections
    assert kind == "empty" or connection_findings()


@pytest.mark.parametrize("kind", ["mistakes from 0", "no TOML"])
def test_an_application_comes_to_its_book_without_connections(kind: str, settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "connections.toml"
    path.write_text(FILES[kind], "utf-8")
    settings.CONNECTIONS = str(path)
    applicant = Applicant(Client())
    applicant.to_providers([*USUAL, "broadcasting", "credit_card"])
    page = applicant.get("providers")
    assert page.status_code == 200
    assert "東京都水道局" in page.content.decode()


def test_one_misspelt_channel_takes_nobody_along(settings: Any, tmp_path: Path) -> None:
    """It made /apply/providers a 500 for everybody whose address finds that provider."""
    path = tmp_path / "connections.toml"
    good = Path(settings.CONNECTIONS).read_text("utf-8")
    path.write_text(good.replace("[yokosuka-water.webhook]", "[akishima-water.wbehook]"), "utf-8")
    settings.CONNECTIONS = str(path)
    applicant = Applicant(Client())
    applicant.to_providers()
    chosen = [offer for offer in cast.ALL if "akishima" not in offer and "nhk" not in offer]
    page = applicant.get("providers").content.decode()
    assert all(f'value="{offer}"' in page for offer in chosen)
    assert "昭島市水道部" in page  # listed, with its telephone
    assert applicant.post("providers", {"chosen": chosen}).headers["Location"] == "/apply/items"
    assert applicant.post("items", typed()).headers["Location"] == "/apply/check"
    assert channel_for("akishima-water", "start") == ""
    assert [finding.provider for finding in connection_findings()] == ["akishima-water"]


def test_a_notice_of_a_provider_with_a_mistake_waits_until_it_is_mended(settings: Any, tmp_path: Path) -> None:
    good = settings.CONNECTIONS
    notice = entered(cast.notice("water:start:akishima-water"))
    path = tmp_path / "connections.toml"
    path.write_text("[akishima-water]\ndsek = true\n", "utf-8")
    settings.CONNECTIONS = str(path)
    assert is_connection_faulty("akishima-water")
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == Status.ENTERED
    assert notice.due_at is not None
    assert not notice.attempts_made.exists()
    settings.CONNECTIONS = good
    Notice.objects.update(due_at=notice.written_at)
    deliver_due_notices("test")
    notice.refresh_from_db()
    assert notice.status == Status.SENT


def test_a_desk_goes_on_with_what_it_has(settings: Any, tmp_path: Path) -> None:
    notice = entered(cast.notice("water:start:akishima-water"))
    deliver_due_notices("test")
    staff = clerk()
    path = tmp_path / "connections.toml"
    path.write_text("[akishima-water]\ndsek = true\n", "utf-8")
    settings.CONNECTIONS = str(path)
    browser = Client(raise_request_exception=False)
    browser.force_login(staff)
    for address in ("/desk/", f"/desk/notices/{notice.id}/", "/desk/take", "/desk/record"):
        assert browser.get(address).status_code < 500
    notice.refresh_from_db()
    accept_notice(notice, staff, "A-1")
    notice.refresh_from_db()
    assert notice.status == Status.ACCEPTED
