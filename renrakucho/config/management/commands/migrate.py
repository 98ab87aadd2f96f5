"""Django's `migrate`, and afterwards the triggers that keep tables append-only, and the policies that hold desks apart.

They stand in no migration: on SQLite a later migration drops them with the table that it makes anew.
"""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from renrakucho.notice.row_security import install_row_policies
from renrakucho.provider.append_only import guarded_tables, install_guards
from renrakucho.provider.audit_chain import link_older_entries


class Command(DjangoMigrate):
    """Migrate, and guard what is append-only."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Run Django's command. Guards are made once all their tables are there."""
        answer: str | None = super().handle(*args, **options)
        if set(guarded_tables()) <= set(connection.introspection.table_names()):
            install_guards()
            link_older_entries()
            install_row_policies()
        return answer
