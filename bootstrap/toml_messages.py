"""Message extractor for TOML files: the texts of data that pages show, for the catalogues (babel.cfg names it)."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

ExtractedMessage = tuple[int, str, str, list[str]]


def extract_toml_texts(
    file: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, str]
) -> Iterator[ExtractedMessage]:
    """Find the Japanese texts of the keys that the option `keys` names, at any depth. Shape: as Babel asks for."""
    keys = set(options["keys"].split())
    for text in dict.fromkeys(_texts(tomllib.load(file), keys)):
        yield 0, "gettext", text, []


def _texts(value: Any, keys: set[str], key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _texts(below, keys, name)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below, keys, key)
    elif isinstance(value, str) and key in keys and not value.isascii():
        yield value
