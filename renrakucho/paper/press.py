"""The typesetter, with the fonts that pages are printed in."""

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

# Debian's fonts-noto-cjk. What it lacks of JIS X 0213 (accents, phonetic letters) the typesetter's own fonts have.
FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"), Path("/usr/share/fonts/noto"))
FILE = "NotoSansCJK-Regular.ttc"


class NoFont(RuntimeError):
    """This machine has no font that pages can be printed with; the message names the package."""


def fonts() -> Path:
    """The folder of the fonts. Raises NoFont."""
    for folder in FOLDERS:
        if (folder / FILE).exists():
            return folder
    raise NoFont(f"no {FILE} below {FOLDERS[0]}: install Debian's fonts-noto-cjk")


class Typeset:
    """One form, ready to be filled any number of times."""

    def __init__(self, form: Path) -> None:
        """Reads the fonts: that takes longer than drawing (86 ms to 5 ms), so keep it. Raises NoFont."""
        self._compiler = typst.Compiler(form, font_paths=[fonts()], ignore_system_fonts=True)
        self._alone = Lock()  # typst 0.15: «Already borrowed» for a second thread

    @classmethod
    @cache
    def of(cls, form: Path) -> "Typeset":
        """The one for this form in this process."""
        return cls(form)

    def made(self, given: object, **kind: Any) -> Any:
        """The document; what is given goes in as JSON, where it is text and never markup. Raises typst.TypstError."""
        texts = {"pages": json.dumps(given, ensure_ascii=False)}
        with self._alone:
            return self._compiler.compile(sys_inputs=texts, **kind)
