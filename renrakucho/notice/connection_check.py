"""Connection check: what is wrong in connections.toml, by line, for the operator. No start without such a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from renrakucho.channel.channel_table import local_channel
from renrakucho.channel.connection import BadConnections, Connection
from renrakucho.channel.connection_review import ConnectionFinding, LoadedConnections
from renrakucho.lib.message_text import did_you_mean
from renrakucho.lib.noun_command import bilingual
from renrakucho.lib.oidc.issuer_metadata import forget_issuers, issuer_metadata, signing_keys
from renrakucho.lib.oidc.oidc_issuer import IssuerUnusable
from renrakucho.notice.connected_providers import has_login_issuer, loaded_connections, local_folders
from renrakucho.sheet.form import BY_PHONE
from renrakucho.sheet.sheet_loader import load_sheets


@dataclass(frozen=True)
class ConnectionReport:
    """findings: by line. connected, refused: the slugs of providers and peers that are connected, and that are not."""

    findings: tuple[ConnectionFinding, ...]
    connected: tuple[str, ...]
    refused: tuple[str, ...]


def connection_findings() -> list[ConnectionFinding]:
    """Every finding in this process's present version of connections.toml, in the order of its lines.

    Where a later version could not be read, the first finding says so, and the others are of the version that stands.
    """
    loaded = loaded_connections()
    return sorted([*loaded.findings, *_form_findings(loaded)])


def connection_report() -> ConnectionReport:
    """The findings, and who is connected."""
    loaded, findings = loaded_connections(), connection_findings()
    names = {
        *loaded.connections,
        *(f"peers.{slug}" for slug in loaded.peers),
        *(f"issuers.{slug}" for slug in loaded.issuers),
    }
    wrong = {finding.provider for finding in findings if finding.severity == "error" and finding.provider}
    return ConnectionReport(tuple(findings), tuple(sorted(names - wrong)), tuple(sorted(wrong)))


def issuer_findings() -> Iterator[ConnectionFinding]:
    """Ask every login issuer for its document and keys; yield what cannot be used."""
    loaded, folders = loaded_connections(), local_folders()
    forget_issuers()
    for slug, issuer in loaded.issuers.items():
        name, line = f"issuers.{slug}", loaded.lines[f"issuers.{slug}"]
        try:
            issuer_metadata(issuer)
            signing_keys(issuer, None)
        except IssuerUnusable as error:
            yield ConnectionFinding(line, name, "error", *error.said)
        for desk in issuer.desks:
            if desk not in folders:
                english = f"there is no provider {desk!r}; {did_you_mean(desk, folders)}"
                yield ConnectionFinding(line, name, "error", f"{desk}という事業者のフォルダーはありません", english)


def require_connections() -> None:
    """Refuse a start without connections. Raises BadConnections where the file cannot be read at all."""
    loaded = loaded_connections()
    if not loaded.usable:
        raise BadConnections("\n".join(finding_line(each) for each in loaded.findings))


def finding_line(finding: ConnectionFinding) -> str:
    """The finding as `connections.toml:12: tokyo-gas: … / …`."""
    whose = f"{finding.provider}: " if finding.provider else ""
    return f"{settings.CONNECTIONS}:{finding.line}: {whose}{bilingual(finding.japanese, finding.english)}"


def _form_findings(loaded: LoadedConnections) -> Iterator[ConnectionFinding]:
    """Yield what the connections of a provider say against its folder."""
    folders = local_folders()
    for slug, connection in loaded.connections.items():
        line = loaded.lines[slug]
        folder = folders.get(slug)
        if folder is None or folder.path is None:
            english = f"there is no provider {slug!r}; {did_you_mean(slug, folders)}"
            yield ConnectionFinding(line, slug, "error", f"{slug}という事業者のフォルダーはありません", english)
        elif not any(_channels(connection)):
            english = "none of its forms can go this way"
            yield ConnectionFinding(line, slug, "warning", "この書き方では、どの様式も送れません", english)
        else:
            yield from _login_findings(slug, line, folder.path)


def _login_findings(slug: str, line: int, path: Path) -> Iterator[ConnectionFinding]:
    """Yield the forms that ask for an identity login which no issuer here gives: their movers telephone."""
    for procedure, sheet in load_sheets(path).items():
        if not has_login_issuer(sheet):
            asked = ", ".join(sheet.assurance.login)
            yield ConnectionFinding(
                line,
                slug,
                "warning",
                f"{procedure}の様式が本人確認のログイン（{asked}）を求めますが、[issuers.….movers]がないので送れません",
                f"its form {procedure} asks for a login that proves {asked}, and no [issuers.….movers] gives one",
            )


def _channels(connection: Connection) -> Iterator[str | None]:
    path = local_folders()[connection.provider].path
    for procedure, sheet in (load_sheets(path) if path else {}).items():
        if sheet.channel != BY_PHONE:
            yield local_channel(connection, sheet, procedure)
