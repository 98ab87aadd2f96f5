"""Message extraction: brings the catalogues of renrakucho/locale up to date with the words of the public pages.

usage: python -m bootstrap.messages [language ...]     a language that has no catalogue yet gets one
Which words these are says babel.cfg. A text that changed is untranslated again: nothing is guessed from a similar one.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "renrakucho"
CATALOGUES = PACKAGE / "locale"
FOLDERS = (PACKAGE, ROOT / "directory", ROOT / "providers")  # babel.cfg names the files in them
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def extract_messages() -> Catalog:
    """Every message of the public pages, with the files it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)  # type: ignore[no-untyped-call]
    found = Catalog(project="renrakucho", copyright_holder="the renrakucho authors")
    for folder in FOLDERS:
        for name, _line, message, comments, context in extract_from_dir(folder, methods, options, KEYWORDS):
            place = (folder / name).relative_to(ROOT).as_posix()
            found.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return found


def read_catalogue(path: Path) -> Catalog:
    """The catalogue of the language that its folder is named by."""
    with path.open("rb") as lines:
        return read_po(lines, locale=path.parts[-3])


def catalogue_files() -> Iterator[Path]:
    """Every catalogue there is, by language."""
    yield from sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))


def update_catalogue(path: Path, found: Catalog) -> Catalog:
    """Make the catalogue hold exactly the messages found, with the translations it has of them."""
    catalogue = read_catalogue(path) if path.exists() else _new_catalogue(path.parts[-3])
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as output:
        write_po(output, catalogue, width=120, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no translation, or one that somebody has yet to look at (fuzzy)."""
    return [_texts(message.id)[0] for message in catalogue if message.id and not _is_translated(message)]


def main(languages: list[str]) -> None:
    """Update every catalogue, and say what is left to translate."""
    found = extract_messages()
    begun = [CATALOGUES / language / "LC_MESSAGES" / "django.po" for language in languages]
    for path in sorted({*catalogue_files(), *begun}):
        catalogue = update_catalogue(path, found)
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(untranslated(catalogue))} to translate")


def _new_catalogue(language: str) -> Catalog:
    header = "# Translations of the public pages. Japanese is the source."
    return Catalog(language, project="renrakucho", header_comment=header, fuzzy=False)


def _is_translated(message: Message) -> bool:
    return bool(message.string) and all(_texts(message.string)) and not message.fuzzy


def _texts(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


if __name__ == "__main__":
    main(sys.argv[1:])
