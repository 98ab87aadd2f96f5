"""Deploy test: the files of deploy/ on nine hosts in namespaces of this machine, broken under load. Prints a table.

usage: sudo .venv/bin/python -m benchmarks.cluster [--steps rolling,leader] [--from REVISION]   (or: make deploy-test)
Two web hosts, two workers, three database hosts (etcd, Patroni, PostgreSQL 15), HAProxy in front, and a backup host.
Movers register and send all the while. In the end every notice that its mover was told of has to be in the database,
once. Needs root, Linux and Debian's packages, and says which are missing. Nothing is left on the machine: network,
mounts and processes end with it. Exit status: 0 all held, 1 something did not, 2 it cannot run here.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from aiosmtpd.controller import Controller

from benchmarks.cluster_hosts import OUTSIDE, missing_programs, run_here, wait_for
from benchmarks.cluster_installation import ClusterInstallation
from benchmarks.cluster_load import LoadFigures, mail_handler, moving
from benchmarks.cluster_steps import STEPS, ClusterTrial, StepResult

_INSIDE = "RENRAKUCHO_CLUSTER_INSIDE"
_ROOT = Path(__file__).parents[1]
_NEEDS = {
    "ip": "iproute2",
    "unshare": "util-linux",
    "mkfs.ext4": "e2fsprogs",
    "faketime": "faketime",
    "nginx": "nginx-light",
    "haproxy": "haproxy",
    "patroni": "patroni python3-idna",  # which its way to etcd by TLS needs and its package does not name
    "etcd": "etcd-server",
    "pgbackrest": "pgbackrest",
    "pgbouncer": "pgbouncer",
    "initdb": "postgresql-15",
}
_CALM = 5  # seconds between two steps
_COUNTS = """
SELECT count(*), count(DISTINCT book_id), count(*) FILTER (WHERE status IN ('sent', 'accepted')) FROM notice_notice
"""
_DOUBLED = "SELECT count(*) FROM (SELECT FROM notice_notice GROUP BY book_id, offer HAVING count(*) > 1) AS twice"
_IDS = "SELECT id FROM notice_notice WHERE status <> 'not_entered'"


def main() -> int:
    """Look whether it can run, and run it in namespaces of its own."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--steps", default=",".join(STEPS), help="some of them, separated by commas")
    options.add_argument("--from", dest="revision", default="HEAD~1", help="the version that is rolled from")
    options.add_argument("--movers", type=int, default=3, help="at a time")
    options.add_argument("--logs", type=Path, help="a folder to which the hosts' logs are copied")
    given = options.parse_args()
    missing = missing_programs(_NEEDS)
    if os.geteuid() != 0 or missing:
        if os.geteuid() != 0:
            print("This needs root: it makes network namespaces and mounts.")
        if missing:
            print(f"Missing here: {', '.join(missing)}. On Debian: apt install {' '.join(sorted(missing.values()))}")
            print("Debian starts the daemons that it installs; this test needs none of them, and starts its own.")
        return 2
    inside = os.environ.get(_INSIDE)
    if inside:
        return _run_steps(Path(inside), given.steps.split(","), given.revision, given.movers)
    # Outside, so that the folder can be removed: its mounts end with the namespaces.
    with tempfile.TemporaryDirectory(prefix="renrakucho-cluster-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        command = [*namespaces, sys.executable, "-m", "benchmarks.cluster", *sys.argv[1:]]
        try:
            return subprocess.run(command, cwd=_ROOT, env={**os.environ, _INSIDE: place}).returncode
        finally:
            if given.logs:
                given.logs.mkdir(parents=True, exist_ok=True)
                for log in folder.glob("*/*.log"):
                    shutil.copy(log, given.logs / f"{log.parent.name}-{log.name}")


def _run_steps(folder: Path, steps: list[str], revision: str, movers: int) -> int:
    dirty = run_here("git", "-C", _ROOT, "stash", "create").strip()  # a commit of what is not committed yet, or nothing
    old, new = (_checkout(folder / name, which) for name, which in (("old", revision), ("new", dirty or "HEAD")))
    began = time.monotonic()
    cluster = ClusterInstallation(folder, old, new)
    mails = Controller(mail_handler(folder / "letters"), hostname=OUTSIDE, port=25)
    mails.start()
    try:
        cluster.start()
    except Exception:
        traceback.print_exc()
        return 1
    print(f"{'nine hosts':14}started in {time.monotonic() - began:.0f} s", flush=True)
    broken = False
    with moving(cluster, folder / "letters", movers) as load:
        trial = ClusterTrial(cluster, load, folder)
        wait_for(lambda: load.writes, 60, "no mover gets through")
        for name in steps:
            time.sleep(_CALM)
            broken |= not _run_step(name, trial)
        time.sleep(_CALM)
    is_whole = _is_whole(cluster, load)
    cluster.stop()
    return int(broken or not is_whole)


def _checkout(place: Path, revision: str) -> Path:
    """The files of a version, with this checkout's packages."""
    place.mkdir()
    run_here("git", "-C", _ROOT, "archive", f"--output={place}.tar", revision)
    run_here("tar", "-x", "-C", place, "-f", f"{place}.tar")
    (place / ".venv").symlink_to(_ROOT / ".venv")
    return place


def _run_step(name: str, trial: ClusterTrial) -> bool:
    result, began = StepResult(), time.monotonic()
    try:
        STEPS[name](trial, result)
    except Exception as error:
        said = getattr(error, "output", "") or ""
        result.faults.append(f"{type(error).__name__}: {error} {said}"[-600:])
    print(f"{name:14}{'; '.join(result.figures)} [{time.monotonic() - began:.0f} s]", flush=True)
    for fault in result.faults:
        print(f"{'':14}BROKEN: {fault}", flush=True)
    return not result.faults


def _is_whole(cluster: ClusterInstallation, load: LoadFigures) -> bool:
    """Count what was acknowledged, and what is there."""
    undelivered = "SELECT count(*) FROM notice_notice WHERE due_at IS NOT NULL"
    wait_for(lambda: cluster.database("renrakucho", undelivered) == [["0"]], 60, "notices do not arrive")
    known = {str(each) for each in load.acknowledged()}
    stored = {row[0] for row in cluster.database("renrakucho", _IDS)}
    notices, books, arrived = (int(each) for each in cluster.database("renrakucho", _COUNTS)[0])
    doubled = int(cluster.database("renrakucho", _DOUBLED)[0][0])
    lost = known - stored
    print(f"{'movers':14}{len(load.registered)} registered; {load.requests} requests, {len(load.failures)} repeated")
    print(f"{'acknowledged':14}{len(known)} notices, lost {len(lost)}, doubled {doubled}; {arrived} arrived")
    for error in load.errors[:10]:
        print(f"{'':14}error: {error}")
    print(f"{'':14}{books} books, {notices} notices")
    return not (lost or doubled or load.errors) and bool(known) and arrived >= len(known)


if __name__ == "__main__":
    sys.exit(main())
