"""The installation of the cluster: which host runs what, from the files of deploy/ as they are.

front: HAProxy · web1, web2: nginx and the portal · work1, work2: a worker · db1, db2, db3: etcd, Patroni and PostgreSQL
· backup: pgBackRest. Portal and workers reach the leader through an HAProxy of their own.
"""

import secrets
import ssl
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.error import URLError

from benchmarks.cluster_hosts import OUTSIDE, ClusterHost, HostService, make_disk, make_network, wait_for
from benchmarks.cluster_units import SERVICE_FOLDER, TrialAuthority, deploy_text, env_file, unit_service
from benchmarks.soak_receivers import GOOD, HANGING, LIAR

NUMBERS = {"front": 2, "web1": 11, "web2": 12, "work1": 21, "work2": 22, "db1": 31, "db2": 32, "db3": 33, "backup": 41}
DATABASES, WEBS, WORKERS = ("db1", "db2", "db3"), ("web1", "web2"), ("work1", "work2")
DISK = 1536  # megabytes of a database host
PORTAL_NAME = "portal.example"
_TLS = "/etc/renrakucho/tls"
_PASSWORD = "of-this-trial"  # noqa: S105 - as deploy_text writes it
# Beside deploy/renrakucho.env: many movers of one trial are no sudden rise.
_TRIAL = {"RENRAKUCHO_RISE_FLOOR": "100000", "RENRAKUCHO_RISE_BOOKS": "100000"}
_DATABASE_SQL = f"""
CREATE ROLE renrakucho LOGIN PASSWORD '{_PASSWORD}';
CREATE ROLE renrakucho_portal LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD '{_PASSWORD}';
CREATE DATABASE renrakucho OWNER renrakucho ENCODING UTF8;
"""


class ClusterInstallation:
    """All hosts. old, new: checkouts of two versions; the portal begins with the old one."""

    def __init__(self, folder: Path, old: Path, new: Path) -> None:
        make_network()
        self.folder, self.old, self.new = folder, old, new
        self.authority = TrialAuthority()
        self.hosts = {name: ClusterHost(name, number, folder) for name, number in NUMBERS.items()}
        (folder / "ca.pem").write_text(self.authority.pem)
        self.trust = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        self._patroni = ssl.create_default_context(cafile=str(folder / "ca.pem"))

    def start(self) -> None:
        """Start everything, database hosts first; make the database and the first backup. Raises TimeoutError."""
        for name in DATABASES:
            make_disk(self.hosts[name].folder / "disk", DISK)
        for host in self.hosts.values():
            host.boot()
            self._prepare(host)
        for name in DATABASES:
            self._start_database_host(self.hosts[name])
        self._start_backup_host()
        wait_for(self.leader, 90, "Patroni makes no leader")
        self.database("postgres", _DATABASE_SQL)
        for name in (*WEBS, *WORKERS):
            self._prepare_portal_host(self.hosts[name])
        self._fill_database()
        self._start_front()
        for name in WEBS:
            self.hosts[name].add(HostService("nginx", ("/usr/sbin/nginx", "-g", "daemon off;")))
            self.hosts[name].add(unit_service(self.hosts[name], "renrakucho-portal"))
        for name in WORKERS:
            self.hosts[name].add(unit_service(self.hosts[name], "renrakucho-worker"))
        self.backup("stanza-create")
        wait_for(lambda: len(self.standbys()) == len(DATABASES) - 1, 120, "the standbys do not follow")
        wait_for(self.answers, 90, "the portal does not answer")

    def stop(self) -> None:
        """End all hosts."""
        for host in self.hosts.values():
            host.kill()

    def leader(self) -> str:
        """The host that Patroni says is the leader; empty where there is none, or two."""
        found = [name for name in DATABASES if self._patroni_says(name, "primary")]
        return found[0] if len(found) == 1 else ""

    def standbys(self) -> list[str]:
        """The hosts that follow; one of them is the synchronous one."""
        return [name for name in DATABASES if self._patroni_says(name, "replica")]

    def synchronous(self) -> str:
        """The host that has every commit; empty where there is none."""
        return next((name for name in DATABASES if self._patroni_says(name, "synchronous")), "")

    def _patroni_says(self, name: str, role: str) -> bool:
        url = f"https://{self.hosts[name].address}:8008/{role}"
        with suppress(OSError, URLError), urllib.request.urlopen(url, timeout=1, context=self._patroni) as answer:
            return bool(answer.status == 200)
        return False

    def answers(self) -> bool:
        """Whether a page comes that needs the database."""
        request = urllib.request.Request(
            f"https://{self.hosts['front'].address}/search?q=1960015", headers={"Host": PORTAL_NAME}
        )
        with suppress(OSError), urllib.request.urlopen(request, timeout=5, context=self.trust) as answer:  # noqa: S310
            return bool(answer.status == 200)
        return False

    def database(self, name: str, statements: str, host: str = "") -> list[list[str]]:
        """Run SQL as PostgreSQL's superuser on the leader, or on this host; the rows of the answer."""
        place = self.hosts[host or self.leader()]
        environment = {"PGOPTIONS": "-c statement_timeout=20s"}
        psql = ["psql", "-h", "/run/postgresql", "-d", name, "-AtqX", "-v", "ON_ERROR_STOP=1", "-c"]
        one_by_one = [each.strip() for each in statements.split(";") if each.strip()]
        said = "".join(place.run(*psql, each, user="postgres", environment=environment) for each in one_by_one)
        return [line.split("|") for line in said.splitlines()]

    def backup(self, verb: str, *options: str) -> str:
        """pgBackRest, on the backup host."""
        return self.hosts["backup"].run("pgbackrest", "--stanza=main", *options, verb, user="postgres")

    def front_address(self) -> str:
        return self.hosts["front"].address

    def install_certificate(self) -> int:
        """Put a new certificate for browsers beside HAProxy; returns its serial number."""
        certificate, key, serial = self.authority.issue(PORTAL_NAME, self.front_address())
        self.hosts["front"].write("/etc/haproxy/certs/portal.pem", certificate + key, 0o600)
        return serial

    def restart_portal(self, name: str, version: Path | None = None) -> None:
        """Start a portal again, with another version where one is given."""
        host = self.hosts[name]
        host.stop("portal")
        if version:
            host.bind_instead(version, SERVICE_FOLDER)
        host.start("portal")

    def manage(
        self, *words: str, owner: bool = False, host: str = "web1", version: Path | None = None, database: str = ""
    ) -> str:
        """A command of the portal's, as its user on a web host. owner: as the tables' owner."""
        place = self.hosts[host]
        environment = dict(unit_service(place, "renrakucho-worker").environment)
        if owner:
            environment["DATABASE_URL"] = environment["DATABASE_URL"].replace("renrakucho_portal:", "renrakucho:")
        environment |= {"DATABASE_URL": database} if database else {}
        folder = str(version or SERVICE_FOLDER)
        environment["PYTHONPATH"] = folder
        command = (f"{SERVICE_FOLDER}/.venv/bin/python", "-m", "django", *words)
        return place.run(*command, user="renrakucho", environment=environment)

    def prepare_version(self, version: Path) -> None:
        """Prepare a roll: its migrations, and its static files on every web host beside the old ones."""
        self.manage("migrate", owner=True, version=version)
        for name in WEBS:
            self.manage("collectstatic", "--noinput", host=name, version=version)

    def write_once(self, host: str, statement: str) -> str:
        """One statement on this host's PostgreSQL, whoever leads; what it said. Raises CalledProcessError."""
        psql = ("psql", "-h", "/run/postgresql", "-d", "renrakucho", "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement)
        return self.hosts[host].run(*psql, user="postgres")

    def logs(self) -> Iterator[tuple[str, str]]:
        """Each log of each host: its name, and its text."""
        for path in sorted(self.folder.glob("*/*.log")):
            yield f"{path.parent.name}/{path.stem}", path.read_text("utf-8", "replace")

    def _prepare(self, host: ClusterHost) -> None:
        names = "".join(f"{each.address} {each.name}.internal {each.name}\n" for each in self.hosts.values())
        host.write("/etc/hosts", f"127.0.0.1 localhost\n{names}{OUTSIDE} mail.internal\n")
        host.run("groupadd", "--force", "--system", "renrakucho-tls")
        host.run("useradd", "--system", "--user-group", "--no-create-home", "renrakucho")
        for user in ("postgres", "etcd"):
            with suppress(Exception):
                host.run("usermod", "--append", "--groups", "renrakucho-tls", user)
        certificate, key, _serial = self.authority.issue(f"{host.name}.internal", host.address)
        host.write(f"{_TLS}/ca.pem", self.authority.pem)
        host.write(f"{_TLS}/host.pem", certificate)
        host.write(f"{_TLS}/host.key", key, 0o640, "root", "renrakucho-tls")
        make_folders = partial(_make_run_folders, host)
        make_folders()
        host.at_boot.append(make_folders)

    def _start_database_host(self, host: ClusterHost) -> None:
        host.bind(host.folder / "disk", "/var/lib/postgresql")
        host.run("chown", "postgres:postgres", "/var/lib/postgresql")
        host.run("install", "--directory", "--owner=etcd", "--mode=700", "/var/lib/etcd", "/var/lib/etcd/renrakucho")
        host.write("/etc/patroni/config.yml", deploy_text("patroni/config.yml", **{"mode: automatic": "mode: off"}))
        host.write("/etc/pgbackrest.conf", deploy_text("pgbackrest/database.conf"))
        own = {"db1.internal": f"{host.name}.internal", "NAME=db1": f"NAME={host.name}"}
        etcd = deploy_text("patroni/etcd.env")
        cluster = next(line for line in etcd.splitlines() if line.startswith("ETCD_INITIAL_CLUSTER="))
        etcd = deploy_text("patroni/etcd.env", **own) + cluster
        patroni = env_file(deploy_text("patroni/patroni.env", **own))
        host.add(HostService("etcd", ("/usr/bin/etcd",), "etcd", env_file(etcd)))
        host.add(HostService("patroni", ("/usr/bin/patroni", "/etc/patroni/config.yml"), "postgres", patroni))
        host.add(unit_service(host, "pgbackrest-server"))

    def _start_backup_host(self) -> None:
        host = self.hosts["backup"]
        host.write("/etc/pgbackrest.conf", deploy_text("pgbackrest/repository.conf"), 0o640, "root", "postgres")
        host.run("install", "--directory", "--owner=postgres", "--mode=750", "/var/lib/pgbackrest")
        host.add(unit_service(host, "pgbackrest-server"))

    def _prepare_portal_host(self, host: ClusterHost) -> None:
        open_python = partial(host.open_to_others, Path(sys.base_prefix))
        open_python()
        host.at_boot.append(open_python)
        host.bind(self.old, SERVICE_FOLDER)
        keys = self.folder / "period-keys"
        keys.mkdir(exist_ok=True)
        host.bind(keys, "/var/lib/renrakucho-period-keys")
        for folder in ("/var/lib/renrakucho", "/var/lib/renrakucho-period-keys"):
            host.run("install", "--directory", "--owner=renrakucho", "--mode=711", folder)
        for key in ("master_key", "secret_key"):
            path = self.folder / key
            if not path.exists():
                path.write_text(secrets.token_hex(32))
            host.write(f"/etc/renrakucho/keys/{key}", path.read_text(), 0o600)
        connections = f"[{GOOD}.pull]\n[{LIAR}]\ndesk = true\n[{HANGING}.pull]\n"
        host.write("/etc/renrakucho/connections.toml", connections, 0o640, "root", "renrakucho")
        trial = "".join(f"{name}={text}\n" for name, text in _TRIAL.items())
        host.write("/etc/renrakucho/renrakucho.env", deploy_text("renrakucho.env") + trial)
        host.write("/etc/haproxy/haproxy.cfg", deploy_text("haproxy/database.cfg"))
        self._start_haproxy(host)
        if host.name in WEBS:
            host.run("sh", "-c", "rm -f /etc/nginx/sites-enabled/*")
            host.write("/etc/nginx/sites-enabled/portal.conf", deploy_text("nginx/portal.conf"))
            locations = deploy_text("nginx/renrakucho-locations.conf")
            host.write("/etc/nginx/renrakucho-locations.conf", locations)

    def _start_front(self) -> None:
        host = self.hosts["front"]
        host.write("/etc/haproxy/haproxy.cfg", deploy_text("haproxy/front.cfg"))
        self.install_certificate()
        self._start_haproxy(host)

    def _start_haproxy(self, host: ClusterHost) -> None:
        host.add(HostService("haproxy", ("/usr/sbin/haproxy", "-W", "-f", "/etc/haproxy/haproxy.cfg")))

    def _fill_database(self) -> None:
        wait_for(lambda: self.hosts["web1"].services["haproxy"].process, 5, "no HAProxy")
        self.manage("migrate", owner=True)
        self.manage("database", "roles", "--execute", owner=True)
        self.manage("directory", "load", owner=True)
        self.manage("provider", "load", owner=True)
        for name in WEBS:
            self.manage("collectstatic", "--noinput", host=name)


def _make_run_folders(host: ClusterHost) -> None:
    for folder, user in {"/run/haproxy": "haproxy", "/run/postgresql": "postgres"}.items():
        host.run("install", "--directory", f"--owner={user}", folder)
