"""`python -m sandbox`: the provider sites and the letter box, until it is told to stop."""

import multiprocessing
import os

from granian import Granian
from granian.constants import Interfaces

from sandbox.environment import HOST, sandbox_port, smtp_port, state_folder
from sandbox.mail_receiver import mail_receiver


def main() -> None:
    os.umask(0o077)  # trial mails are as private as real ones
    # The mail receiver is a thread of this process; a forked worker could inherit a lock that it held.
    multiprocessing.set_start_method("spawn")
    receiver = mail_receiver(state_folder() / "mail", smtp_port())
    receiver.start()
    print(f"お試し環境 http://{HOST}:{sandbox_port()}/  メール受信 {HOST}:{smtp_port()}", flush=True)
    try:
        Granian(
            "sandbox.application:application",
            address=HOST,
            port=sandbox_port(),
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=4,
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
    finally:
        receiver.stop()


if __name__ == "__main__":
    main()
