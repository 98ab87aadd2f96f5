"""The place search sees what a person sees: marks that show nothing change no answer, nor does a look-alike."""

import pytest

from renrakucho.address.name_search import name_index
from renrakucho.address.place_query import is_code_typed, place_from_text
from renrakucho.address.written.folding import fold_key, narrow_in_place
from renrakucho.address.written.parse import parse_address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("directory")]

UNSEEN = ["\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u202c", "\u2060", "\u2063", "\u3164", "\ufeff"]
UNSEEN += ["\ufe0f", "\U000e0101", "\U000e0041"]
ADDRESS = "多摩市愛宕4-99"


@pytest.mark.parametrize("mark", UNSEEN)
def test_a_mark_that_shows_nothing_changes_no_answer(mark: str) -> None:
    typed = f"{mark}多摩{mark}市愛{mark}宕{mark}4-{mark}99{mark}"
    assert place_from_text(typed).towns == place_from_text(ADDRESS).towns
    assert place_from_text(f"206{mark}-00{mark}41").postal_code == "2060041"
    assert is_code_typed(f"206{mark}0041")
    assert name_index().find(f"愛{mark}宕", 9) == name_index().find("愛宕", 9)
    assert name_index().find(f"あた{mark}ご", 9) == name_index().find("あたご", 9)
    assert fold_key(typed) == fold_key(ADDRESS)


@pytest.mark.parametrize("mark", UNSEEN)
def test_the_pieces_of_an_address_are_still_the_whole_text(mark: str) -> None:
    typed = f"多摩{mark}市愛{mark}宕4-99 メゾン{mark}101"
    written = parse_address(typed)
    assert (written.municipality_code, written.town, written.chome, written.block) == ("13224", "愛宕", "4", "99")
    assert "".join(piece.typed for piece in written.pieces) == typed
    assert len(narrow_in_place(typed)) == len(typed)


@pytest.mark.parametrize("dash", "-‐‑‒–—―−－﹣⁃ー─━ｰ")
def test_every_dash_is_that_of_a_number(dash: str) -> None:
    assert place_from_text(f"206{dash}0041").postal_code == "2060041"
    assert fold_key(f"愛宕4{dash}99") == fold_key("愛宕4-99")


@pytest.mark.parametrize(("radical", "kanji"), [("⾧", "長"), ("⻑", "長"), ("⻄", "西"), ("⼤", "大")])
def test_a_radical_stands_for_its_kanji(radical: str, kanji: str) -> None:
    assert fold_key(f"{radical}町") == fold_key(f"{kanji}町")
    assert name_index().find(f"{radical}町", 3) == name_index().find(f"{kanji}町", 3)


@pytest.mark.parametrize("space", ["\u2003", "\u2800", "\u00a0", "\u3000", "\u2028"])
def test_every_space_is_one(space: str) -> None:
    assert place_from_text(f"多摩市{space}愛宕").towns == place_from_text("多摩市 愛宕").towns
    assert name_index().find(f"たま{space}あたご", 3) == name_index().find("たま あたご", 3)
