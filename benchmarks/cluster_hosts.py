"""Hosts of the cluster: namespaces of network, mounts, names and processes on one machine, and a network to cut.

A host has folders of its own over /etc, /var and /srv, so that the files of deploy/ lie where they say and run as they
are. Killing its first process ends everything on it at once, like a power cut; its files are there at the next start.
"""

import os
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

NETWORK = "10.77.0"
OUTSIDE = f"{NETWORK}.1"  # movers, and the mail server
BRIDGE, CUT_BRIDGE = "portal0", "portal1"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The first process of a host: it waits for the others' ends. The marker says that the folders are there.
_BOOT = """
set -e
for name in etc var srv; do
    mkdir -p "$2/$name" "$2/.$name"
    mount -t overlay overlay -o "lowerdir=/$name,upperdir=$2/$name,workdir=$2/.$name" "/$name"
done
mount -t tmpfs tmpfs /run
mount -t proc proc /proc
hostname "$1"
ip link set lo up
touch "$2/booted"
trap : CHLD
while :; do sleep 3600 & wait; done
"""


def wait_for(found: Callable[[], object], seconds: float, what: str) -> float:
    """Ask until the answer is true; returns the seconds it took. Raises TimeoutError."""
    began = time.monotonic()
    while not found():
        if time.monotonic() > began + seconds:
            raise TimeoutError(what)
        time.sleep(0.1)
    return time.monotonic() - began


def run_here(*command: str | Path) -> str:
    """Run a command beside the hosts. Raises CalledProcessError, with what it said."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    return done.stdout


@dataclass
class HostService:
    """A program on a host that is started again where it ends, as systemd would. environment: all that it gets."""

    name: str
    command: Sequence[str]
    user: str = "root"
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "/"
    process: subprocess.Popen[bytes] | None = None
    is_wanted: bool = False


class ClusterHost:
    """One host. clock: faketime's offset, for services that are started from now on."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name, self.address, self.folder = name, f"{NETWORK}.{number}", folder / name
        self.services: dict[str, HostService] = {}
        self.clock = ""
        self.at_boot: list[Callable[[], object]] = []  # what lies in /run, which is empty after each boot
        self._first = 0
        self._unshare: subprocess.Popen[bytes] | None = None
        self._binds: list[tuple[Path, str]] = []
        self._lock = threading.RLock()
        self.folder.mkdir()

    def boot(self) -> None:
        """Make its namespaces, join the network, and start the services that it has."""
        marker = self.folder / "booted"
        marker.unlink(missing_ok=True)
        namespaces = ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child"]
        command = [*namespaces, "bash", "-c", _BOOT, "boot", self.name, str(self.folder)]
        with (self.folder / "boot.log").open("ab") as log:
            self._unshare = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        wait_for(marker.exists, 20, f"{self.name} does not boot")
        children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children")
        self._first = int(children.read_text().split()[0])
        run_here("ip", "link", "add", f"to-{self.name}", "type", "veth", "peer", "eth0", "netns", str(self._first))
        run_here("ip", "link", "set", f"to-{self.name}", "master", BRIDGE, "up")
        self.run("ip", "address", "add", f"{self.address}/24", "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")
        for source, place in self._binds:
            self._bind(source, place)
        for make in self.at_boot:
            make()
        for service in self.services.values():
            self.start(service.name)

    def kill(self) -> None:
        """A power cut: its link is gone, and all its processes."""
        with self._lock, suppress(subprocess.CalledProcessError):
            run_here("ip", "link", "delete", f"to-{self.name}")
        with self._lock, suppress(ProcessLookupError):
            os.kill(self._first, signal.SIGKILL)
        if self._unshare:
            self._unshare.wait()

    def move_to(self, bridge: str) -> None:
        """Plug its cable into this bridge."""
        run_here("ip", "link", "set", f"to-{self.name}", "master", bridge)

    def bind(self, source: Path, place: str) -> None:
        """Show a folder of the machine at this place, after each boot too."""
        self._binds.append((source, place))
        self._bind(source, place)

    def open_to_others(self, folder: Path) -> None:
        """Let users of the host reach a folder of the machine that lies in one which is closed to them."""
        closed = next((each for each in reversed(folder.parents) if not each.stat().st_mode & 0o001), None)
        if closed:
            self._bind(folder, "/run/opened")
            self.run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(closed))
            self.run("mkdir", "-p", str(folder))
            self.run("mount", "--move", "/run/opened", str(folder))

    def bind_instead(self, source: Path, place: str) -> None:
        """Show another folder there."""
        self.run("umount", "--lazy", place)
        self._binds = [each for each in self._binds if each[1] != place]
        self.bind(source, place)

    def _bind(self, source: Path, place: str) -> None:
        self.run("mkdir", "-p", place)
        self.run("mount", "--bind", str(source), place)

    def path(self, place: str) -> Path:
        """A file or socket of the host, as seen from here."""
        return Path(f"/proc/{self._first}/root{place}")

    def write(self, place: str, text: str, mode: int = 0o644, owner: str = "root", group: str = "root") -> None:
        """Write a file on the host, and the folders above it."""
        path = self.path(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self.run("chmod", f"{mode:o}", place)
        self.run("chown", f"{owner}:{group}", place)

    def command(self, words: Sequence[str], user: str, environment: Mapping[str, str], folder: str = "/") -> list[str]:
        """The command line that runs these words on the host."""
        enter = ["nsenter", f"--target={self._first}", "--net", "--mount", "--uts", "--pid", "--wd=/", "--"]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user != "root" else []
        variables = [f"{name}={text}" for name, text in {"PATH": _PATH, "LANG": "C.UTF-8", **environment}.items()]
        clock = ["faketime", "-f", self.clock] if self.clock else []
        within = ["sh", "-c", f"cd {shlex.quote(folder)} && exec {shlex.join([*clock, *words])}"]
        return [*enter, *become, "env", "-i", *variables, *within]

    def run(self, *words: str, user: str = "root", environment: Mapping[str, str] | None = None) -> str:
        """Run a command on the host. Raises CalledProcessError, with what it said."""
        return run_here(*self.command(words, user, environment or {}))

    def add(self, service: HostService) -> None:
        """Give it a service, and start it."""
        self.services[service.name] = service
        self.start(service.name)

    def start(self, name: str) -> None:
        """Start a service, and keep it running."""
        service = self.services[name]
        with self._lock:
            service.is_wanted = True
            self._start(service)
        threading.Thread(target=self._watch, args=(service, service.process), daemon=True).start()

    def stop(self, name: str, number: int = signal.SIGTERM) -> None:
        """Stop a service by this signal, and wait for its end."""
        service = self.services[name]
        with self._lock:
            service.is_wanted = False
        self.signal(name, number)
        if service.process:
            try:
                service.process.wait(30)
            except subprocess.TimeoutExpired:
                self.signal(name, signal.SIGKILL)
                service.process.wait(10)

    def signal(self, name: str, number: int) -> None:
        """Send a service a signal."""
        process = self.services[name].process
        with suppress(ProcessLookupError, IndexError, FileNotFoundError):
            if process:  # nsenter, whose child is the program
                os.kill(int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]), number)

    def _start(self, service: HostService) -> None:
        environment = {"DONT_FAKE_MONOTONIC": "1", **service.environment}
        with (self.folder / f"{service.name}.log").open("ab") as log:
            service.process = subprocess.Popen(
                self.command(service.command, service.user, environment, service.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _watch(self, service: HostService, process: subprocess.Popen[bytes] | None) -> None:
        while process:
            process.wait()
            time.sleep(1)  # RestartSec
            with self._lock:
                gone = not Path(f"/proc/{self._first}").exists()
                if gone or not service.is_wanted or service.process is not process:
                    return
                self._start(service)
                process = service.process


def make_network() -> None:
    """The bridge that all hosts hang on, the outside's address, and a second bridge for the day of the cut."""
    run_here("ip", "link", "set", "lo", "up")
    for bridge in (BRIDGE, CUT_BRIDGE):
        run_here("ip", "link", "add", bridge, "type", "bridge")
        run_here("ip", "link", "set", bridge, "up")
    run_here("ip", "address", "add", f"{OUTSIDE}/24", "dev", BRIDGE)


def make_disk(folder: Path, megabytes: int) -> Path:
    """A small disk, which outlives its host. Make it before the host boots, which sees no later mounts."""
    folder.mkdir(parents=True)
    image = folder.with_suffix(".image")
    run_here("truncate", f"--size={megabytes}M", image)
    run_here("mkfs.ext4", "-q", "-m", "0", image)
    run_here("mount", "-o", "loop", image, folder)
    return folder


def missing_programs(needs: Mapping[str, str]) -> dict[str, str]:
    """Which of these programs are not here, each with its Debian package."""
    places = f"{_PATH}:/usr/lib/postgresql/15/bin"
    return {program: package for program, package in needs.items() if not shutil.which(program, path=places)}
