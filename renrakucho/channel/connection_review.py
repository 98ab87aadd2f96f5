"""Review of connections.toml: each provider's connection that can work, and every mistake by its line.

A provider or a peer with an error is left out; what is wrong with one never takes another along.
"""

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypedDict, get_type_hints

from renrakucho.channel.channel_table import CHANNELS
from renrakucho.channel.connection import BadConnections, Connection
from renrakucho.channel.login_issuer import LoginIssuer, issuer_faults, read_issuer
from renrakucho.channel.peer_portal import PeerPortal, peer_faults
from renrakucho.channel.table_faults import TableFault, key_faults, schema_faults, secret_faults, url_faults
from renrakucho.lib.message_text import BothLanguages
from renrakucho.lib.toml_lines import Place, grammar_mistake, toml_line_of
from renrakucho.sheet.procedure import PROCEDURES, Procedure

HERE, PEERS, ISSUERS = "here", "peers", "issuers"
_LONGEST_HOURS = 24 * 366
_HELD_APART = ("secret", "server", "key")  # keys whose value may be in a file or a variable
_NAMED_FILES = ("folder", "ca")  # keys that name a file, without which the table cannot work
_OTHERS = 0o007


@dataclass(frozen=True, order=True)
class ConnectionFinding:
    """One mistake of connections.toml, at its line.

    provider: the slug, `peers.<slug>`, `issuers.<slug>`, `here`, or empty for the whole file. error: the provider is
    not connected; warning: it works. No sentence quotes a secret.
    """

    line: int
    provider: str
    severity: Literal["error", "warning"]
    japanese: str
    english: str


@dataclass(frozen=True, eq=False)
class LoadedConnections:
    """A version of connections.toml. Compared by identity, so that it is quickly found in a cache.

    usable: False where there was no version that could be read. faulty: slugs, `peers.<slug>` and `issuers.<slug>`,
    left out for a mistake. lines: where each provider and issuer stands. beside: the files that it names, whose change
    is a change of it.
    """

    connections: Mapping[str, Connection] = field(default_factory=dict)
    peers: Mapping[str, PeerPortal] = field(default_factory=dict)
    issuers: Mapping[str, LoginIssuer] = field(default_factory=dict)
    findings: tuple[ConnectionFinding, ...] = ()
    usable: bool = True
    faulty: frozenset[str] = frozenset()
    lines: Mapping[str, int] = field(default_factory=dict)
    beside: tuple[Path, ...] = ()


class _ProviderTable(TypedDict, total=False):
    """[<provider>]"""

    secret: str
    hosts: list[str]
    valid_hours: int
    desk: bool


class _EntryTable(TypedDict):
    """[<provider>.<procedure>]"""

    entry: str


def review_connections(
    text: str, folder: Path, *, sandbox: str, letters: str, trial: bool, readable: bool = False
) -> LoadedConnections:
    """Read every connection of the text. Raises BadConnections where it is no TOML.

    `sandbox` replaces "{sandbox}", and `letters` (host and port of the mail server) replaces "{letters}". folder: that
    of the file, for files named in it. trial: whether this installation is for trying things out. readable: whether
    others can read the file.
    """
    try:
        source = tomllib.loads(text.replace("{sandbox}", sandbox).replace("{letters}", letters))
    except tomllib.TOMLDecodeError as error:
        mistake = grammar_mistake(text, error)
        said = BothLanguages("TOMLとして読めません", mistake.message)
        raise BadConnections(f"{mistake.line}: {said}") from error
    except RecursionError:
        raise BadConnections(f"1: {_TOO_DEEP}") from None
    return _Review(text, folder, source, trial).result(readable)


_TOO_DEEP = BothLanguages("括弧が深く重なりすぎています", "brackets stand too deep within each other")


class _Review:
    """One review: its findings come together while the tables are read."""

    def __init__(self, text: str, folder: Path, source: dict[str, Any], trial: bool) -> None:
        self.text, self.folder, self.source, self.trial = text, folder, source, trial
        self.findings: list[ConnectionFinding] = []
        self.faulty: set[str] = set()
        self.beside: list[Path] = []
        self.has_plain_secret = False
        self.here: dict[str, Any] = {}

    def result(self, readable: bool) -> LoadedConnections:
        """The connections that can work, and the findings by line."""
        self.here = self._defaults()
        slugs = [slug for slug in self.source if slug not in (HERE, PEERS, ISSUERS)]
        connections = {slug: made for slug in slugs if (made := self._connection(slug, self.source[slug]))}
        peers = self._peers(self.source.get(PEERS, {}))
        issuers = self._issuers(self.source.get(ISSUERS, {}))
        if readable and self.has_plain_secret and not self.trial:
            self._add("", (), _readable_fault(BothLanguages("このファイル", "this file")))
        return LoadedConnections(
            connections=connections,
            peers=peers,
            issuers=issuers,
            findings=tuple(sorted(self.findings)),
            faulty=frozenset(self.faulty),
            lines={
                **{slug: toml_line_of(self.text, (slug,)) for slug in slugs},
                **{f"{ISSUERS}.{slug}": toml_line_of(self.text, (ISSUERS, slug)) for slug in issuers},
            },
            beside=tuple(self.beside),
        )

    def _add(self, provider: str, place: Place, fault: TableFault) -> None:
        line = toml_line_of(self.text, place)
        if any((finding.line, finding.provider) == (line, provider) for finding in self.findings):
            return  # one line, one mistake: an empty secret that could not be read is also too short
        self.findings.append(
            ConnectionFinding(line, provider, "warning" if fault.warning else "error", fault.japanese, fault.english)
        )
        if not fault.warning:
            self.faulty.add(provider)

    def _add_all(self, provider: str, place: Place, faults: Iterable[TableFault]) -> bool:
        """Add the faults of a table at this place. Returns whether the table can be used."""
        found = list(faults)
        for fault in found:
            self._add(provider, (*place, *fault.place), fault)
        return all(fault.warning for fault in found)

    def _defaults(self) -> dict[str, Any]:
        here = self.source.get(HERE, {})
        if not isinstance(here, dict):
            self._add(HERE, (HERE,), _no_table(HERE))
            return {}
        self._add_all(HERE, (HERE,), key_faults(here, dict.fromkeys(CHANNELS, dict), "this table"))
        return {
            name: self._with_secrets(HERE, (HERE, name), table)
            for name, table in here.items()
            if name in CHANNELS and isinstance(table, dict)
        }

    def _connection(self, slug: str, given: Any) -> Connection | None:
        if not isinstance(given, dict):
            self._add(slug, (slug,), _no_table(slug))
            return None
        given = self._with_secrets(slug, (slug,), given)
        hints: dict[str, Any] = {
            **get_type_hints(_ProviderTable),
            **dict.fromkeys(PROCEDURES, dict),
            **dict.fromkeys(CHANNELS, dict),
        }
        fits = self._add_all(slug, (slug,), key_faults(given, hints, "a provider"))
        entries = {name: given[name] for name in PROCEDURES if isinstance(given.get(name), dict)}
        tables = {
            name: self._merged(slug, name, given[name])
            for name in given
            if name in CHANNELS and isinstance(given[name], dict)
        }
        for name, entry in entries.items():
            fits &= self._add_all(slug, (slug, name), schema_faults(entry, _EntryTable, "a procedure"))
        for name, table in tables.items():
            self._check_table(slug, name, table)
        if fits:
            self._add_all(slug, (slug,), self._value_faults(given, entries))
        if fits and not (given.get("desk") or entries or tables):
            self._add(slug, (slug,), _LEADS_NOWHERE)
        if slug in self.faulty:
            return None
        return Connection(
            provider=slug,
            secret=given.get("secret", ""),
            hosts=tuple(given.get("hosts", ())),
            valid_hours=given.get("valid_hours", 48),
            desk=given.get("desk", False),
            entries={name: entry["entry"] for name, entry in entries.items()},
            tables=tables,
        )

    def _value_faults(self, given: Mapping[str, Any], entries: Mapping[Procedure, Any]) -> Iterator[TableFault]:
        for name, entry in entries.items():
            yield from url_faults((name, "entry"), entry["entry"], plain_http=lambda _host: self.trial)
        for host in given.get("hosts", ()):
            yield from url_faults(("hosts",), host, plain_http=lambda _host: self.trial, origin=True)
        if entries and "secret" not in given:
            yield TableFault(
                (next(iter(entries)),),
                "Webリンクなのにsecretがありません。戻りリンクに署名できず、受理が伝わりません",
                "a web link without a secret: no return link can be signed, and no acceptance comes back",
            )
        elif "secret" in given:
            yield from secret_faults(("secret",), given["secret"], trial=self.trial)
        if not 1 <= given.get("valid_hours", 48) <= _LONGEST_HOURS:
            yield TableFault(
                ("valid_hours",),
                f"valid_hoursは1から{_LONGEST_HOURS}までの時間数です",
                f"valid_hours is not between 1 and {_LONGEST_HOURS}",
            )

    def _merged(self, slug: str, name: str, table: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.here.get(name, {}), **self._with_secrets(slug, (slug, name), table)}

    def _check_table(self, slug: str, name: str, table: Mapping[str, Any]) -> None:
        self.beside += [Path(table[key]) for key in _NAMED_FILES if isinstance(table.get(key), str)]
        for fault in CHANNELS[name].table_faults(table, self.trial):
            key = fault.place[0] if fault.place else ""
            inherited = key not in self.source[slug][name] and key in self.here.get(name, {})
            self._add(slug, (HERE if inherited else slug, name, *fault.place), fault)

    def _peers(self, given: Any) -> dict[str, PeerPortal]:
        if not isinstance(given, dict):
            self._add(PEERS, (PEERS,), _no_table(PEERS))
            return {}
        peers = {slug: made for slug, table in given.items() if (made := self._peer(slug, table))}
        urls = [peer.url for peer in peers.values()]
        for slug in [slug for slug, peer in peers.items() if urls.count(peer.url) > 1]:
            self._add(f"{PEERS}.{slug}", (PEERS, slug, "url"), _SAME_URL)
            del peers[slug]
        return peers

    def _peer(self, slug: str, given: Any) -> PeerPortal | None:
        name, place = f"{PEERS}.{slug}", (PEERS, slug)
        if not isinstance(given, dict):
            self._add(name, place, _no_table(slug))
            return None
        table = self._with_secrets(name, place, given)
        self._add_all(name, place, peer_faults(slug, table, self.trial))
        if name in self.faulty:
            return None
        lists = {key: tuple(table.get(key, ())) for key in ("allow", "prefectures")}
        return PeerPortal(slug, **{**table, **lists, "providers": tuple(sorted(table.get("providers", {}).items()))})

    def _issuers(self, given: Any) -> dict[str, LoginIssuer]:
        if not isinstance(given, dict):
            self._add(ISSUERS, (ISSUERS,), _no_table(ISSUERS))
            return {}
        return {slug: made for slug, table in given.items() if (made := self._issuer(slug, table))}

    def _issuer(self, slug: str, given: Any) -> LoginIssuer | None:
        name, place = f"{ISSUERS}.{slug}", (ISSUERS, slug)
        if not isinstance(given, dict):
            self._add(name, place, _no_table(slug))
            return None
        table = self._with_secrets(name, place, given)
        self._add_all(name, place, issuer_faults(slug, table, self.trial))
        return None if name in self.faulty else read_issuer(slug, table)

    def _with_secrets(self, provider: str, place: Place, table: Mapping[str, Any]) -> dict[str, Any]:
        """The table with its secrets, wherever they are. One that cannot be had stays a table, and is a finding."""
        return {key: self._value(provider, (*place, key), value) for key, value in table.items()}

    def _value(self, provider: str, place: Place, value: Any) -> Any:
        if place[-1] not in _HELD_APART:
            return value
        if isinstance(value, list):
            return [self._value(provider, place, each) for each in value if not isinstance(each, list)]
        if not isinstance(value, dict):
            self.has_plain_secret = True
            return value
        fault, text = self._secret_text(str(place[-1]), value)
        if fault:
            self._add(provider, place, fault)
        return text

    def _secret_text(self, key: str, named: Mapping[str, Any]) -> tuple[TableFault | None, str]:
        if set(named) == {"env"} and isinstance(named["env"], str):
            text = os.environ.get(named["env"], "")
            return (None if text else _not_there(key, named["env"])), text
        if set(named) == {"file"} and isinstance(named["file"], str):
            path = self.folder / named["file"]
            self.beside.append(path)
            try:
                text, mode = path.read_text("utf-8").strip(), path.stat().st_mode
            except (OSError, ValueError):
                return _not_there(key, named["file"]), ""
            return (_readable_fault(BothLanguages(named["file"], named["file"])) if mode & _OTHERS else None), text
        kinds = '"…", {file = "…"}, {env = "…"}'
        return TableFault((), f"{key}は{kinds}のどれかです", f"{key} is one of {kinds}"), ""


_LEADS_NOWHERE = TableFault(
    (), "送り先が何も書いてありません", "no desk, no procedure and no channel: nothing goes this way", warning=True
)
_SAME_URL = TableFault(
    (),
    "別の連携先と同じurlです。どちらの署名か分かりません",
    "another peer has the same url: nobody can tell whose signature it is",
)


def _no_table(name: str) -> TableFault:
    return TableFault((), f"{name}は[{name}]の表ではありません", f"{name} is not a table")


def _not_there(key: str, name: str) -> TableFault:
    return TableFault((), f"{key}を{name}から読めません", f"{key} cannot be read from {name}")


def _readable_fault(name: BothLanguages) -> TableFault:
    return TableFault(
        (),
        f"{name.japanese}を、ほかの利用者も読めます。chmod o=で閉じてください",
        f"other users can read {name.english}, which holds a secret: close it with chmod o=",
        warning=True,
    )
