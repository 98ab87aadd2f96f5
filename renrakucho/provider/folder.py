"""Loader of the providers that can be connected: `providers/<slug>/provider.toml`.

name = "東京都水道局"
kana = "トウキョウトスイドウキョク"
english = "Bureau of Waterworks, Tokyo Metropolitan Government"
industry = "water"
directory_ids = ["tokyo-waterworks"]   # the directory's providers that this one answers for
serves = ["27127"]                     # municipalities that `source` says it serves, where the directory has nobody
nationwide = false                     # true: offered whatever the address (broadcasting, cards, insurance …)
phones = ["03-5326-1101"]
homepage = "https://…"
moving_page = "https://…"              # where its own site takes moves; may be left out
checked_on = 2026-11-22
source = "https://…"
named_in_2005 = "東京都水道局"          # in the document of 2005
since_2005 = "…"                       # what became of it, with the source; empty where nothing changed
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from renrakucho.lib.errors import InvalidInput


class BadProvider(InvalidInput):
    """A provider.toml cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True)
class ProviderFolder:
    """Who a provider is, and where its folder is. One that another portal listed has no folder here: `through` is that
    portal's name then.
    """

    slug: str
    path: Path | None
    name: str
    kana: str
    english: str
    industry: str
    directory_ids: tuple[str, ...]
    nationwide: bool
    phones: tuple[str, ...]
    homepage: str
    moving_page: str
    checked_on: date
    source: str
    named_in_2005: str
    since_2005: str
    serves: tuple[str, ...] = ()
    through: str = ""


_KEYS = ProviderFolder.__annotations__.keys() - {"slug", "path", "through"}


@lru_cache(maxsize=8)
def provider_folders(root: Path | str) -> dict[str, ProviderFolder]:
    """Every provider below `root`, by slug, in the order of the slugs. Raises BadProvider. Read once a process."""
    return {path.parent.name: _read(path) for path in sorted(Path(root).glob("*/provider.toml"))}


def _read(path: Path) -> ProviderFolder:
    try:
        source = tomllib.loads(path.read_text("utf-8"))
        unknown = source.keys() - _KEYS
        if unknown:
            raise BadProvider(f"{path}: no such key: {', '.join(sorted(unknown))}")
        return ProviderFolder(
            slug=path.parent.name,
            path=path.parent,
            name=source["name"],
            kana=source["kana"],
            english=source["english"],
            industry=source["industry"],
            directory_ids=tuple(source.get("directory_ids", ())),
            nationwide=source.get("nationwide", False),
            phones=tuple(source["phones"]),
            homepage=source["homepage"],
            moving_page=source.get("moving_page", ""),
            checked_on=source["checked_on"],
            source=source["source"],
            named_in_2005=source.get("named_in_2005", ""),
            since_2005=source.get("since_2005", ""),
            serves=tuple(source.get("serves", ())),
        )
    except tomllib.TOMLDecodeError as error:
        raise BadProvider(f"{path}: {error}") from error
    except KeyError as error:
        raise BadProvider(f"{path}: {error.args[0]!r} is missing") from error
