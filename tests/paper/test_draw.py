"""Pages as they are printed and faxed."""

import io
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops
from PIL.TiffImagePlugin import TiffImageFile

from renrakucho.paper.printed_page import draw_fax, draw_pdf, draw_test_page, fax_tiff
from renrakucho.sheet.form import Sheet
from tests.paper import t30
from tests.paper.cast import NUMBER, WAY_BACK, page
from tests.providers.cast import SHEETS, sheet_id

every_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=sheet_id)


def codes(sheet: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(sheet)}


def test_a_notice_is_one_sheet_of_1728_dots() -> None:
    [sheet] = draw_fax(page())
    assert (sheet.size, sheet.mode) == ((1728, 2292), "1")


@every_sheet
def test_number_and_answer_can_be_scanned_from_the_fax(sheet: Sheet) -> None:
    drawn = [codes(one) for one in draw_fax(page(sheet))]  # the answer stands at the end, on a second sheet if need be
    assert NUMBER in drawn[0]
    assert set().union(*drawn) == {NUMBER, WAY_BACK}


def test_number_and_answer_can_be_scanned_from_a_bad_line() -> None:
    [sheet] = draw_fax(page())
    spoilt = sheet.copy()
    dice = random.Random(7)
    for _hit in range(20):  # rows that came twice, as on a line without error correction
        row = dice.randrange(sheet.height - 1)
        spoilt.paste(spoilt.crop((0, row, 1728, row + 1)), (0, row + 1))
    for _dot in range(2_000):
        spoilt.putpixel((dice.randrange(1728), dice.randrange(sheet.height)), 0)
    assert ImageChops.logical_xor(sheet, spoilt).getbbox()
    assert codes(spoilt) == {NUMBER, WAY_BACK}


def test_a_long_notice_goes_on_and_nothing_is_cut() -> None:
    many = tuple((f"項目{at}", "とても長い内容です。" * 12) for at in range(40))
    sheets = draw_fax(page(lines=many))
    assert len(sheets) > 2
    assert {sheet.size for sheet in sheets} == {(1728, 2292)}
    whole = draw_pdf([page(lines=many)])
    assert b"/Type/Pages/Count %d/" % len(sheets) in whole


def test_a_withdrawal_offers_no_answer() -> None:
    assert codes(draw_fax(page(withdrawn=True))[0]) == {NUMBER}


def test_a_replacement_is_drawn_otherwise() -> None:
    plain, instead = draw_fax(page())[0], draw_fax(page(replaces="123456789012"))[0]
    assert ImageChops.logical_xor(plain, instead).getbbox()


def test_a_changed_notice_is_not_drawn_as_withdrawn() -> None:
    withdrawn, changed = (
        draw_fax(page(withdrawn=True))[0],
        draw_fax(page(withdrawn=True, replaced_by="123456789012"))[0],
    )
    assert ImageChops.logical_xor(withdrawn, changed).getbbox()
    assert page(replaced_by="123456789012").texts()["replaced_by"] == "1234-5678-9012"


def test_a_reported_notice_is_not_drawn_as_withdrawn() -> None:
    withdrawn, reported = draw_fax(page(withdrawn=True))[0], draw_fax(page(withdrawn=True, reported=True))[0]
    assert ImageChops.logical_xor(withdrawn, reported).getbbox()


def test_a_movers_text_is_never_markup() -> None:
    nasty = '#panic("x") *太字* $x^2$ [#set page(width: 1cm)] @a <b> \\ "'
    [sheet] = draw_fax(page(lines=((nasty, nasty),)))
    assert sheet.size == (1728, 2292)


def test_a_pdf_has_a_page_for_each_notice() -> None:
    document = draw_pdf([page(), page(printed="印刷 山田 2026-11-23"), page(withdrawn=True)])
    assert document.startswith(b"%PDF-")
    assert b"/Type/Pages/Count 3/" in document
    assert b"pdfaid" in document


def test_the_test_page_has_its_code_and_no_barcode() -> None:
    [sheet] = draw_test_page(
        code="48291370", portal="引越れんらく帳", portal_url="https://a.example", contact="", number="03"
    )
    assert codes(sheet) == set()
    other = draw_test_page(
        code="48291371", portal="引越れんらく帳", portal_url="https://a.example", contact="", number="03"
    )[0]
    assert ImageChops.logical_xor(sheet, other).getbbox()


def test_a_fax_tiff_is_of_profile_s() -> None:
    sheets = draw_fax(page())
    with TiffImageFile(io.BytesIO(fax_tiff(sheets))) as read:
        tags = read.tag_v2
        assert (tags[256], tags[259], tags[262], tags[282], tags[283], tags[292]) == (1728, 3, 0, 204, 196, 0)
        assert len(tags[273]) == 1
        assert read.tobytes() == sheets[0].tobytes()


def test_every_page_of_a_tiff_is_black_on_white() -> None:
    many = tuple((f"項目{at}", "とても長い内容です。" * 12) for at in range(40))
    sheets = draw_fax(page(lines=many))
    assert len(sheets) > 1
    with TiffImageFile(io.BytesIO(fax_tiff(sheets))) as read:
        for at, sheet in enumerate(sheets):
            read.seek(at)
            assert read.tag_v2[262] == 0
            assert read.tobytes() == sheet.tobytes()


@every_sheet
def test_a_call_brings_every_dot(sheet: Sheet, tmp_path: Path) -> None:
    if t30.library() is None:
        pytest.skip("libspandsp2がありません")
    sent, received = tmp_path / "sent.tif", tmp_path / "received.tif"
    sheets = draw_fax(page(sheet))
    sent.write_bytes(fax_tiff(sheets))
    assert t30.call(sent, received) == (0, 0)
    with Image.open(received) as arrived:
        assert arrived.size == sheets[0].size
        assert not ImageChops.logical_xor(arrived.convert("1"), sheets[0]).getbbox()


def test_many_threads_may_print_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        documents = list(threads.map(lambda at: draw_pdf([page(printed=f"{at}")]), range(20)))
    assert all(document.startswith(b"%PDF-") for document in documents)
