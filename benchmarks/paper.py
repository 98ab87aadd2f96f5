"""Speed and memory of printing and faxing pages. Run as `python -m benchmarks.paper`."""

import resource
import time
from collections.abc import Callable

from renrakucho.paper.printed_page import PrintedPage, draw_fax, draw_pdf, fax_tiff

_ROUNDS = 50
_LINES = (
    ("お名前", "髙﨑　𠮷子"),
    ("ご住所", "東京都千代田区九段南1-2-3 九段ハイツ203"),
    ("使用開始日", "2026年12月5日"),
) * 4
_PAGE = PrintedPage(
    number="482913705166",
    provider="ある水道局",
    title="水道の使用開始",
    lines=_LINES,
    written="2026-11-23 09:05",
    portal="引越れんらく帳",
    portal_url="https://hikkoshi.example",
    way_back="https://hikkoshi.example/a/k7m2p9qx4d",
)


def main() -> None:
    """Print a line for each kind of page."""
    _measure("PDF of one notice", lambda: draw_pdf([_PAGE]))
    _measure("PDF of ten notices", lambda: draw_pdf([_PAGE] * 10))
    _measure("fax of one notice, as TIFF", lambda: fax_tiff(draw_fax(_PAGE)))
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at the most")


def _measure(what: str, draw: Callable[[], bytes]) -> None:
    size = len(draw())  # the first one reads the fonts
    begun = time.perf_counter()
    for _round in range(_ROUNDS):
        draw()
    seconds = (time.perf_counter() - begun) / _ROUNDS
    print(f"{what:28}{seconds * 1000:8.1f} ms{size / 1000:8.0f} kB")


if __name__ == "__main__":
    main()
