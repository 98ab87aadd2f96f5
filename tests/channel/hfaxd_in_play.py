"""A stand-in for hfaxd that speaks its protocol: the replies were recorded from HylaFAX 6.0.7 on 2026-11-25."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

STATES = {"DONE": "D", "FAILED": "F", "ACTIVE": "R", "SUSPENDED": "T", "READY": "W"}


@dataclass
class Job:
    """As JPARM tells it."""

    parameters: dict[str, str] = field(default_factory=dict)
    state: str = "SUSPENDED"
    status: str = ""
    log: list[str] = field(default_factory=list)


@dataclass
class Exchange:
    """becomes: state and status of each job once it is submitted, one after the other. breaks: the command at which the
    line goes dead; answers: a reply that stands in for the usual one, by command.
    """

    port: int = 0
    jobs: dict[str, Job] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    becomes: list[tuple[str, str]] = field(default_factory=list)
    breaks: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    password: str = ""

    @property
    def server(self) -> str:
        return f"hylafax://127.0.0.1:{self.port}"


class _Talk(socketserver.StreamRequestHandler):
    exchange: Exchange
    data: socket.socket | None = None

    def handle(self) -> None:
        self.job = Job()
        self.say("220 localhost server (HylaFAX (tm) Version 6.0.7) ready.")
        for line in self.rfile:
            said = line.decode().strip()
            self.exchange.heard.append(said)
            if self.exchange.breaks and said.startswith(self.exchange.breaks):
                self.answer(said) if said == "JSUBM" else None
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.say(self.exchange.answers.get(said.split(" ")[0]) or self.answer(said))

    def say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())

    def answer(self, said: str) -> str:
        command, _, rest = said.partition(" ")
        return str(getattr(self, f"do_{command.lower()}")(rest))

    def do_user(self, name: str) -> str:
        return "331 Password required." if self.exchange.password else f"230 User {name} logged in."

    def do_pass(self, password: str) -> str:
        return "230 User logged in." if password == self.exchange.password else "530 Login incorrect."

    def do_type(self, kind: str) -> str:
        return f"200 Type set to {'Image' if kind == 'I' else 'ASCII'}."

    def finish(self) -> None:
        if self.data:
            self.data.close()
        super().finish()

    def do_pasv(self, _nothing: str) -> str:
        if self.data:
            self.data.close()
        self.data = socket.create_server(("127.0.0.1", 0))
        high, low = divmod(self.data.getsockname()[1], 256)
        return f"227 Entering passive mode (127,0,0,1,{high},{low})"

    def do_stot(self, _nothing: str) -> str:
        name = f"/docq/doc{len(self.exchange.documents) + 1}.ps"
        self.say(f"150 FILE: {name} (Opening new data connection).")
        way = self.called()
        with way, way.makefile("rb") as coming:
            self.exchange.documents[name] = coming.read()
        return f"226 Transfer complete (FILE: {name})."

    def do_jnew(self, _nothing: str) -> str:
        self.job = Job()
        number = str(len(self.exchange.jobs) + 1)
        self.exchange.jobs[number] = self.job
        return f"200 New job created: jobid: {number} groupid: {number}."

    def do_jparm(self, said: str) -> str:
        name, _, text = said.partition(" ")
        if name == "DOCUMENT":
            self.job.parameters[name] = text
            return f"200 Added document {text} as docq{text}."
        if text:
            self.job.parameters[name] = text.strip('"')
            return f'213 {name} set to "{text}".'
        dials = str(int(self.job.state in ("DONE", "FAILED")))
        told = {"STATE": self.job.state, "STATUS": self.job.status, "STATUSCODE": "000", "TOTDIALS": dials}
        told |= {"NPAGES": str(int(self.job.state == "DONE")), "TOTPAGES": "1", "COMMID": f"00000000{dials}"}
        return f"213 {told[name]}"

    def do_jsubm(self, _nothing: str) -> str:
        self.job.state, self.job.status = self.exchange.becomes.pop(0)
        return "200 Job 1 submitted."

    def do_job(self, number: str) -> str:
        if number not in self.exchange.jobs:
            return f"500 Cannot set job {number}; job does not exist (No such file or directory)."
        self.job = self.exchange.jobs[number]
        return f"200 Current job: jobid: {number} groupid: {number}."

    def do_jobfmt(self, _format: str) -> str:
        return "200 JOBFMT command successful."

    def do_list(self, queue: str) -> str:
        done = queue == "doneq"
        lines = [
            f"{number} {STATES[job.state]} {job.parameters.get('JOBINFO', '')}"
            for number, job in self.exchange.jobs.items()
            if (job.state in ("DONE", "FAILED")) == done
        ]
        return self.sent(f'150 Opening new data connection for "{queue}".', lines)

    def do_retr(self, _path: str) -> str:
        if not self.job.log:
            return "550 log: Operation not permitted."
        return self.sent("150 Opening new data connection.", self.job.log)

    def called(self) -> socket.socket:
        assert self.data
        with self.data:
            way, _peer = self.data.accept()
        return way

    def sent(self, opening: str, lines: list[str]) -> str:
        self.say(opening)
        with self.called() as way:
            way.sendall("".join(f"{line}\r\n" for line in lines).encode())
        return "226 Transfer complete."


@contextmanager
def playing(**given: object) -> Iterator[Exchange]:
    """An exchange on a free port."""
    made = Exchange(**given)  # type: ignore[arg-type]
    talk = type("Talk", (_Talk,), {"exchange": made})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk) as server:
        server.daemon_threads = True
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
