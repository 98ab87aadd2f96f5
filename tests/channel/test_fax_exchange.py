"""Real calls: HylaFAX, two modems, T.30 over a line; the first is cut off in the middle of its page."""

from collections.abc import Iterator

import pytest
import zxingcpp
from PIL import Image, ImageChops

from renrakucho.channel.fax.fax_channel import fax_page, send_fax
from renrakucho.channel.message import NoticeMessage
from renrakucho.channel.outcome import Outcome, OutcomeKind
from renrakucho.paper.printed_page import draw_fax
from tests.channel.cast import notice_message
from tests.channel.fax_exchange import RECEIVING, Exchange, exchange, missing
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

_LONGEST_CALL = 120  # seconds; one page takes 40
_BETWEEN_LOOKS = 3  # seconds: who looks has the job's file locked, and a queue that finds it so lets the job wait


@pytest.fixture(scope="module")
def line() -> Iterator[Exchange]:
    reason = missing()
    if reason:
        pytest.skip(f"FAXの実通話: {reason}")
    with exchange() as made:
        yield made


def parcel_over(line: Exchange, **others: object) -> NoticeMessage:
    return notice_message(table={"number": "+81475000000", "server": line.server}, **others)


def ended(line: Exchange, given: NoticeMessage, outcome: Outcome) -> Outcome:
    """What became of a page that was handed over."""

    def final() -> Outcome | None:
        looked = send_fax(parcel_over(line, key=given.key, reference=outcome.reference))
        return None if looked.kind == OutcomeKind.UNDER_WAY else looked

    if outcome.kind != OutcomeKind.UNDER_WAY:
        return outcome
    found = wait_until(final, _LONGEST_CALL, line.told, every=_BETWEEN_LOOKS)
    assert found
    return found


def arrived(line: Exchange, given: NoticeMessage) -> None:
    """One page came out, the notice's to the dot, as far down as there is ink."""
    wait_until(line.received, 20, line.told)
    [path] = line.received()
    [sheet] = draw_fax(fax_page(given))
    with Image.open(path) as received:
        paper = received.convert("1")
    assert {found.text for found in zxingcpp.read_barcodes(paper)} == {given.number, given.filled.way_back}
    assert not ImageChops.logical_xor(paper, sheet.crop((0, 0, *paper.size))).getbbox()
    rest = sheet.crop((0, paper.height, *sheet.size))
    assert ImageChops.invert(rest.convert("L")).getbbox() is None


def test_a_page_that_was_cut_off_in_the_middle_arrives_on_a_later_dial(line: Exchange) -> None:
    given = parcel_over(line)
    handed_over = send_fax(given)
    wait_until(lambda: "Receiving from" in line.status(RECEIVING), _LONGEST_CALL, line.told)
    line.take_down(RECEIVING)
    line.bring_up(RECEIVING)
    outcome = ended(line, given, handed_over)
    assert outcome.kind in (OutcomeKind.TRY_LATER, OutcomeKind.UNKNOWN), outcome.evidence
    for half_page in line.received():  # there is none when the call was cut off before its first line of dots
        half_page.unlink()
    for _dial in range(4):
        wait_until(line.idle, 60, line.told)
        outcome = ended(line, given, send_fax(given))
        if outcome.kind == OutcomeKind.SENT:
            break
    assert outcome.kind == OutcomeKind.SENT, f"{outcome.evidence}\n{line.told()}"
    for word in ("NPAGES 1", "TOTPAGES 1", "TOTDIALS 1", "SESSION BEGIN", "SESSION END"):
        assert word in outcome.evidence
    arrived(line, given)
