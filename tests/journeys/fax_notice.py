"""A notice by fax in a journey: a mover sends it, and the paper shows where its codes lead."""

import zxingcpp

from tests.journeys.house import House
from tests.journeys.mover import Mover, days_ahead

FAX_OFFERS = ["water:stop:tokyo-waterworks", "water:start:chosei-water"]
OFFICE = "長生郡市広域市町村圏組合水道部"


def send_by_fax(mover: Mover, notes: str = "") -> str:
    """Go from the top page to the sent notice. Returns the number that the mover's page shows."""
    mover.apply(FAX_OFFERS, leave_on=days_ahead(12), arrive_on=days_ahead(11), to="297-0026")
    mover.begin(OFFICE, "開始")
    mover.page.locator('[name="next_payment"]').first.check()
    mover.field("notes").fill(notes)
    mover.press("確認して送る")
    return shown_number(mover)


def shown_number(mover: Mover) -> str:
    """Return the number of the office's notice on its page."""
    mover.leaf(OFFICE, "開始").get_by_role("link", name="くわしく").click()
    return mover.page.locator(".facts dd").nth(1).inner_text().strip()


def answer_url(house: House, number: str) -> str:
    """Return the URL in the paper's QR code; the bar code beside it has the notice's number."""
    found = {code.text for code in zxingcpp.read_barcodes(house.fax(number.replace("-", "")))}
    assert number.replace("-", "") in found
    [address] = [text for text in found if text.startswith("http")]
    return address
