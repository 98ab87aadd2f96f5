"""Fax by mail to a gateway (T.37, RFC 3965), over a real socket."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from renrakucho.channel.fax.fax_channel import fax_page, send_fax
from renrakucho.channel.outcome import OutcomeKind
from renrakucho.paper.printed_page import draw_fax, fax_tiff
from tests.channel.cast import notice_message
from tests.ports import free_port

NUMBER = "+81475000000"


class Gateway:
    """Takes everything, or answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return self.answers.get("DATA", "250 OK")


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, str]]:
    made = Gateway()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield made, f"mail://127.0.0.1:{controller.port}?gateway=fax.example&from=fax@portal.example"
    controller.stop()


def test_the_page_goes_as_a_tiff_to_the_number(gateway: tuple[Gateway, str]) -> None:
    made, server = gateway
    given = notice_message(table={"number": NUMBER, "server": server})
    outcome = send_fax(given)
    [envelope] = made.taken
    assert envelope.rcpt_tos == [f"FAX={NUMBER}@fax.example"]
    message = message_from_bytes(envelope.content, policy=policy.default)
    [attached] = message.iter_attachments()
    assert attached["content-type"].params["application"] == "faxbw"
    assert attached.get_content() == fax_tiff(draw_fax(fax_page(given)))
    assert "𠮷田" not in str(message["Subject"])
    assert outcome.kind == OutcomeKind.UNDER_WAY


def test_a_mail_that_the_gateway_accepted_is_under_way(gateway: tuple[Gateway, str]) -> None:
    made, server = gateway
    reference = send_fax(notice_message(table={"number": NUMBER, "server": server})).reference
    outcome = send_fax(notice_message(table={"number": NUMBER, "server": server}, reference=reference))
    assert outcome.kind == OutcomeKind.UNDER_WAY
    assert outcome.retry_after
    assert len(made.taken) == 1


def test_a_repeated_attempt_has_the_same_message_id(gateway: tuple[Gateway, str]) -> None:
    made, server = gateway
    for _attempt in range(2):
        send_fax(notice_message(table={"number": NUMBER, "server": server}))
    send_fax(notice_message(key="0190f3c0:withdrawn", withdrawn=True, table={"number": NUMBER, "server": server}))
    ids = [message_from_bytes(each.content)["Message-ID"] for each in made.taken]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"RCPT": "550 no such number"}, OutcomeKind.REFUSED),
        ({"RCPT": "451 later"}, OutcomeKind.TRY_LATER),
        ({"DATA": "554 no"}, OutcomeKind.REFUSED),
        ({"DATA": "452 full"}, OutcomeKind.TRY_LATER),
    ],
)
def test_a_refusal_of_the_gateway_has_its_outcome(
    gateway: tuple[Gateway, str], answers: dict[str, str], kind: OutcomeKind
) -> None:
    made, server = gateway
    made.answers = answers
    outcome = send_fax(notice_message(table={"number": NUMBER, "server": server}))
    assert outcome.kind == kind
    assert outcome.evidence.startswith("smtp: ")


def test_a_missing_gateway_is_tried_again_later() -> None:
    table = {"number": NUMBER, "server": f"mail://127.0.0.1:{free_port()}"}
    assert send_fax(notice_message(table=table)).kind == OutcomeKind.TRY_LATER


def test_a_gateway_elsewhere_gets_nothing_without_tls(
    gateway: tuple[Gateway, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, server = gateway
    monkeypatch.setattr("renrakucho.channel.fax.mail_gateway.is_this_machine", lambda host: False)
    assert send_fax(notice_message(table={"number": NUMBER, "server": server})).kind == OutcomeKind.TRY_LATER
    assert made.taken == []
