"""`renrakucho database roles`: the role of PostgreSQL that portal and worker need, which is not the tables' owner."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction

from renrakucho.lib.noun_command import NounCommand, bilingual

PORTAL_ROLE = "renrakucho_portal"
_NAME = re.compile("[a-z_][a-z0-9_]{0,62}")


class Command(NounCommand):
    """Prints the statements, or runs them as the owner of the tables."""

    help = bilingual("データベースの権限 (PostgreSQL)", "rights in the database (PostgreSQL)")

    def add_verbs(self) -> None:
        """roles."""
        text = bilingual(
            "サイトとワーカー用の、記録を変えられない役割を作る文を示す",
            "print the statements of a role for portal and worker that cannot alter what is append-only",
        )
        roles = self.add_verb("roles", self._roles, text)
        roles.add_argument("--role", default=PORTAL_ROLE, help=bilingual("役割の名前", "name of the role"))
        roles.add_argument(
            "--execute",
            action="store_true",
            help=bilingual("示すだけでなく実行する (表の持ち主として)", "run them too, as the owner of the tables"),
        )

    def _roles(self, *, role: str, execute: bool, **options: Any) -> None:
        if not _NAME.fullmatch(role):
            raise CommandError(bilingual("役割の名前は小文字の英数字と_です", "a role is small letters, digits and _"))
        if connection.vendor != "postgresql":
            raise CommandError(
                bilingual("SQLiteには役割がありません。ファイルの権限で守ります", "SQLite has no roles: guard the file")
            )
        statements = list(role_statements(role))
        for statement in statements:
            self.stdout.write(f"{statement};")
        if execute:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)


def role_statements(role: str) -> Iterator[str]:
    """Every statement, which may be run again at any time. The password is set by hand: `\\password role` in psql."""
    yield (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN"  # noqa: S608 - the name was checked
        f" CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS; END IF; END $$"
    )
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"
    yield f"REVOKE UPDATE, DELETE ON provider_auditentry, provider_auditlink FROM {role}"
    yield f"REVOKE UPDATE ON receipt_receipt FROM {role}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}"
    yield "REVOKE EXECUTE ON FUNCTION renrakucho_retire_audit(bigint) FROM PUBLIC"
    yield f"GRANT EXECUTE ON FUNCTION renrakucho_retire_audit(bigint) TO {role}"
