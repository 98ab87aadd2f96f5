"""Impostors: whoever knows a name, an address and a mail address, and does not read that mailbox. Prints what left: 0.

usage: .venv/bin/python -m benchmarks.impostor [--tries 1000]        (a database of its own; some minutes)
Each try registers a book for a stranger, guesses codes on both pages that take one, sends without a code, presses
«登録する» again from another browser, and looks at every page for the access key, while the worker runs. Ends with 1
where anything was entered, left, was proved or showed a key.
"""

import argparse
import logging
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
_FOLDER = tempfile.TemporaryDirectory()
os.environ |= {
    "DATABASE_URL": f"sqlite:///{Path(_FOLDER.name) / 'impostor.sqlite3'}",
    "RENRAKUCHO_VAR": _FOLDER.name,
    "RENRAKUCHO_SANDBOX": "1",  # the trial's connections: a desk, systems and a fax that notices could leave for
}

import django

django.setup()

from django.conf import settings
from django.core.management import call_command

from tests.book.impostor import play_impostors


def main() -> None:
    """Play them, and print the figures."""
    parser = argparse.ArgumentParser(description="play impostors, and count what leaves")
    parser.add_argument("--tries", type=int, default=1_000)
    tries = parser.parse_args().tries
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("directory", "load", verbosity=0)
    figures = play_impostors(tries)
    for name, count in asdict(figures).items():
        print(f"{name:10}{count:8}")
    _FOLDER.cleanup()
    sys.exit(0 if figures.stopped_all and figures.tries == tries else 1)


if __name__ == "__main__":
    main()
