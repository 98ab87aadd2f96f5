"""Raw psycopg: the rows of one finished move written again, without anything that made them."""

import secrets
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

_UNIQUE = ("number", "return_hash", "access_key_hash", "report_hash", "link_hash")
# A table, and how its rows are found from the book's id. Tables without foreign keys, so that any order will do.
_TABLES = {
    "mover_book": "id = %(book)s",
    "mover_bookmailbox": "book_id = %(book)s",
    "notice_notice": "book_id = %(book)s",
    "receipt_receipt": "notice_id IN (SELECT id FROM notice_notice WHERE book_id = %(book)s)",
    "delivery_attempt": "notice_id IN (SELECT id FROM notice_notice WHERE book_id = %(book)s)",
    "mail_mail": "book_id = %(book)s",
}


class RawRows:
    """Writes copies of one book's rows into copies of the tables, indexes included."""

    def __init__(self, database: str) -> None:
        self._connection = psycopg.connect(database, row_factory=dict_row)
        self._rows: dict[str, list[dict[str, Any]]] = {}
        with self._connection.transaction():
            delivered = "SELECT book_id FROM notice_notice GROUP BY book_id HAVING bool_and(status = 'sent') LIMIT 1"
            found = self._connection.execute(delivered).fetchone()
            assert found
            for table, where in _TABLES.items():
                copy = sql.Identifier(f"raw_{table}")
                like = sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {} INCLUDING INDEXES)")
                self._connection.execute(like.format(copy, sql.Identifier(table)))
                select = sql.SQL("SELECT * FROM {} WHERE {}").format(sql.Identifier(table), sql.SQL(where))
                self._rows[table] = self._connection.execute(select, {"book": found["book_id"]}).fetchall()

    def write(self, moves: int) -> list[Any]:
        """Write this many moves, one transaction each."""
        for _move in range(moves):
            ids: dict[UUID, UUID] = {}
            with self._connection.transaction(), self._connection.cursor() as cursor:
                for table, rows in self._rows.items():
                    names = list(rows[0])
                    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                        sql.Identifier(f"raw_{table}"),
                        sql.SQL(",").join(map(sql.Identifier, names)),
                        sql.SQL(",").join([sql.Placeholder()] * len(names)),
                    )
                    cursor.executemany(insert, [[_anew(name, row[name], ids) for name in names] for row in rows])
        return []


def _anew(name: str, value: Any, ids: dict[UUID, UUID]) -> Any:
    if isinstance(value, UUID):
        return ids.setdefault(value, uuid4())
    return secrets.token_hex(6) if name in _UNIQUE and value is not None else value
