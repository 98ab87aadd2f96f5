"""A real fax exchange on this machine: HylaFAX, two software modems that call each other over loopback, real T.30.

    hfaxd, faxq → iaxmodem «sending» → IAX2 over UDP → iaxmodem «receiving» → faxgetty → a TIFF in recvq

It has a spool folder of its own, and leaves nothing behind. The two modems' devices in the machine's device folder have
fixed names, so there is never more than one exchange: a lock sees to that.
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.debian import daemon
from tests.ports import free_port
from tests.waiting import wait_until

PROGRAMS = ("hfaxd", "faxq", "faxgetty", "iaxmodem")
SENDING, RECEIVING = "ttyIAXrenraku0", "ttyIAXrenraku1"
_PARTS = ("archive", "client", "dev", "docq", "doneq", "etc", "info", "log", "pollq", "recvq", "sendq", "status", "tmp")
_OWNER = "uucp"
_MODEM = """device {device}
owner uucp:uucp
mode 660
port {port}
refresh 0
server 127.0.0.1:{peer}
peername iaxmodem
secret password
cidname renrakucho
cidnumber 0312345678
codec slinear
"""
_GETTY = """CountryCode: 81
AreaCode: 3
FAXNumber: +81.3.1234.567{number}
LongDistancePrefix: 0
InternationalPrefix: 010
RecvFileMode: 0644
LogFileMode: 0644
DeviceMode: 0600
RingsBeforeAnswer: 1
LocalIdentifier: renrakucho{number}
ModemType: Class1
Class1AdaptRecvCmd: AT+FAR=1
Class1TMConnectDelay: 400
PagerTTYParity: none
PollModemWait: 2
PollLockWait: 2
"""
_QUEUE = """CountryCode: 81
AreaCode: 3
LongDistancePrefix: 0
InternationalPrefix: 010
LogFileMode: 0644
"""


def missing() -> str:
    """Why the exchange cannot run here; empty when it can."""
    if os.geteuid() != 0:
        return "rootではありません"
    lacking = [name for name in PROGRAMS if not daemon(name)]
    return f"{'、'.join(lacking)}がありません (hylafax-server, iaxmodem)" if lacking else ""


@dataclass
class Exchange:
    """port: hfaxd's. The programs run by name, so that one can be taken down and brought back."""

    spool: Path
    port: int
    ports: dict[str, int]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def server(self) -> str:
        """As connections.toml names it."""
        return f"hylafax://127.0.0.1:{self.port}?modem={SENDING}"

    def start(self, name: str, *command: str) -> None:
        path = daemon(command[0])
        assert path
        with (self.spool / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(
                [path, *command[1:]], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )

    def bring_up(self, modem: str) -> None:
        """A modem, and whoever listens for its calls."""
        away = os.path.relpath(self.spool / modem, "/etc/iaxmodem")  # where alone it looks for its file
        self.start(f"iax-{modem}", "iaxmodem", away)
        wait_until(lambda: Path("/dev", modem).exists(), 10, f"{modem}: no device")
        self.start(f"getty-{modem}", "faxgetty", "-q", str(self.spool), modem)

    def take_down(self, modem: str) -> None:
        """Both die at once, as when its power fails."""
        for name in (f"iax-{modem}", f"getty-{modem}"):
            self.stop(name, signal.SIGKILL)
        Path("/dev", modem).unlink(missing_ok=True)

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        child = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, how)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()

    def status(self, modem: str) -> str:
        try:
            return (self.spool / "status" / modem).read_text()
        except FileNotFoundError:
            return ""

    def idle(self) -> bool:
        return all("idle" in self.status(modem) for modem in (SENDING, RECEIVING))

    def received(self) -> list[Path]:
        """What came in, oldest first."""
        return sorted((self.spool / "recvq").glob("fax*.tif"))

    def told(self) -> str:
        """Everything that was logged, for whoever has to find out why it failed."""
        logs = sorted([*self.spool.glob("*.out"), *self.spool.glob("log/c*")])
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in logs)


@contextmanager
def exchange() -> Iterator[Exchange]:
    """Up and idle; all of it gone afterwards, whatever happened."""
    spool = Path(tempfile.mkdtemp(prefix="renrakucho-fax-"))
    with Path(tempfile.gettempdir(), "renrakucho-fax.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = _laid_out(spool)
        try:
            _bring_up(made)
            yield made
        finally:
            for name in reversed(list(made.running)):
                made.stop(name)
            for modem in (SENDING, RECEIVING):
                Path("/dev", modem).unlink(missing_ok=True)
            shutil.rmtree(spool, ignore_errors=True)


def _laid_out(spool: Path) -> Exchange:
    ports = {modem: free_port(socket.SOCK_DGRAM) for modem in (SENDING, RECEIVING)}
    spool.chmod(0o755)
    for part in _PARTS:
        (spool / part).mkdir()
    shutil.copytree("/var/spool/hylafax/bin", spool / "bin", symlinks=True)
    shutil.copytree("/etc/hylafax", spool / "etc", dirs_exist_ok=True, symlinks=True)
    (spool / "etc/config").write_text(_QUEUE)
    (spool / "etc/hosts.hfaxd").write_text("localhost\n127.0.0.1\n")
    for number, (modem, peer) in enumerate(((SENDING, RECEIVING), (RECEIVING, SENDING))):
        said = _MODEM.format(device=f"/dev/{modem}", port=ports[modem], peer=ports[peer])
        (spool / modem).write_text(said)
        (spool / f"etc/config.{modem}").write_text(_GETTY.format(number=number))
    (spool / "bin/faxrcvd").write_text("#!/bin/sh\nexit 0\n")
    (spool / "bin/notify").write_text("#!/bin/sh\nexit 0\n")
    for path in (spool, *spool.rglob("*")):
        shutil.chown(path, _OWNER, _OWNER)
    (spool / "etc/hosts.hfaxd").chmod(0o600)
    return Exchange(spool, free_port(), ports)


def _bring_up(made: Exchange) -> None:
    made.start("faxq", "faxq", "-D", "-q", str(made.spool))
    made.start("hfaxd", "hfaxd", "-d", "-q", str(made.spool), "-l", "127.0.0.1", "-i", str(made.port))
    for modem in (SENDING, RECEIVING):
        made.bring_up(modem)
    wait_until(made.idle, 60, made.told)
