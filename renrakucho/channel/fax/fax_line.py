"""Settings of a fax line: the table [<provider>.fax] over [here.fax].

number = "+81475000000"                                    # of the provider; 0475-00-0000 is read too
server = "hylafax://localhost:4559?modem=ttyS0&prefix=0,"  # HylaFAX; modem and prefix (an outside line) can be left out
server = "mail://smtp.example:587?gateway=fax.example&from=fax@portal.example"       # a gateway, by mail (RFC 3965)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from renrakucho.lib.errors import InvalidInput

_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")  # ITU-T E.164
_BETWEEN = str.maketrans("", "", " -()")
_PORTS = {"hylafax": 4559, "mail": 25}
_SETTINGS = {"hylafax": {"modem", "prefix"}, "mail": {"gateway", "from"}}
_PLAIN = re.compile(r"[A-Za-z0-9@._,+*#:-]*")  # of settings: nothing that could end a line of a protocol


class FaxTable(TypedDict):
    """[<provider>.fax] over [here.fax]"""

    number: str
    server: str


class BadFaxLine(InvalidInput):
    """The table cannot be used; the message says why."""


@dataclass(frozen=True)
class FaxLine:
    """number: E.164. scheme: «hylafax» or «mail». settings: the query of the server's URL."""

    number: str
    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def dialled(self) -> str:
        """The number as it is dialled from a telephone line in Japan, after the prefix."""
        abroad = f"010{self.number[1:]}"
        return self.settings.get("prefix", "") + (f"0{self.number[3:]}" if self.number.startswith("+81") else abroad)


def fax_line_of(table: Mapping[str, Any]) -> FaxLine:
    """The line that a table describes. Raises BadFaxLine."""
    return replace(fax_server_of(table), number=fax_number_of(table))


def fax_server_of(table: Mapping[str, Any]) -> FaxLine:
    """The table's line without the provider's number. Raises BadFaxLine."""
    try:
        server = urlsplit(str(table.get("server", "")))
        port = server.port or _PORTS.get(server.scheme, 0)
    except ValueError as error:
        raise BadFaxLine(f"server: {error}") from error
    if not server.hostname or server.scheme not in _PORTS:
        raise BadFaxLine("server: neither hylafax://… nor mail://…")
    return FaxLine(
        number="",
        scheme=server.scheme,
        host=server.hostname,
        port=port,
        user=unquote(server.username or ""),
        password=unquote(server.password or ""),
        settings=_settings(server),
    )


def fax_number_of(table: Mapping[str, Any]) -> str:
    """The provider's number as +81…. Raises BadFaxLine."""
    written = str(table.get("number", "")).translate(_BETWEEN)
    number = f"+81{written[1:]}" if written.startswith("0") else written
    if not _NUMBER.fullmatch(number):
        raise BadFaxLine("number: not a telephone number such as +81475000000")
    return number


def _settings(server: SplitResult) -> dict[str, str]:
    settings = dict(parse_qsl(server.query.replace("+", "%2B")))
    unknown = settings.keys() - _SETTINGS[server.scheme]
    if unknown:
        raise BadFaxLine(f"server: no such setting: {', '.join(sorted(unknown))}")
    for name, text in settings.items():
        if not _PLAIN.fullmatch(text):
            raise BadFaxLine(f"server: {name} has characters that it cannot have")
    return settings


@dataclass(frozen=True)
class FaxDocument:
    """A page to fax. key: idempotency key. name: for operators, without personal data. until: deadline."""

    key: str
    name: str
    tiff: bytes
    until: datetime | None = None
