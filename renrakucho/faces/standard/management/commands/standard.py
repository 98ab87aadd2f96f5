"""`renrakucho standard check|write`: check documents against the standard; write the schema of the facts."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from renrakucho.lib.noun_command import NounCommand, bilingual
from renrakucho.standard.document_check import check_document
from renrakucho.standard.facts import facts_schema_text
from renrakucho.standard.schemas import FOLDER, STANDARD, SUFFIX, schema_names


class Command(NounCommand):
    """Needs no database: it is for the engineers of other portals and providers too."""

    help = bilingual("公開の標準", f"the published standard, {STANDARD}")

    def add_verbs(self) -> None:
        """check, write."""
        check = self.add_verb(
            "check",
            self._check,
            bilingual("文書のまちがいを行で示す", "name the line of every mistake; ends with 1 on an error"),
        )
        check.add_argument(
            "file",
            nargs="+",
            help=bilingual("JSONのファイル。- は標準入力", "a JSON file; - reads the standard input"),
        )
        check.add_argument(
            "--as",
            dest="kind",
            choices=schema_names(),
            default="",
            help=bilingual("文書の種類を決める", "the kind of document, whatever it says itself"),
        )
        self.add_verb(
            "write",
            self._write,
            bilingual("最小単位のスキーマを書き直す", "make facts.schema.json anew from the catalogue"),
        )

    def _check(self, *, file: list[str], kind: str, **options: Any) -> None:
        errors = sum(self._check_file(name, kind) for name in file)
        if errors:
            raise CommandError(f"{errors} to put right")

    def _write(self, **options: Any) -> None:
        (FOLDER / f"facts{SUFFIX}").write_text(facts_schema_text(), "utf-8")

    def _check_file(self, file: str, as_kind: str) -> int:
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
