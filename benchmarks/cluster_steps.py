"""Steps of the deploy test: each breaks something under load, and says what came of it."""

import importlib.util
import signal
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import disk_usage
from subprocess import CalledProcessError
from types import ModuleType

from benchmarks.cluster_hosts import BRIDGE, CUT_BRIDGE, HostService, wait_for
from benchmarks.cluster_installation import DATABASES, WEBS, ClusterInstallation
from benchmarks.cluster_load import LoadFigures
from benchmarks.cluster_units import DEPLOY, deploy_text, serial_of

MOST_PAUSE = 30  # seconds without an acknowledged write after a leader is gone
_CALM = 6  # seconds of load before and after
_WAL_FILES = 40  # more than PostgreSQL keeps ready
_WAL = "SELECT wal_bytes FROM pg_stat_wal"
_MINORITY_WRITE = "CREATE TABLE IF NOT EXISTS accepted_by_minority (id int)"


@dataclass
class StepResult:
    """figures: what was measured, in words. faults: what must not be."""

    figures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def expect(self, holds: bool, fault: str) -> None:
        """A fault, unless it holds."""
        if not holds:
            self.faults.append(fault)


@dataclass
class ClusterTrial:
    """The cluster, its load, and the place for what a step makes."""

    cluster: ClusterInstallation
    load: LoadFigures
    folder: Path


Step = Callable[[ClusterTrial, StepResult], None]


def measure_calm(trial: ClusterTrial, result: StepResult) -> None:
    """Nothing is broken: WAL and rows a move, and that nothing fails."""
    cluster, began = trial.cluster, time.monotonic()
    cluster.database("postgres", "CHECKPOINT")
    moves, before = len(trial.load.registered), int(cluster.database("renrakucho", _WAL)[0][0])
    time.sleep(4 * _CALM)
    moves, written = len(trial.load.registered) - moves, int(cluster.database("renrakucho", _WAL)[0][0]) - before
    failed = trial.load.failed_since(began)
    result.expect(not failed, f"{len(failed)} requests failed: {failed[:3]}")
    result.expect(moves > 0, "no mover registered")
    result.figures.append(f"{moves} moves of two notices, {written / max(1, moves) / 1000:.0f} kB of WAL each")


def roll_versions(trial: ClusterTrial, result: StepResult) -> None:
    """The new version's migrations, then the new version, back to the old one, and to the new one again."""
    cluster, began = trial.cluster, time.monotonic()
    rolling = _rolling_module()
    socket_path = str(cluster.hosts["front"].path(rolling.SOCKET))
    requests = trial.load.requests
    cluster.prepare_version(cluster.new)
    for version in (cluster.new, cluster.old, cluster.new):
        rolling.roll_hosts(WEBS, lambda host, version=version: cluster.restart_portal(host, version), socket_path)
    failed = trial.load.failed_since(began)
    result.expect(not failed, f"{len(failed)} requests failed: {failed[:3]}")
    result.figures.append(f"{trial.load.requests - requests} requests over three rolls, {len(failed)} failed")


def kill_leader(trial: ClusterTrial, result: StepResult) -> None:
    """A power cut of the leader's host; later it comes back and follows."""
    cluster, leader = trial.cluster, trial.cluster.leader()
    with _measured_pause(trial, result):
        cluster.hosts[leader].kill()
        took = wait_for(lambda: cluster.leader() not in ("", leader), 60, "no new leader")
    result.figures.append(f"new leader after {took:.1f} s")
    cluster.hosts[leader].boot()
    took = wait_for(lambda: len(cluster.standbys()) == len(DATABASES) - 1, 120, f"{leader} does not follow")
    result.figures.append(f"{leader} follows again {took:.1f} s after its start")


def kill_web_host(trial: ClusterTrial, result: StepResult) -> None:
    """A power cut of a web host. What it worked on may fail; what is asked after HAProxy knows must not."""
    cluster, began = trial.cluster, time.monotonic()
    cluster.hosts["web1"].kill()
    time.sleep(_CALM * 3)
    with trial.load.lock:
        in_flight = [what for start, end, what in trial.load.failures if start < began <= end]
        later = [what for start, _end, what in trial.load.failures if start >= began]
    result.expect(not later, f"{len(later)} requests failed that began afterwards: {later[:3]}")
    result.figures.append(f"{len(in_flight)} requests in flight failed, {len(later)} later ones")
    cluster.hosts["web1"].boot()
    time.sleep(_CALM)


def cut_network(trial: ClusterTrial, result: StepResult) -> None:
    """The leader, a web host and a worker on one side, everything else on the other."""
    cluster, leader = trial.cluster, trial.cluster.leader()
    minority = (leader, "web2", "work2")
    with _measured_pause(trial, result):
        for name in minority:
            cluster.hosts[name].move_to(CUT_BRIDGE)
        accepted = _write_on_minority(cluster, leader)
        wait_for(lambda: cluster.leader() not in ("", leader), 60, "no new leader")
        accepted = accepted or _write_on_minority(cluster, leader)
    result.expect(not accepted, "the minority acknowledged a write")
    result.figures.append("the cut-off leader acknowledged nothing")
    for name in minority:
        cluster.hosts[name].move_to(BRIDGE)
    took = wait_for(lambda: len(cluster.standbys()) == len(DATABASES) - 1, 120, f"{leader} does not follow")
    result.figures.append(f"healed {took:.1f} s after the cut was mended")


def fill_disk(trial: ClusterTrial, result: StepResult) -> None:
    """The leader's disk is full, and its WAL needs room: the standby takes over, and it follows once it has room."""
    cluster, leader, began = trial.cluster, trial.cluster.leader(), time.monotonic()
    ballast = cluster.hosts[leader].folder / "disk" / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 20))
    room = disk_usage(ballast.parent).free
    result.expect(room < 1 << 20, f"the disk was not full: {room} bytes")
    with _measured_pause(trial, result):
        for _each in range(_WAL_FILES):
            if cluster.leader() != leader:
                break
            with suppress(CalledProcessError):
                cluster.write_once(leader, "SELECT txid_current(); SELECT pg_switch_wal()")
        took = wait_for(lambda: cluster.leader() not in ("", leader), 60, "nobody took over")
    result.figures.append(f"another leader {took:.1f} s after the last WAL file was full")
    ballast.unlink()
    refused = trial.load.failed_since(began)
    result.figures.append(f"{len(refused)} requests refused meanwhile, with a page that can be sent again")
    took = wait_for(lambda: len(cluster.standbys()) == len(DATABASES) - 1, 120, f"{leader} does not follow")
    result.figures.append(f"{leader} follows {took:.1f} s after there was room")


def set_clock_apart(trial: ClusterTrial, result: StepResult) -> None:
    """A worker five days ahead, and a web host ten minutes."""
    cluster, began = trial.cluster, time.monotonic()
    work, web = cluster.hosts["work2"], cluster.hosts["web2"]
    work.stop("worker")
    rolling = _rolling_module()

    def restart(host: str) -> None:
        web.stop("portal")
        web.clock = "+10m"
        web.start("portal")

    work.clock = "+5d"
    work.start("worker")
    rolling.roll_hosts(["web2"], restart, str(cluster.hosts["front"].path(rolling.SOCKET)))
    before = len(trial.load.writes)
    time.sleep(_CALM * 2)
    failed = trial.load.failed_since(began)
    undelivered = cluster.database("renrakucho", "SELECT count(*) FROM notice_notice WHERE status = 'undelivered'")
    result.expect(not failed, f"{len(failed)} requests failed: {failed[:3]}")
    result.expect(undelivered == [["0"]], f"{undelivered} notices were given up")
    written = len(trial.load.writes) - before
    result.expect(written > 0, "nothing was written meanwhile")
    result.figures.append(f"{written} writes with two wrong clocks, {len(failed)} failed, none given up")
    web.clock = work.clock = ""


def renew_certificate(trial: ClusterTrial, result: StepResult) -> None:
    """A new file beside HAProxy and a reload (SIGUSR2), under load."""
    cluster, began = trial.cluster, time.monotonic()
    requests = trial.load.requests
    serial = cluster.install_certificate()
    cluster.hosts["front"].signal("haproxy", signal.SIGUSR2)
    took = wait_for(lambda: _served_serial(cluster) == serial, 20, "the new certificate is not served")
    time.sleep(_CALM)
    failed = trial.load.failed_since(began)
    result.expect(not failed, f"{len(failed)} requests failed: {failed[:3]}")
    result.figures.append(f"served after {took:.1f} s; {trial.load.requests - requests} requests, {len(failed)} failed")


def restore_backup(trial: ClusterTrial, result: StepResult) -> None:
    """A backup under load, and the restore drill: what is acknowledged before it has to be in the clean place."""
    cluster, host = trial.cluster, trial.cluster.hosts["backup"]
    began = time.monotonic()
    cluster.backup("backup")
    taken = time.monotonic() - began
    known = trial.load.acknowledged()
    cluster.database("postgres", "SELECT pg_switch_wal()")
    cluster.backup("check")
    drill = (DEPLOY / "pgbackrest" / "restore-drill").read_text("utf-8")
    host.write("/srv/restore-drill", drill, 0o755)
    said = host.run("/srv/restore-drill", "/var/lib/pgbackrest/drill", user="postgres")
    query = "SELECT id FROM notice_notice WHERE status <> 'not_entered'"
    psql = ("psql", "-h", "/var/lib/pgbackrest/drill", "-U", "postgres", "-d", "renrakucho", "-Atc", query)
    restored = set(host.run(*psql, user="postgres").split())
    lost = {str(each) for each in known} - restored
    result.expect(not lost, f"{len(lost)} notices are not in the restored database")
    result.figures.append(f"backup {taken:.1f} s; {'; '.join(said.splitlines())}")
    stop = ("/usr/lib/postgresql/15/bin/pg_ctl", "-D", "/var/lib/pgbackrest/drill/data", "-m", "fast", "stop")
    host.run(*stop, user="postgres")


def pool_sessions(trial: ClusterTrial, result: StepResult) -> None:
    """PgBouncer on the leader's host: a command of the portal goes through it by TLS, as the portal's role."""
    cluster = trial.cluster
    host = cluster.hosts[cluster.leader()]
    host.write("/etc/pgbouncer/pgbouncer.ini", deploy_text("pgbouncer/pgbouncer.ini"), 0o640, "root", "postgres")
    host.write("/etc/pgbouncer/userlist.txt", '"renrakucho_portal" "of-this-trial"\n', 0o640, "root", "postgres")
    host.add(HostService("pgbouncer", ("/usr/sbin/pgbouncer", "/etc/pgbouncer/pgbouncer.ini"), "postgres"))
    url = f"postgresql://renrakucho_portal:of-this-trial@{host.name}.internal:6432/renrakucho"
    url += "?sslmode=verify-full&sslrootcert=/etc/renrakucho/tls/ca.pem&target_session_attrs=read-write"
    time.sleep(_CALM)
    cluster.manage("keys", "list", database=url)
    host.stop("pgbouncer", signal.SIGINT)
    result.figures.append("a command went through PgBouncer by TLS")


STEPS: dict[str, Step] = {
    "calm": measure_calm,
    "rolling": roll_versions,
    "leader": kill_leader,
    "web": kill_web_host,
    "cut": cut_network,
    "disk": fill_disk,
    "clock": set_clock_apart,
    "certificate": renew_certificate,
    "restore": restore_backup,
    "pool": pool_sessions,
}


@contextmanager
def _measured_pause(trial: ClusterTrial, result: StepResult) -> Iterator[None]:
    """How long no write was acknowledged while the block ran, and until the next one after it."""
    began = time.monotonic()
    yield
    ended, before = time.monotonic(), len(trial.load.writes)
    wait_for(lambda: len(trial.load.writes) > before, 60, "no write is acknowledged any more")
    time.sleep(1)
    pause = trial.load.longest_pause(began, ended)
    result.expect(pause <= MOST_PAUSE, f"{pause:.1f} s without an acknowledged write")
    result.figures.append(f"longest pause of writes {pause:.1f} s")


def _write_on_minority(cluster: ClusterInstallation, leader: str) -> bool:
    """Whether the cut-off leader acknowledges a write. A wait for the standby that is ended is none."""
    try:
        said = cluster.write_once(leader, _MINORITY_WRITE)
    except CalledProcessError:
        return False
    return "canceling wait" not in said


def _served_serial(cluster: ClusterInstallation) -> int:
    with suppress(OSError):
        pem = ssl.get_server_certificate((cluster.front_address(), 443))
        return serial_of(pem)
    return 0


def _rolling_module() -> ModuleType:
    """deploy/rolling.py, which an operator runs as a program."""
    spec = importlib.util.spec_from_file_location("rolling", DEPLOY / "rolling.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
