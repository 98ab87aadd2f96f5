"""Who serves a town: the one question of this room, answered from memory."""

from renrakucho.address.edition import PerEdition
from renrakucho.coverage.answer import Answer, OfficeFound
from renrakucho.coverage.board import Board, make_board

__all__ = ["Answer", "OfficeFound", "board", "providers_at"]

board = PerEdition(make_board)


def providers_at(municipality_code: str, town: str, industry: str) -> Answer:
    """Who serves a town for electricity, gas, water or telephone.

    `town` as Japan Post has it (TownAt.town); "", or a name that is not one of the municipality's towns, asks for
    the whole municipality, which is «ask» where it is split. Other industries and unknown codes are «not_known».
    Raises NoDirectory (address.edition) before `renrakucho load_directory` has run.
    """
    found: Board = board()
    answer = found.by_town.get((industry, municipality_code, town))
    if answer is None:
        answer = found.by_municipality.get((industry, municipality_code), found.nothing)
    return answer
