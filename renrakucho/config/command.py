"""The command line `renrakucho`: Django's commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line

from renrakucho.config.run import start


def main() -> None:
    """Run one command, as `renrakucho COMMAND …`. `run` starts everything, before Django is set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renrakucho.config.settings")
    if sys.argv[1:] == ["run"]:
        sys.exit(start.run_everything())
    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:  # the reader has seen enough: `renrakucho provider try … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
