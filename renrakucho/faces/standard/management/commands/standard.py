"""`renrakucho standard check|write`: documents held against the standard; the schema that is made from the facts."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from renrakucho.standard.document_check import check_document
from renrakucho.standard.facts import facts_schema_text
from renrakucho.standard.schemas import FOLDER, STANDARD, SUFFIX, schema_names


class Command(BaseCommand):
    """Needs no database: it is for the engineers of other portals and providers too."""

    help = f"Says what is wrong with documents of {STANDARD}, line by line."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two verbs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        checked = verbs.add_parser("check", help="say what is wrong; ends with 1 where there is an error")
        checked.add_argument("file", nargs="+", help="a JSON file; - reads from the standard input")
        checked.add_argument(
            "--as", dest="kind", choices=schema_names(), default="", help="whatever the document says itself"
        )
        verbs.add_parser("write", help="make facts.schema.json anew from the catalogue")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError where something is wrong."""
        if options["verb"] == "write":
            (FOLDER / f"facts{SUFFIX}").write_text(facts_schema_text(), "utf-8")
            return
        errors = sum(self._check(file, options["kind"]) for file in options["file"])
        if errors:
            raise CommandError(f"{errors} to put right")

    def _check(self, file: str, as_kind: str) -> int:
        try:
            source = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        kind, findings = check_document(source, as_kind)
        errors = sum(not finding.hint for finding in findings)
        for finding in findings:
            self.stdout.write(f"{file}: {finding}")
        if not errors:
            self.stdout.write(f"{file}: keeps «{kind}» of {STANDARD}")
        return errors
